// Why the inits of engines differ, as the table in docs/containers.md says it.
export const reasons = {
  "no stop plan": "A stop plan",
  "the command alone": "TERM for jobs in the background",
  "no drain": "TERM for processes that remain when the command ends",
  "one status for all": "A command that can't be started",
  "stop signals left blocked": "Ctrl-Z in an interactive shell",
} as const;

export type Reason = keyof typeof reasons;
