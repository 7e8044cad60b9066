// Branches of the core that no test of it takes, each with the reason: by file and line of source.
export interface Uncovered {
  file: string;
  way: string;
  text: string;
  why: string;
}

export const uncovered: Uncovered[] = [
  {
    file: "assembly/memory/mailbox.ts",
    way: "then",
    text: "if (count >= ACTION_CAPACITY) unreachable();",
    why: "a full queue is a bug of the core, which has to trap: none of its answers is as long",
  },
  {
    file: "assembly/memory/mailbox.ts",
    way: "then",
    text: "if (length >= OUTPUT_CAPACITY) return;",
    why: "no text is as long; one that were would be cut rather than lie over what follows it",
  },
  {
    file: "assembly/dialect.ts",
    way: "default",
    text: "switch (variable) {",
    why: "of variables that the core has not asked for it is told by no host",
  },
];
