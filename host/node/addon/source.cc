// Handlers instead of a blocked mask: Node's other threads do not share the main thread's mask, and
// a signal to the process goes to any thread that does not block it. The first one that each of
// them gets makes it block all of them, so that the thread that reads takes them all, in order.
#include "source.h"
#include "abi.h"
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <unistd.h>

extern "C" {
#include "listing.h"
}

namespace {

/** What an unprivileged process may ask for by default (pipe(7), pipe-max-size). */
constexpr int kPipeBytes = 1 << 20;
/** Threads that may each write one more record after the pipe counts as full. */
constexpr long kSlackRecords = 64;
constexpr size_t kMaskSize = sizeof(uint64_t);

int pipe_ends[2] = {-1, -1};
/** Records in the pipe. */
std::atomic<long> waiting{0};
std::atomic<bool> throttled{false};
long capacity = 0;
struct sigaction before[SIGNAL_MAX + 1];
pthread_t reader;
/** The kernel's mask of all signals but faults, which the kernel would kill for. */
uint64_t all_signals = 0;
/** As a signal's value, tells a thread to block all signals. */
char block_yourself;

uint64_t bit(int signal) { return uint64_t{1} << (signal - 1); }

bool is_fault(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL ||
         signal == SIGTRAP || signal == SIGSYS;
}

/**
 * A fault of this very thread: V8 finds out-of-bounds accesses of WebAssembly by it, and all others
 * must end the process.
 */
void pass_fault_on(int signal, siginfo_t *info, void *context) {
  const struct sigaction &old = before[signal];
  if ((old.sa_flags & SA_SIGINFO) != 0 && old.sa_sigaction != nullptr) {
    old.sa_sigaction(signal, info, context);
  } else {
    struct sigaction by_default = {};
    by_default.sa_handler = SIG_DFL;
    sigaction(signal, &by_default, nullptr);
  }
}

/** The thread goes on with all signals blocked. */
void block_here(void *context) {
  auto *thread = static_cast<ucontext_t *>(context);
  // The kernel's part of the C library's much bigger set.
  std::memcpy(&thread->uc_sigmask, &all_signals, sizeof all_signals);
}

void on_signal(int signal, siginfo_t *info, void *context) {
  if (is_fault(signal) && info->si_code > 0) {
    pass_fault_on(signal, info, context);
    return;
  }
  // Two threads could write in another order than they took.
  if (!pthread_equal(pthread_self(), reader))
    block_here(context);
  if (info->si_code == SI_QUEUE && info->si_value.sival_ptr == &block_yourself)
    return;
  int saved = errno;
  auto value = reinterpret_cast<uintptr_t>(info->si_value.sival_ptr);
  SignalRecord record = {signal,
                         info->si_code,
                         info->si_pid,
                         info->si_uid,
                         static_cast<uint32_t>(value),
                         static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32)};
  source_put(record);
  // What comes now stays queued in the kernel until there is room again.
  if (waiting.load() >= capacity) {
    block_here(context);
    throttled.store(true);
  }
  errno = saved;
}

/**
 * The kernel's own struct sigaction, which the C library fills in for another signal: for those
 * that it keeps for its threads (nptl(7)), to cancel them and to change their user. Neither happens
 * in a process that does nothing but this.
 */
int handle_raw(int signal, int like) {
  unsigned long action[16] = {};
  if (syscall(SYS_rt_sigaction, like, nullptr, action, kMaskSize) < 0 ||
      syscall(SYS_rt_sigaction, signal, action, nullptr, kMaskSize) < 0)
    return -errno;
  return 0;
}

/** Has all other threads block all signals, now and not when the first one meets them. */
void block_others() {
  struct listing tasks;
  if (listing_open(&tasks, "/proc/self/task") < 0)
    return;
  siginfo_t info = {};
  info.si_signo = SIGURG;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_value.sival_ptr = &block_yourself;
  for (int task = listing_next(&tasks); task >= 0; task = listing_next(&tasks)) {
    if (task != getpid())
      syscall(SYS_rt_tgsigqueueinfo, getpid(), task, SIGURG, &info);
  }
  listing_close(&tasks);
}

/** How many records fit whatever is read meanwhile: a page that is read from takes no more. */
long records_that_fit(int descriptor) {
  long page = sysconf(_SC_PAGESIZE);
  long each = page / static_cast<long>(sizeof(SignalRecord));
  long pages = fcntl(descriptor, F_GETPIPE_SZ) / page;
  long fit = (pages - 1) * each - kSlackRecords;
  return fit > 1 ? fit : 1;
}

} // namespace

int source_open() {
  if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0)
    return -errno;
  // Refused where a user's pipes hold too much already: then the default size has to do.
  fcntl(pipe_ends[1], F_SETPIPE_SZ, kPipeBytes);
  capacity = records_that_fit(pipe_ends[1]);
  reader = pthread_self();
  for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
    if (!is_fault(signal))
      all_signals |= bit(signal);
  }
  for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
    if (signal == SIGKILL || signal == SIGSTOP)
      continue;
    sigaction(signal, nullptr, &before[signal]);
    int result = source_handle(signal, true);
    if (result == -EINVAL)
      result = handle_raw(signal, SIGHUP);
    if (result < 0)
      return result;
  }
  block_others();
  return pipe_ends[0];
}

void source_put(const SignalRecord &record) {
  waiting.fetch_add(1);
  // At most PIPE_BUF, so that it is written whole (pipe(7)).
  while (write(pipe_ends[1], &record, sizeof record) < 0 && errno == EINTR)
    continue;
}

size_t source_read(SignalRecord *records, size_t most) {
  ssize_t got = read(pipe_ends[0], records, most * sizeof *records);
  long count = got > 0 ? got / static_cast<long>(sizeof *records) : 0;
  long left = waiting.fetch_sub(count) - count;
  if (left < (capacity + 1) / 2 && throttled.exchange(false)) {
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &all_signals, nullptr, kMaskSize);
  }
  return static_cast<size_t>(count);
}

int source_handle(int signal, bool handled) {
  struct sigaction action = {};
  if (handled) {
    action.sa_sigaction = on_signal;
    // A fault may have come from a full stack.
    int as_before = is_fault(signal) ? before[signal].sa_flags & SA_ONSTACK : 0;
    action.sa_flags = SA_SIGINFO | SA_RESTART | as_before;
    // One after the other, in the kernel's order: by number, among those that wait.
    sigfillset(&action.sa_mask);
  } else {
    action.sa_handler = SIG_DFL;
  }
  return sigaction(signal, &action, nullptr) < 0 ? -errno : 0;
}
