// What the parts of the native host share.
#ifndef WASM_INIT_HOST_H
#define WASM_INIT_HOST_H

#include "core.h"
#include "shim.h"

struct host {
  int pid;
  // Controlling terminal, -1 for none.
  int terminal;
  struct trace trace;
  // As the options name it.
  const char *record_path;
  const char **envp;
  struct inherited inherited;
  // Start of our clock, and milliseconds since then, as of the last wait.
  double started, now;
  // Milliseconds since boot, 0 for no deadline.
  double deadline;
  // For the fallback: the command, and which processes are signalled (Target of the ABI).
  int command;
  int target;
  // The command is being reaped: its id, and its group's, can be another's from here on.
  int ended;
  // What the command ended with, for the fallback.
  int status;
  // The child whose end is being told and that is reaped already, 0 for none.
  int reaped;
  // How often in a row waitid(2) failed although the command should live, up to WAITID_RETRIES_MAX:
  // it is asked again soon, signal or not.
  int doubtful;
  // Descendants are to be listed once the drain is over: the action's index plus one.
  int listing;
  // And told of in detail.
  int detailed;
  // Every event gets a time of its own.
  int stamp_all;
  // Real-time signals are left pending.
  int holds_real_time;
  // Kind of the event that the core handles; the event itself until it is recorded.
  int event;
  const struct event *taken;
};

extern struct host host;

enum {
  // How soon a waitid(2) that failed is tried again, and after how many of them the core is told.
  WAITID_RETRY_MS = 100,
  WAITID_RETRIES_MAX = 20,
  INIT_FAILED = 125,
  STDERR = 2,
};

// Hands an event to the core and carries out what follows, its consequences included.
void handle(const struct event *event);
// One event for each child that ended or stopped. Returns whether there may be more: a storm of
// ends must not hold up deadlines and signals.
int look_after_children(void);
// Returns whether the deadline was reached, and has become an event.
int reach_deadline(void);
// Waits for a signal, or until the deadline; not at all if there is more to do. Returns whether one
// came to the init or to its command.
int wait_for_signal(int busy);
// Puts an event behind those that wait already.
void follow(const struct event *event);
// Carries out one action.
void perform(const struct action *action, int index);
// The event of a signal that was taken.
struct event signal_event(const struct signal_info *info);
// As the actions of the same names say.
int release_terminal(void);
int give_foreground(int group);
int take_foreground(int group);
int stop_self(int target, int signal);
// Exit status of a child's end, as a shell has it.
int status_of(const struct signal_info *info);
// Ends the process.
void leave(int status) __attribute__((noreturn));
// Reads the clock into host.now.
void tick(void);

#endif
