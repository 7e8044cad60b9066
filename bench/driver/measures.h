/*
 * The measures. Each prints its samples on stdout, one a line, as the candidate's index and the
 * numbers; to make sense of them is the caller's business.
 */
#ifndef BENCH_MEASURES_H
#define BENCH_MEASURES_H

#include "process.h"

enum { CANDIDATES_MAX = 32 };

struct run {
  struct candidate *candidates;
  int candidate_count;
  /* Rounds, signals, or seconds: the measure says which. */
  long count;
};

/* "INDEX NS": from the vfork of the init to its end, once a round for each candidate. */
void measure_startup(const struct run *run);

/* "INDEX NS": from kill() of the init to its command's handler, once a round each. */
void measure_latency(const struct run *run);

/* "INDEX NS": the init's processor time for all orphans that its command makes. */
void measure_orphans(const struct run *run);

/* "INDEX RSS DIRTY": the idle init's resident and private dirty memory in kB. */
void measure_memory(const struct run *run);

/* "INDEX N": the syscalls that the idle init makes within count seconds. */
void measure_idle(const struct run *run);

#endif
