// The fake kernel's processes, signals and clock.
#include "kernel.h"
#include "abi.h"
#include "fake/sys.h"
#include "shim.h"
#include <asm/errno.h>
#include <limits.h>
#include <linux/signal.h>
#include <string.h>

enum { STRANGER = 999, INIT_GROUP = 60, TERMINAL = 5, WAITS_AT_END_MAX = 400 };
static const double WEEK_MS = 7 * 86400e3;

struct process {
  int pid, parent, group;
  enum { NONE, LIVING, ZOMBIE } state;
  int code, status;
  // It is stopped; the init has not been told.
  int stopped, untold;
};

struct pending {
  int is, code, pid;
  long value;
};

struct kernel kernel;
static struct process processes[PROCESSES];
static struct pending pending[65];
static int next_pid, command, command_ended, command_lost, expected_status;
// A zombie that the init was shown, and must have reaped before it looks again.
static int shown;
static double now, late, stopping_since;
static int was_stopping, was_draining;
static double draining_since;
// Errno with which signals, the next waitid, the next write of a record, /proc are refused.
static int refused, wait_fails, record_fails, clock_fails, proc_fails, terminal_fails;
static int clock_failed, odd;
// The signal that is being handed on: how often it has to be sent, and was.
static int handed, handed_as, wanted, sent;
static int waits_at_end;
static uint64_t date;
static uint32_t record_size;
static unsigned named;

void kernel_start(const struct policy *policy, int init, struct input input) {
  kernel = (struct kernel){.policy = policy, .init = init, .input = input, .status = -1};
  memset(processes, 0, sizeof processes);
  memset(pending, 0, sizeof pending);
  next_pid = 2;
  command = command_ended = command_lost = shown = 0;
  expected_status = -1;
  now = 1000;
  late = stopping_since = draining_since = 0;
  was_stopping = was_draining = 0;
  refused = wait_fails = record_fails = clock_fails = proc_fails = terminal_fails = 0;
  clock_failed = odd = 0;
  handed = wanted = sent = 0;
  waits_at_end = 0;
  named = 0;
  date = 1700000000;
}

static struct process *process_of(int pid) {
  for (int i = 0; i < PROCESSES; i++) {
    if (processes[i].state != NONE && processes[i].pid == pid)
      return &processes[i];
  }
  return 0;
}

static int is_used(int pid) {
  if (pid == kernel.init || pid == INIT_GROUP || pid == STRANGER)
    return 1;
  for (int i = 0; i < PROCESSES; i++) {
    if (processes[i].state != NONE && (processes[i].pid == pid || processes[i].group == pid))
      return 1;
  }
  return 0;
}

static struct process *fork_from(int parent, int group) {
  for (int i = 0; i < PROCESSES; i++) {
    struct process *process = &processes[i];
    if (process->state != NONE)
      continue;
    // Pids are used again soon.
    do
      next_pid = next_pid >= 3 * PROCESSES ? 2 : next_pid + 1;
    while (is_used(next_pid));
    *process = (struct process){.pid = next_pid, .parent = parent, .state = LIVING};
    process->group = group != 0 ? group : next_pid;
    return process;
  }
  return 0;
}

static int adopts(void) { return kernel.init == 1 || !kernel.policy->no_subreaper; }

static void end_process(struct process *process, int code, int status) {
  for (int i = 0; i < PROCESSES; i++) {
    if (processes[i].state == NONE || processes[i].parent != process->pid)
      continue;
    processes[i].parent = adopts() ? kernel.init : STRANGER;
    if (processes[i].state == ZOMBIE && !adopts())
      processes[i].state = NONE;
  }
  process->code = code;
  process->status = status;
  process->untold = 0;
  process->state = process->parent == kernel.init ? ZOMBIE : NONE;
  if (process->pid == command && !command_ended) {
    command_ended = 1;
    expected_status = code == CLD_EXITED ? status : 128 + status;
  }
}

static struct process *living(unsigned index) {
  int count = 0;
  for (int i = 0; i < PROCESSES; i++)
    count += processes[i].state == LIVING;
  if (count == 0)
    return 0;
  index %= (unsigned)count;
  for (int i = 0;; i++) {
    if (processes[i].state == LIVING && index-- == 0)
      return &processes[i];
  }
}

// What the policy makes of a signal that goes to the command; -1 where it can't be told so easily.
static int rewritten(int signal, int code) {
  const struct policy *policy = kernel.policy;
  if (signal == policy->from)
    return policy->to;
  int stops = signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
  if (stops && (kernel.has_terminal || policy->peer))
    return -1;
  if (stops && !policy->no_session && policy->group && (signal == SIGTSTP || code == SI_KERNEL))
    return SIGSTOP;
  return signal;
}

// What the signal that was handed over last has to have led to.
static void check_forwarding(void) {
  if (handed == 0)
    return;
  if (sent != wanted)
    found("a signal was not sent on once", handed);
  handed = 0;
}

static void hand(int signal, int code, int pid) {
  int phase = loop_phase();
  handed = 0;
  sent = wanted = 0;
  int own = code == SI_USER && pid == kernel.init;
  if (odd || kernel.has_terminal || command == 0 || command_lost || kernel.policy->peer)
    return;
  int to = rewritten(signal, code);
  if (to < 0 || (phase != PHASE_RUNNING && phase != PHASE_STOPPING))
    return;
  if (kernel.policy->plan_ms && phase == PHASE_RUNNING)
    return;
  handed = signal;
  handed_as = to;
  wanted = own || to == 0 ? 0 : 1;
}

static void check_bounds(void) {
  const struct policy *policy = kernel.policy;
  int phase = loop_phase();
  if (phase == PHASE_STOPPING && !was_stopping) {
    was_stopping = 1;
    stopping_since = now;
    late = 0;
  }
  if (phase == PHASE_DRAINING && !was_draining) {
    was_draining = 1;
    draining_since = now;
    late = 0;
  }
  // Without a clock that can be read it can't keep to them.
  if (clock_failed)
    late = now;
  if (phase == PHASE_STOPPING && policy->plan_ms && now - stopping_since - late > policy->plan_ms)
    found("the stop plan lasts too long", (long)(now - stopping_since));
  if (phase == PHASE_DRAINING && now - draining_since - late > policy->drain_ms + 1100)
    found("the drain lasts too long", (long)(now - draining_since));
  if (phase == PHASE_DRAINING && host.deadline == 0)
    found("it drains without a deadline", 0);
  if (host.deadline != loop_deadline())
    found("host and core differ about the deadline", (long)host.deadline);
}

void saw(const struct event *event, double at) {
  static double before;
  if (event->kind == EVENT_KIND_BOOTED)
    before = 0;
  if (at < before || at != at)
    found("time goes back", (long)at);
  before = at;
  int count = core_action_count();
  // What a step of the plan sends is nothing that was handed on.
  if (event->kind == EVENT_KIND_DEADLINE_REACHED)
    check_forwarding();
  if (event->kind == EVENT_KIND_WORD_READ && kernel.word_read != 0)
    kernel.word_read(event->bytes, event->length);
  if (prints())
    print_step(event, at);
  for (int i = 0; i < count; i++) {
    struct action action = core_action(i);
    if (action.kind <= ACTION_KIND_NONE || action.kind >= ACTION_KINDS)
      found("an action of no known kind", action.kind);
    if (action.kind == ACTION_KIND_EXIT && (i + 1 < count || action.a < 0 || action.a > 255))
      found("it acts after its exit, or with an odd status", action.a);
    if (action.kind == ACTION_KIND_REAP && event->kind != EVENT_KIND_CHILD_EXITED)
      found("it reaps what did not end", action.b);
  }
  if (loop_phase() == PHASE_FINISHED &&
      (count == 0 || core_action(count - 1).kind != ACTION_KIND_EXIT))
    found("it has finished without an exit", count);
}

// --- What the shim asks.

int signals_block(struct inherited *inherited) {
  inherited->mask = 0;
  return 0;
}
int signals_default_child(struct inherited *inherited) {
  inherited->child[0] = 0;
  return 0;
}

int children_peek(struct signal_info *info) {
  check_forwarding();
  if (kernel.exited)
    found("it goes on after its exit", 0);
  if (shown != 0) {
    struct process *process = process_of(shown);
    if (process != 0 && process->state == ZOMBIE)
      found("a zombie was not reaped", shown);
    shown = 0;
  }
  if (wait_fails != 0) {
    int result = wait_fails;
    wait_fails = 0;
    return result;
  }
  int children = 0;
  for (int i = 0; i < PROCESSES; i++) {
    struct process *process = &processes[i];
    if (process->state == NONE || process->parent != kernel.init)
      continue;
    children++;
    if (process->state != ZOMBIE && !process->untold)
      continue;
    info->from.pid = process->pid;
    info->from.status = process->state == ZOMBIE ? process->status : process->stopped;
    info->code = process->state == ZOMBIE ? process->code : process->untold;
    if (process->state == ZOMBIE)
      shown = process->pid;
    return 1;
  }
  return children == 0 ? -ECHILD : 0;
}

int children_reap(int pid, struct signal_info *info) {
  struct process *process = process_of(pid);
  if (process == 0 || process->parent != kernel.init)
    return -ECHILD;
  if (process->state != ZOMBIE)
    return 0;
  info->from.pid = pid;
  info->from.status = process->status;
  info->code = process->code;
  process->state = NONE;
  return 1;
}

int children_in_group(int group) {
  for (int i = 0; i < PROCESSES; i++) {
    struct process *process = &processes[i];
    if (process->state != NONE && process->group == group && process->parent == kernel.init)
      return 0;
  }
  return -ECHILD;
}

int children_take(int pid) {
  struct process *process = process_of(pid);
  if (process == 0 || process->parent != kernel.init)
    found("it takes a child that is none", pid);
  if (process->state == ZOMBIE) {
    process->state = NONE;
    return 1;
  }
  if (!process->untold)
    found("it takes a child that did nothing", pid);
  process->untold = 0;
  return 1;
}

int children_detach(int pid, int signal) {
  struct process *process = process_of(pid);
  if (process == 0)
    found("it lets go of a process that is gone", pid);
  if (signal < 0 || signal > SIGNAL_MAX)
    found("it lets go with an odd signal", signal);
  process->stopped = 0;
  return 0;
}

int children_adopt(int on) { return on == 1 ? 0 : -EINVAL; }

int children_parent_death(int signal) {
  if (signal < 1 || signal > SIGNAL_MAX)
    found("an odd parent-death signal", signal);
  return 0;
}

static void judge_target(int pid, int signal) {
  int draining = kernel.policy->drain_ms && loop_phase() == PHASE_DRAINING;
  if (signal < 0 || signal > SIGNAL_MAX)
    found("it sends an odd signal", signal);
  if (signal == 0)
    return;
  if (pid == 0) {
    if (signal != SIGCONT || !kernel.has_terminal)
      found("it signals its own group", signal);
    return;
  }
  if (pid == -1) {
    if (kernel.init != 1 || !draining ||
        (signal != SIGTERM && signal != SIGKILL && signal != SIGCONT))
      found("it signals all processes", signal);
    return;
  }
  if (pid == 1 || pid == -kernel.init || pid == kernel.init)
    found("it signals itself or PID 1", pid);
  if (pid < 0) {
    if (-pid != command)
      found("it signals a group that is not the command's", pid);
    struct process *leader = process_of(command);
    if (leader == 0 && !command_lost && (!draining || children_in_group(command) < 0))
      found("it signals the group of a command that was reaped", pid);
    return;
  }
  if (process_of(pid) == 0 && !(pid == command && command_lost))
    found("it signals a process that was reaped", pid);
  if (pid != command && !draining)
    found("it signals a stranger", pid);
}

static int deliver(int pid, int signal) {
  int reached = 0;
  for (int i = 0; i < PROCESSES; i++) {
    struct process *process = &processes[i];
    if (process->state == NONE)
      continue;
    if (pid > 0 && process->pid != pid)
      continue;
    if (pid < -1 && process->group != -pid)
      continue;
    reached++;
    if (process->state != LIVING)
      continue;
    if (signal == SIGCONT)
      process->stopped = process->untold = 0;
    else if (signal == SIGKILL)
      end_process(process, CLD_KILLED, SIGKILL);
    else if (signal == SIGSTOP && !process->stopped) {
      process->stopped = SIGSTOP;
      process->untold = process->parent == kernel.init ? CLD_STOPPED : 0;
    }
  }
  return reached > 0 || pid == 0 ? 0 : -ESRCH;
}

int signals_send(int pid, int signal) {
  judge_target(pid, signal);
  if (signal == 0)
    return pid == -STRANGER || pid == -INIT_GROUP ? 0 : deliver(pid, 0);
  int result = refused;
  if (result == 0)
    result = deliver(pid, signal);
  if (handed != 0 && signal == handed_as && pid != -1)
    sent++;
  return result;
}

int signals_queue(int pid, int signal, uint32_t low, uint32_t high) {
  (void)low;
  (void)high;
  judge_target(pid, signal);
  int result = refused;
  if (result == 0)
    result = deliver(pid, signal);
  // A value that can't be passed on comes without it, by another call; where there is no room,
  // later.
  const int later = result == -EAGAIN && signal > 31;
  if (handed != 0 && (result == 0 || result == -ESRCH || later))
    sent++;
  return result;
}

int signals_queue_group(int group, int signal, uint32_t low, uint32_t high) {
  return signals_queue(-group, signal, low, high);
}

void signals_stop(int pid, int signal) {
  // dumb-init does, and the kernel ignores it.
  if (kernel.init == 1 && kernel.policy->peer)
    return;
  if (kernel.init == 1)
    found("PID 1 stops itself", signal);
  if (pid != 0 && pid != kernel.init)
    found("it stops another process", pid);
  // A shell wakes us; or there is none, and the kernel ignores the stop.
  if (input_byte(&kernel.input) & 1)
    pending[SIGCONT] = (struct pending){.is = 1, .pid = STRANGER};
  double lasted = input_byte(&kernel.input);
  now += lasted;
  late += lasted;
}

static int take_signal(signal_set set, struct signal_info *info) {
  for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
    if (!pending[signal].is || !(set >> (signal - 1) & 1))
      continue;
    pending[signal].is = 0;
    info->number = signal;
    info->code = pending[signal].code;
    info->from.pid = pending[signal].pid;
    info->from.value = pending[signal].value;
    return signal;
  }
  return -EAGAIN;
}

static void raise_signal(struct input *input) {
  int signal = (int)(1 + input_byte(input) % SIGNAL_MAX);
  unsigned how = input_byte(input);
  if (signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD || pending[signal].is)
    return;
  static const int codes[] = {SI_USER,  SI_USER,  SI_USER,  SI_KERNEL,
                              SI_QUEUE, SI_TKILL, POLL_OUT, SI_USER};
  struct pending *one = &pending[signal];
  *one = (struct pending){.is = 1, .code = codes[how & 7], .pid = STRANGER};
  if ((how & 7) == 7)
    one->pid = kernel.init;
  if (one->code == SI_QUEUE)
    one->value = (long)(how * 0x123456789abcdL);
}

static int errno_of(unsigned byte) {
  static const int errors[] = {0, -EPERM, -EAGAIN, -ENOSYS, -ESRCH, -ENOMEM, -EINTR, -ENOSPC};
  return errors[byte & 7];
}

static void happen(struct input *input, int *passed, double timeout_ms) {
  unsigned what = input_byte(input);
  struct process *process = 0;
  switch (what & 15) {
  case 0:
  case 1:
    process = living(input_byte(input));
    if (process != 0)
      fork_from(process->pid, what & 0x10 ? 0 : process->group);
    break;
  case 2:
  case 3:
    process = living(input_byte(input));
    if (process != 0 && (process->pid != command || what & 0x40))
      end_process(process, CLD_EXITED, (int)input_byte(input));
    break;
  case 4:
    process = living(input_byte(input));
    if (process != 0)
      end_process(process, what & 0x10 ? CLD_DUMPED : CLD_KILLED,
                  (int)(1 + input_byte(input) % 64));
    break;
  case 5:
  case 6:
  case 7:
    raise_signal(input);
    break;
  case 8:
    process = living(input_byte(input));
    if (process != 0) {
      process->stopped = SIGSTOP + (int)(what >> 4 & 3);
      process->untold = process->parent == kernel.init ? CLD_STOPPED : 0;
    }
    break;
  case 9:
  case 10: {
    double step = (double)input_byte(input) * (what & 0x10 ? 10 : 1);
    if (timeout_ms >= 0 && step >= timeout_ms - *passed) {
      step = timeout_ms - *passed;
      now += step > 0 ? step : 0;
      *passed = (int)timeout_ms + 1;
    } else {
      now += step;
      *passed += (int)step;
    }
    break;
  }
  case 11: {
    // The machine was asleep, or stopped in a debugger.
    double jump = WEEK_MS * (1 + input_byte(input));
    now += jump;
    if (timeout_ms >= 0) {
      late += jump - (timeout_ms - *passed);
      *passed = (int)timeout_ms + 1;
    } else {
      late += jump;
    }
    break;
  }
  case 12:
    refused = errno_of(input_byte(input));
    if (refused == -EINTR || refused == -ENOSPC)
      refused = 0;
    break;
  case 13: {
    static const int holders[] = {0, INIT_GROUP, STRANGER};
    unsigned whom = input_byte(input);
    process = living(whom >> 2);
    kernel.holder = (whom & 3) < 3 || process == 0 ? holders[(whom & 3) % 3] : process->group;
    terminal_fails = what & 0x20 ? -EPERM : 0;
    break;
  }
  case 14:
    process = living(input_byte(input));
    if (process != 0 && process->parent == kernel.init && process->pid != command) {
      process->stopped = (int)(1 + input_byte(input) % 64);
      process->untold = CLD_TRAPPED;
    } else if (process != 0 && process->pid == command && what & 0x80) {
      // SIGCHLD is ignored, or a ptracer took the status.
      end_process(process, CLD_EXITED, 0);
      process->state = NONE;
      command_lost = 1;
    }
    break;
  default:
    switch (what >> 4 & 7) {
    case 0:
      wait_fails = errno_of(input_byte(input));
      break;
    case 1:
      record_fails = errno_of(input_byte(input));
      break;
    case 2:
      clock_fails = (int)(input_byte(input) & 1);
      clock_failed |= clock_fails;
      break;
    case 3:
      proc_fails = errno_of(input_byte(input));
      break;
    default:
      // The wall clock is set, by years.
      date += (uint64_t)(input_byte(input)) * 31557600u - 128u * 31557600u;
    }
  }
}

static int child_waits(void) {
  for (int i = 0; i < PROCESSES; i++) {
    if (processes[i].state == NONE || processes[i].parent != kernel.init)
      continue;
    if (processes[i].state == ZOMBIE || processes[i].untold)
      return 1;
  }
  return 0;
}

// SIGCHLD names one child, of which it may say what was true a while ago.
static int name_child(struct signal_info *info) {
  info->number = SIGCHLD;
  struct process *process = &processes[named++ % PROCESSES];
  for (int i = 0; i < PROCESSES && process->state != ZOMBIE; i++)
    process = &processes[i];
  info->code = process->code;
  info->from.pid = process->pid;
  info->from.status = process->status;
  return SIGCHLD;
}

// The input is used up: every process ends, and so must the init.
static int wind_down(double timeout_ms) {
  refused = proc_fails = clock_fails = 0;
  if (waits_at_end++ > WAITS_AT_END_MAX)
    found("it hangs at the end", (long)timeout_ms);
  struct process *process = waits_at_end > 2 ? process_of(command) : 0;
  if (process != 0 && process->state == LIVING) {
    end_process(process, CLD_EXITED, 3);
    return SIGCHLD;
  }
  if (waits_at_end > 20 && (process = living(0)) != 0) {
    end_process(process, CLD_EXITED, 0);
    return SIGCHLD;
  }
  if (timeout_ms >= 0) {
    now += timeout_ms;
    return -EAGAIN;
  }
  if (command == 0) {
    pending[SIGTERM] = (struct pending){.is = 1, .pid = STRANGER};
    return 0;
  }
  return SIGCHLD;
}

int signals_wait(signal_set set, struct signal_info *info, double timeout_ms) {
  memset(info, 0, sizeof *info);
  if (set != ALL_SIGNALS && set != STANDARD_SIGNALS)
    return take_signal(set, info);
  check_forwarding();
  check_bounds();
  if (kernel.ends_at_spawn) {
    kernel.paused = 1;
    loop_stop();
  }
  int passed = 0;
  while (timeout_ms < 0 || passed <= timeout_ms) {
    int signal = take_signal(set, info);
    if (signal > 0) {
      hand(signal, info->code, info->from.pid);
      return signal;
    }
    if (child_waits())
      return name_child(info);
    if (timeout_ms == 0)
      return -EAGAIN;
    if (!input_left(&kernel.input)) {
      signal = wind_down(timeout_ms);
      if (signal == SIGCHLD)
        return name_child(info);
      if (signal != 0)
        return signal;
      continue;
    }
    happen(&kernel.input, &passed, timeout_ms);
  }
  return -EAGAIN;
}

int spawn(const struct spawn *how, struct spawn_failure *failure) {
  failure->error = failure->terminal = 0;
  failure->missing[0] = 0;
  if (kernel.command != 0 || how->argv[0] == 0)
    found("it spawns twice, or nothing", 0);
  kernel.command = (char **)how->argv;
  kernel.spawned = 1;
  if (kernel.ends_at_spawn) {
    if (prints()) {
      for (const char **word = how->argv; *word != 0; word++)
        print_bytes("C", *word, strlen(*word));
    }
    loop_stop();
  }
  unsigned fate = input_byte(&kernel.input);
  if (fate >= 0xf8) {
    odd = 1;
    failure->error = fate & 1 ? ENOENT : EACCES;
    failure->reason = 1 + (int)(fate >> 1 & 3) % 3;
    if (failure->reason == SPAWN_FAILURE_INTERPRETER)
      strcpy(failure->missing, "/lib/none.so");
    kernel.command = 0;
    return 0;
  }
  int own = how->how & (SPAWN_HOW_NEW_SESSION | SPAWN_HOW_NEW_GROUP);
  struct process *process = fork_from(kernel.init, own ? 0 : INIT_GROUP);
  command = process->pid;
  if (how->how & (SPAWN_HOW_TAKE_TERMINAL | SPAWN_HOW_TAKE_FOREGROUND)) {
    if (!kernel.has_terminal)
      found("it takes a terminal that there is not", how->how);
    failure->terminal = terminal_fails;
    if (terminal_fails == 0)
      kernel.holder = command;
  }
  return command;
}

const char *environment_value(const char *const *envp, const char *name, size_t length) {
  for (; *envp != 0; envp++) {
    if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
      return *envp + length + 1;
  }
  return 0;
}

int terminal_find(void) { return kernel.has_terminal ? TERMINAL : -1; }
int terminal_foreground(int terminal) {
  if (!kernel.has_terminal || (terminal <= 2 && !kernel.standard_streams))
    return -ENOTTY;
  return kernel.holder;
}
int terminal_give(int terminal, int group) {
  if (terminal != TERMINAL)
    found("it gives a terminal that there is not", terminal);
  if (terminal_fails != 0)
    return terminal_fails;
  kernel.holder = group;
  return 0;
}
int terminal_release(int terminal) {
  (void)terminal;
  if (terminal_fails != 0)
    return terminal_fails;
  kernel.holder = 0;
  pending[SIGHUP] = (struct pending){.is = 1, .pid = kernel.init};
  pending[SIGCONT] = (struct pending){.is = 1, .pid = kernel.init};
  return 0;
}

void output(int descriptor, const char *bytes, size_t length) {
  if (descriptor != 1 && descriptor != 2)
    found("it writes elsewhere", descriptor);
  size_t room = OUTPUT_MAX - kernel.written[descriptor];
  if (length > room)
    length = room;
  memcpy(kernel.output[descriptor] + kernel.written[descriptor], bytes, length);
  kernel.written[descriptor] += length;
}

int descriptors_close(int keep, int keep_too) { return keep == keep_too && keep > 0 ? -EINVAL : 0; }
int directory_leave(void) { return 0; }

int record_open(const char *path, const char *magic, uint32_t size) {
  (void)path;
  if (memcmp(magic, "WITRACE\n", 8) != 0 || size < 16384)
    found("it records into a file that is too small", size);
  record_size = size;
  return record_fails != 0 ? record_fails : 9;
}
int record_write(int file, void *bytes, size_t length, uint32_t at) {
  (void)bytes;
  if (file != 9 || length % 4 != 0 || length > 8192 || at + length > record_size)
    found("it writes beyond the end of the trace", (long)(at + length));
  return record_fails;
}
void record_close(int file) {
  if (file != 9)
    found("it closes what it has not opened", file);
}

int processes_descends(int pid, int self) {
  struct process *process = process_of(pid);
  while (process != 0 && process->parent != self)
    process = process_of(process->parent);
  return process != 0;
}
int processes_send(int pid, int self, int signal) {
  struct process *process = process_of(pid);
  if (process == 0 || process->state != LIVING || !processes_descends(pid, self))
    return -ESRCH;
  return signals_send(pid, signal);
}
int processes_list(int self, uint64_t uptime, void (*callback)(const struct found *found)) {
  struct found list[PROCESSES];
  int count = 0;
  if (proc_fails != 0)
    return proc_fails;
  for (int i = 0; i < PROCESSES; i++) {
    if (processes[i].state != LIVING || !processes_descends(processes[i].pid, self))
      continue;
    list[count] = (struct found){processes[i].pid, processes[i].group, 0, 0};
    // Some were there before all, and some of them ignore the stop signals.
    if (uptime != 0 && i % 2 == 0)
      list[count].age_ms = INT_MAX;
    if (uptime != 0 && i % 3 == 0)
      list[count].ignored = 1 << (SIGINT - 1) | 1 << (SIGTERM - 1);
    count++;
  }
  for (int i = 0; i < count; i++)
    callback(&list[i]);
  return 0;
}

int sandbox_probe(void) { return 0; }
int sandbox_enter(int parts) { return parts > 0 && parts < 16 ? 0 : -EINVAL; }
uint64_t clock_uptime(void) { return clock_fails ? 0 : (uint64_t)now; }
double clock_now(void) { return clock_fails ? 0 : now; }
uint32_t clock_date(uint64_t *seconds) {
  *seconds = date;
  return 123456789;
}
int identity_pid(void) { return kernel.init; }
int identity_group(void) { return kernel.init == 1 ? 1 : INIT_GROUP; }
int terminal_session(int terminal) {
  (void)terminal;
  return kernel.leads_session ? kernel.init : STRANGER;
}
void guard_probe(void) {}
int identity_user(void) { return 0; }

long fake_call(long number, long argument) {
  if (number != __NR_exit_group)
    found("it makes a call that it has no need of", number);
  check_forwarding();
  kernel.exited = 1;
  kernel.status = (int)argument;
  loop_stop();
}

void kernel_end(void) {
  if (!kernel.exited || odd || kernel.policy->pause)
    return;
  int killed_late = was_stopping && kernel.status == 128 + SIGKILL;
  if (command_lost || killed_late || kernel.policy->maps)
    return;
  if (kernel.status != expected_status)
    found("it ends with another status than the command's", kernel.status);
}
