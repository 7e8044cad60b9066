/*
 * Starting, watching and ending the inits under test. Every failure ends the driver with one
 * line on stderr and status 1: a benchmark that could not be measured has no number.
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/* A candidate: the init's words, then the words of the command that it runs. */
struct candidate {
  char **argv;
};

/* An init that was started as PID 1, with pipes to its command's stdin and from its stdout. */
struct init {
  const char *name;
  pid_t pid;
  int in;
  int out;
};

/* What every candidate is started with, so that the caller's environment can't matter. */
extern char *const bench_environment[];

void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The monotonic clock in nanoseconds. */
uint64_t now_ns(void);

/*
 * Starts the candidate as PID 1 of a pid namespace of its own with its own /proc, and returns when
 * its command has said that it is ready and the init has come to rest: what it puts off until after
 * the start, such as entering a sandbox, is done by then. It dies with the driver.
 */
struct init start_pid1(const struct candidate *candidate);

/* Kills the init, and with it everything in its pid namespace, and waits for its end. */
void stop_pid1(struct init *init);

/* Reads the 8 bytes that the commands of this benchmark write for each thing they have to say. */
uint64_t hear(const struct init *init);

/* Whether the process sleeps in the kernel (state S in /proc/PID/stat). */
int sleeps(pid_t pid);

/*
 * Waits until it does; the driver's own alarm bounds this. There is always a pause first: with one
 * only where the init was found awake, what is measured next would start sometimes from an idle
 * processor and sometimes not, and the samples would fall into two heaps.
 */
void await_sleep(pid_t pid);

/* The processor time, user and system, that the process itself has used, in nanoseconds. */
uint64_t cpu_ns(pid_t pid);

#endif
