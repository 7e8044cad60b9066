// What came of an option word.
// May not know: anything else.

/** What became of a word. */
export enum Parsed {
  /** It was understood; the next word, please. */
  More = 0,
  /** It was `--`: the command is the next word. */
  CommandNext = 1,
  /** It is the command. */
  Command = 2,
  /** It was wrong, and one line said so. */
  Failed = 3,
  /** It asked for something else than a run, which was printed (help, version). */
  Answered = 4,
  /** It was split: its words come next. */
  Split = 5,
}
