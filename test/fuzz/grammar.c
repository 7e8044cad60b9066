// Target: the option grammar. The first byte says where the init runs, the second how many
// variables come first; then NUL-ended strings: variables (their first byte says which), argv[0],
// and the option words.
//
// Whatever the words are, the init ends in a spawn or in an exit; where it failed, one line names
// the word that was wrong.
#define _GNU_SOURCE
#include "kernel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 96, VARIABLES = 8, SHOWN = 255 };

static const char *const variables[] = {
    "WASM_INIT_OPTIONS", "WASM_INIT_RECORD",
    "LISTEN_PID",        "DUMB_INIT_DEBUG",
    "DUMB_INIT_SETSID",  "TINI_SUBREAPER",
    "TINI_VERBOSITY",    "TINI_KILL_PROCESS_GROUP",
    "CATATONIT_DEBUG",   "PATH",
    "WATCHDOG_PID",      "LISTEN_PIDFDID",
};

// What a message may quote: all that the core was given, as a line of text shows it and as a JSON
// object does.
static char *given, *given_json;
static size_t given_length;

static void give(const char *bytes, size_t length) {
  given = realloc(given, given_length + length + 1);
  given_json = realloc(given_json, given_length + length + 1);
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    int unsafe = byte < 0x20 || byte == 0x7f;
    given[given_length] = unsafe ? '?' : (char)byte;
    given_json[given_length++] =
        unsafe || byte == '"' || byte == '\\' || byte > 0x7f ? '?' : (char)byte;
  }
  given[given_length] = given_json[given_length] = '\n';
  given_length++;
}

static int holds(const char *line, size_t length, const char *word) {
  return memmem(line, length, word, strlen(word)) != 0;
}

// Whether a quoted piece of the line is part of what was given.
static int names_word(const char *line, size_t length) {
  const char *quote = memchr(line, '\'', length);
  if (quote == 0)
    return 0;
  const char *start = quote + 1, *end = line + length;
  const char *mark = memchr(start, '\'', (size_t)(end - start));
  // A quote can stand in the word itself: the piece that ends at any later one will do.
  for (; mark != 0; mark = memchr(mark + 1, '\'', (size_t)(end - mark - 1))) {
    size_t piece = (size_t)(mark - start);
    const char *cut = start;
    if (piece == SHOWN + 3 && memcmp(mark - 3, "...", 3) == 0)
      piece = SHOWN;
    // Carriage returns are shown by two characters: the rest is long enough to tell.
    const char *escape = memmem(start, piece, "\\r", 2);
    if (escape != 0)
      piece = (size_t)(escape - start);
    // The name of an option whose word was short: `-r`, an abbreviation.
    while (piece > 0 && *cut == '-') {
      cut++;
      piece--;
    }
    for (size_t some = piece; some + 1 > 0;
         some = some > 0 && holds(line, length, "requires a value") ? some - 1 : (size_t)-1) {
      if (memmem(given, given_length, cut, some) != 0)
        return 1;
      if (memmem(given_json, given_length, cut, some) != 0)
        return 1;
    }
  }
  return 0;
}

static void check_line(const char *line, size_t length) {
  static const char prefix[] = "wasm-init: ";
  int json = length > 0 && line[0] == '{';
  if (!json && (length < sizeof prefix || memcmp(line, prefix, sizeof prefix - 1) != 0))
    found("a line of no known form", (long)length);
  if (json && (length < 2 || line[length - 1] != '}'))
    found("a JSON line that does not end", (long)length);
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)line[i];
    if (byte < 0x20 || byte == 0x7f || (json && byte > 0x7f))
      found("a line with a byte that can't be shown", byte);
  }
}

static void check_failure(void) {
  const char *text = kernel.output[2];
  size_t length = kernel.written[2];
  if (length == 0 || text[length - 1] != '\n')
    found("it fails without a word", kernel.status);
  const char *start = text, *last = text;
  for (const char *end; start < text + length; start = end + 1) {
    end = memchr(start, '\n', (size_t)(text + length - start));
    check_line(start, (size_t)(end - start));
    last = start;
  }
  size_t left = (size_t)(text + length - 1 - last);
  if (holds(last, left, "no command given: expected"))
    return;
  if (!names_word(last, left))
    found("the message names no word that was given", kernel.status);
}

static void check(void) {
  int ends = kernel.spawned + kernel.paused + kernel.exited;
  if (ends != 1)
    found("it ends neither in a spawn nor in an exit", ends);
  if (kernel.exited && kernel.status != 0)
    check_failure();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct policy any;
  struct input input = {data, data + size};
  unsigned place = input_byte(&input);
  unsigned first_words = input_byte(&input) % VARIABLES;
  char *argv[WORDS + 1], *envp[VARIABLES + 1];
  int argc = 0, envc = 0;
  kernel_start(&any, place & 1 ? 70 : 1, (struct input){0, 0});
  kernel.ends_at_spawn = 1;
  kernel.word_read = give;
  given_length = 0;
  if (prints())
    printf("I %d\n", kernel.init);
  while (input_left(&input) && argc < WORDS) {
    const uint8_t *end = memchr(input.at, 0, (size_t)(input.end - input.at));
    if (end == 0)
      end = input.end;
    size_t length = (size_t)(end - input.at);
    if ((unsigned)envc < first_words && argc == 0) {
      const char *name = variables[length > 0 ? *input.at % 10 : 0];
      size_t value = length > 0 ? length - 1 : 0;
      char *variable = malloc(strlen(name) + value + 2);
      sprintf(variable, "%s=", name);
      memcpy(variable + strlen(name) + 1, input.at + (length > 0), value);
      variable[strlen(name) + 1 + value] = 0;
      give(variable + strlen(name) + 1, value);
      if (prints())
        print_bytes("V", variable, strlen(variable));
      envp[envc++] = variable;
    } else {
      // To the byte, so that reading or writing beyond it shows.
      argv[argc] = malloc(length + 1);
      memcpy(argv[argc], input.at, length);
      argv[argc][length] = 0;
      give(argv[argc], length);
      if (prints())
        print_bytes("W", argv[argc], length);
      argc++;
    }
    input.at = end < input.end ? end + 1 : end;
  }
  argv[argc] = 0;
  envp[envc] = 0;
  char *kept[VARIABLES];
  memcpy(kept, envp, sizeof kept);
  loop_run(argc, argv, envp);
  check();
  while (argc > 0)
    free(argv[--argc]);
  while (envc > 0)
    free(kept[--envc]);
  return 0;
}
