// Handlers instead of a blocked mask: Node's other threads do not share the main thread's mask, and
// a signal to the process goes to any thread that does not block it.
#include "source.h"
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ucontext.h>
#include <unistd.h>

namespace {

constexpr int kSignals = 64;
/** What an unprivileged process may ask for by default (pipe(7), pipe-max-size). */
constexpr int kPipeSize = 1 << 20;
/** Threads that may each write one more record after the pipe counts as full. */
constexpr long kSlack = 64;

int pipe_ends[2] = {-1, -1};
/** Records in the pipe. */
std::atomic<long> waiting{0};
std::atomic<bool> throttled{false};
long capacity = 0;
struct sigaction before[kSignals + 1];
/** The kernel's mask of all signals, for the handlers: see block_here. */
uint64_t throttle_mask = 0;

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

/**
 * The thread goes on with all signals blocked: they stay queued in the kernel. The main thread
 * lifts this as it reads; other threads never need signals again, since the main one is there for
 * them.
 */
void block_here(void *context) {
  auto *thread = static_cast<ucontext_t *>(context);
  // The kernel's part of the C library's much bigger set.
  std::memcpy(&thread->uc_sigmask, &throttle_mask, sizeof throttle_mask);
  throttled.store(true);
}

void on_signal(int signal, siginfo_t *info, void *context) {
  if (is_fault(signal) && info->si_code > 0) {
    pass_fault_on(signal, info, context);
    return;
  }
  int saved = errno;
  auto value = reinterpret_cast<uintptr_t>(info->si_value.sival_ptr);
  SignalRecord record = {signal,
                         info->si_code,
                         info->si_pid,
                         info->si_uid,
                         static_cast<uint32_t>(value),
                         static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32)};
  long count = waiting.fetch_add(1) + 1;
  // At most PIPE_BUF, so that it is written whole (pipe(7)).
  while (write(pipe_ends[1], &record, sizeof record) < 0 && errno == EINTR)
    continue;
  if (count >= capacity)
    block_here(context);
  errno = saved;
}

/** Signals that the C library's threads need for themselves (nptl(7)), or nobody can handle. */
bool is_untouchable(int signal) {
  return signal == SIGKILL || signal == SIGSTOP || signal == 32 || signal == 33;
}

/** How many records fit whatever is read meanwhile: a page that is read from takes no more. */
long records_that_fit(int descriptor) {
  long page = sysconf(_SC_PAGESIZE);
  long each = page / static_cast<long>(sizeof(SignalRecord));
  long pages = fcntl(descriptor, F_GETPIPE_SZ) / page;
  long fit = (pages - 1) * each - kSlack;
  return fit > 1 ? fit : 1;
}

} // namespace

int source_open() {
  if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0)
    return -errno;
  // Refused where a user's pipes hold too much already: then the default size has to do.
  fcntl(pipe_ends[1], F_SETPIPE_SZ, kPipeSize);
  capacity = records_that_fit(pipe_ends[1]);
  for (int signal = 1; signal <= kSignals; signal++) {
    if (is_untouchable(signal))
      continue;
    if (!is_fault(signal))
      throttle_mask |= bit(signal);
    sigaction(signal, nullptr, &before[signal]);
    int result = source_handle(signal, true);
    if (result < 0)
      return result;
  }
  return pipe_ends[0];
}

size_t source_read(SignalRecord *records, size_t most) {
  ssize_t got = read(pipe_ends[0], records, most * sizeof *records);
  long count = got > 0 ? got / static_cast<long>(sizeof *records) : 0;
  long left = waiting.fetch_sub(count) - count;
  if (left < (capacity + 1) / 2 && throttled.exchange(false)) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_UNBLOCK, &all, nullptr);
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
