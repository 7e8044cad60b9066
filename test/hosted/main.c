// The static binary's loop as a program with a C library, for tools that need one: sanitizers, and
// the counters of coverage. Its own start-up has run before, so that the first system calls are not
// ours here, and the file is many times as large; all else is as in the product.
#include "host.h"
#include "linear.h"

void start(long *stack) __attribute__((noreturn));

#ifdef FINDINGS
#include <fcntl.h>
#include <sanitizer/common_interface_defs.h>
#include <sys/mman.h>
#include <unistd.h>

const char *__asan_default_options(void);
void __wrap___asan_handle_no_return(void);

// How many inits the sanitizers have ended, in a file that all of them share: an init's stderr may
// be anything, and the sandbox lets it open nothing.
static int *ended;

static void count_end(void) {
  if (ended != 0)
    __atomic_fetch_add(ended, 1, __ATOMIC_RELAXED);
}

static void prepare(void) {
  int file = open(FINDINGS, O_RDWR | O_CLOEXEC);
  void *page = mmap(0, sizeof *ended, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  ended = page == MAP_FAILED ? 0 : page;
  __sanitizer_set_death_callback(count_end);
}

// No handlers of its own: the init passes dispositions on.
const char *__asan_default_options(void) {
  return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
         "handle_abort=0:use_sigaltstack=0:exitcode=99";
}

// Called before what does not return, so that a longjmp(3) leaves no zones behind: there is none,
// and the call that it would make is not allowed in the sandbox.
void __wrap___asan_handle_no_return(void) {}
#else
static void prepare(void) {}
#endif

// Whether the sanitizers see anything at all: under this name we read past the linear memory.
static int reads_past(const char *name, int at) {
  return __builtin_strcmp(name, "past") == 0 && linear[LINEAR_SIZE - 1 + at] != 0;
}

// The kernel puts argc right before argv, and envp right behind it (execve(2)).
int main(int argc, char **argv) {
  prepare();
  if (argc > 0 && reads_past(argv[0], argc))
    return 0;
  start((long *)argv - 1);
}
