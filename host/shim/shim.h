// The shim: Linux system calls as functions with one meaning each. It holds no policy: what to do,
// which process and when is the core's to say. Every int returned is 0 or above, or a negated
// errno.
#ifndef WASM_INIT_SHIM_H
#define WASM_INIT_SHIM_H

#include <stddef.h>
#include <stdint.h>

// A buffer of which little is touched, or nothing as a rule: kept apart from what every run
// touches, so that the idle init has few pages. The linker script of the static binary places it
// last.
#define COLD __attribute__((section(".linear.cold")))
// The one of which every run touches the beginning.
#define COLD_FIRST __attribute__((section(".linear.cold.first")))

// Signals 1-64 as the kernel keeps them: bit n-1 is signal n.
typedef uint64_t signal_set;
#define ALL_SIGNALS (~(signal_set)0)
// Those below SIGRTMIN, which is 32 to the kernel (signal(7)).
#define STANDARD_SIGNALS ((signal_set)0x7fffffff)

// siginfo_t(3type) as the kernel lays it out: the fields that we read, and its full size.
struct signal_info {
  int number;
  int error;
  int code;
  struct {
    int pid;
    unsigned uid;
    union {
      int status;
      long value;
    };
  } __attribute__((aligned(sizeof(long)))) from;
  char rest[112 - 2 * sizeof(long)];
};
_Static_assert(sizeof(struct signal_info) == 128, "the kernel fills in all 128 bytes");

// Signal mask and SIGCHLD disposition that the process was started with.
struct inherited {
  signal_set mask;
  // The kernel's struct sigaction; its first word is the handler.
  unsigned long child[8];
};

// One event; the fields are those of EventKind in abi.h.
struct event {
  int kind;
  int signal, code, pid, uid;
  int low, high;
  // What goes into the argument buffer: `length` bytes, cut at its capacity.
  const char *bytes;
  size_t length;
};

struct action {
  int kind;
  int a, b, c, d, e;
};

// signals.c
// Blocks all signals and saves the mask: the very first thing that an init does.
int signals_block(struct inherited *inherited);
// Puts SIGCHLD to its default, so that children become zombies that can be waited for.
int signals_default_child(struct inherited *inherited);
// In a child about to exec: dispositions and mask as they were found.
int signals_restore(const struct inherited *inherited);
// In a child about to exec: all dispositions default, empty mask.
int signals_reset(void);
// Sends a stop signal to a process, 0 for our whole process group, with its default action for
// ourselves: returns when we go on.
void signals_stop(int pid, int signal);
// Waits for one of the signals; timeout_ms < 0 waits for ever. Returns the signal or -EAGAIN.
int signals_wait(signal_set set, struct signal_info *info, double timeout_ms);
// kill(2).
int signals_send(int pid, int signal);
// rt_sigqueueinfo(2) with si_code SI_QUEUE.
int signals_queue(int pid, int signal, uint32_t low, uint32_t high);
// The same to a whole process group, on kernels since 6.9 (PIDFD_SIGNAL_PROCESS_GROUP).
int signals_queue_group(int group, int signal, uint32_t low, uint32_t high);

// children.c
// The next child that ended or stopped, without reaping it: 1 and info, 0 for none, or -ECHILD.
int children_peek(struct signal_info *info);
// The same of one child.
int children_look(int pid, struct signal_info *info);
// Reaps one child if it has ended: 1 and info, 0 if it has not, or -ECHILD.
int children_reap(int pid, struct signal_info *info);
// Takes note of a stop, or reaps a zombie.
int children_take(int pid);
// Whether a process group has a child of ours in it, which then keeps the group's id from becoming
// another's until we reap it: 0, or -ECHILD.
int children_in_group(int group);
// Lets a ptrace-stopped child go with a signal, 0 for none.
int children_detach(int pid, int signal);
// prctl(2): PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG.
int children_adopt(int on);
int children_parent_death(int signal);
// PR_GET_CHILD_SUBREAPER: 1 or 0.
int children_adopts(void);

// spawn.c
struct spawn {
  const char **argv;
  const char **envp;
  const struct inherited *inherited;
  // SpawnHow bits of the ABI.
  int how;
  int parent_death;
  int terminal;
};
struct spawn_failure {
  int error;
  // SpawnFailure of the ABI.
  int reason;
  // 0, or the negated errno for which the command runs without the terminal.
  int terminal;
  // The loader or interpreter that is missing or can't be executed, empty if none.
  char missing[256];
  // The machine that the file is for, and ours, where they differ (ARCHITECTURE in architecture.h);
  // else 0.
  int machine;
  int own_machine;
};
// Runs the command in a new process: its pid, or 0 and why it could not.
int spawn(const struct spawn *spawn, struct spawn_failure *failure);
// The value of a variable in an environment, or NULL.
const char *environment_value(const char *const *envp, const char *name, size_t length);

// exec.c
// In the child: executes the command, along PATH where its name has no slash. Returns the errno,
// and in `failure` which file is at fault.
int exec_command(const struct spawn *spawn, struct spawn_failure *failure);

// exec_failure.c
// Finds out which file execve(2) of a path failed for, and puts it into `failure`: the interpreter
// or loader that the file names, and for ENOEXEC and ELIBBAD the machine that is needed. Returns
// whether a shell may run the file: ENOEXEC, and neither an ELF file nor one with an interpreter.
int exec_failure_explain(const char *path, int error, struct spawn_failure *failure);

// terminal.c
// The controlling terminal's descriptor, -1 for none; a new one is close-on-exec.
int terminal_find(void);
// Process group in the foreground, or a negated errno.
int terminal_foreground(int terminal);
// The session that the controlling terminal is of, which is ours, or a negated errno.
int terminal_session(int terminal);
int terminal_give(int terminal, int group);
int terminal_release(int terminal);
int terminal_take(int terminal);

// job_control.c
// BootFlag bits of the ABI; the terminal's descriptor if it can be controlled, otherwise unchanged.
int job_control_find(int *terminal, int self);
// Releases the terminal, unless a living group other than ours has its foreground: -EBUSY. The
// kernel sends us SIGHUP and SIGCONT.
int job_control_release(int terminal);
// Gives the foreground from our group to another: -EALREADY if that has it, -EBUSY if a third one
// has it.
int job_control_give(int terminal, int group);
// Takes the foreground back from `group`, and from groups that are gone or descend from `self`;
// -EBUSY if another one has it. Returns our group.
int job_control_take(int terminal, int group, int self);
// Stops a process, 0 for our whole process group, by a stop signal; returns when we go on, with the
// SIGCONT that ended the stop or came before it. -EPERM if nothing was stopped.
int job_control_stop(int pid, int signal, struct signal_info *info);

// output.c
// Writes without ever blocking; what does not fit is lost.
void output(int descriptor, const char *bytes, size_t length);

// descriptors.c
// Closes every descriptor above 2 but these two (-1 for none).
int descriptors_close(int keep, int keep_too);
int directory_leave(void);

// record.c
// Opens a regular file that is empty, new or begins with `magic` (8 bytes), and gives it a size.
int record_open(const char *path, const char *magic, uint32_t size);
// Writes all of the bytes at an offset: 0, or a negated errno.
int record_write(int file, void *bytes, size_t length, uint32_t at);
void record_close(int file);

// trace_writer.c
enum { TRACE_BUFFER_SIZE = 65536 + 2 * 4096 };
struct trace {
  // The trace file, -1 while none is open.
  int file;
  // What the host fills in: room for TRACE_BUFFER_SIZE bytes, and what copies bytes out of the
  // core's memory; before trace_open also the sha256 of the core's Wasm, and where its state lies.
  uint8_t *buffer;
  void (*copy)(uint32_t address, uint32_t length, char *to);
  const uint8_t *core_sha256;
  uint32_t state_address, state_length;
  // Milliseconds since boot: the time of what is written next.
  double now;
  // Until the file is open, the buffer holds the header with the boot input, and behind it the
  // file's path; afterwards the entry being made. `used` bytes of at most `most`.
  uint32_t used, most;
  uint32_t sequence;
  // Tells the entries of this run from those of an older one in the same file.
  uint32_t salt;
  int boot_cut;
  // The first half begins behind the header. Where the next entry goes, and where its half ends.
  uint32_t first_half, half_size, at, half_end;
};
// A trace without a file and without boot input. It touches no byte of the buffer.
void trace_init(struct trace *trace);
// Keeps boot input until the file is open: an event, or (of kind 0) an argument of the command.
void trace_keep(struct trace *trace, const struct event *event);
// Opens the file, of `limit` bytes, and writes the header, the boot input and the core's state: 0,
// or a negated errno. In its path %p stands for `pid`, and %t for the seconds since 1970.
int trace_open(struct trace *trace, const char *path, int pid, uint32_t limit);
// Write an event that the core has taken: begin, each of its `count` actions, end. The end returns
// 0, or a negated errno, with which the file is closed.
void trace_begin(struct trace *trace, const struct event *event, int count);
void trace_action(struct trace *trace, const struct action *action);
int trace_end(struct trace *trace);
// Writes the event on which the core has trapped, the last of the trace.
void trace_trap(struct trace *trace, const struct event *event);
void trace_close(struct trace *trace);

// processes.c
// Whether the line of parents leads from a process to `self`.
int processes_descends(int pid, int self);
struct found {
  int pid;
  int group;
  // In a detailed list: for how many milliseconds it had been there, at least, and the signals that
  // it ignores (bit n-1 is signal n), or all where that can't be known.
  int age_ms;
  uint64_t ignored;
};
// Calls back with every living descendant of `self`; if that is PID 1, with every living process of
// its namespace. The list is detailed if it is told up to when ages are to be counted, by
// clock_uptime; with 0 it is not. -ESRCH without a /proc of the own namespace.
int processes_list(int self, uint64_t uptime, void (*callback)(const struct found *found));
// Sends a signal to one of these processes: never to another one that has got its id meanwhile (but
// for kernels without pidfd_open(2)).
int processes_send(int pid, int self, int signal);

// sandbox.c
// Whether a sandbox could be entered.
int sandbox_probe(void);
// Enters it for good; `parts` are Sandbox bits of the ABI. Under a seccomp filter that would kill
// for it, fails with EPERM.
int sandbox_enter(int parts);

// clock.c
// Milliseconds on the monotonic clock, which stands still while the machine is suspended.
double clock_now(void);
// Milliseconds since the machine was started, also those while it was suspended; 0 where the clock
// can't be read.
uint64_t clock_uptime(void);
// Seconds since 1970, and the nanoseconds beyond them.
uint32_t clock_date(uint64_t *seconds);

// identity.c
int identity_pid(void);
int identity_group(void);
int identity_user(void);

#endif
