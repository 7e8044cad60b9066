// Events and actions as lines, for another host to compare with.
#include "abi.h"
#include "loop.h"
#include <stdio.h>
#include <stdlib.h>

static void print_action(const struct action *action) {
  printf("A %d %d %d %d %d %d", action->kind, action->a, action->b, action->c, action->d,
         action->e);
  int kind = action->kind;
  if (kind == ACTION_KIND_READ_VARIABLE || kind == ACTION_KIND_HIDE_VARIABLE ||
      kind == ACTION_KIND_WRITE) {
    char *bytes = malloc((size_t)action->c + 1);
    core_copy((uint32_t)action->b, (uint32_t)action->c, bytes);
    print_bytes("", bytes, (size_t)action->c);
    free(bytes);
  } else {
    putchar('\n');
  }
}

void print_step(const struct event *event, double at) {
  printf("E %d %.17g %d %d %d %d %d %d", event->kind, at, event->signal, event->code, event->pid,
         event->uid, event->low, event->high);
  print_bytes("", event->bytes, event->length);
  for (int i = 0; i < core_action_count(); i++) {
    struct action action = core_action(i);
    print_action(&action);
  }
}
