// Claims about what a program says.
import { expect } from "vitest";

/** Expects exactly one line, and returns it without its end. */
export function theOnlyLine(text: string): string {
  expect(text).toMatch(/^[^\n]+\n$/);
  return text.slice(0, -1);
}
