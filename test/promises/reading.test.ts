// How pages are cut into sayings, how markers are read, and what is wrong about either.
import { describe, expect, test } from "vitest";
import { markersIn } from "../../tools/check/promises/markers";
import { markdownSayings } from "../../tools/check/promises/pages";
import { joined, promisesPage } from "../../tools/check/promises/promises";

const PAGE = `# Title

A paragraph over
two lines.

| head | er |
| ---- | -- |
| a \\| b | c |

- a bullet
  that goes on
- another

\`\`\`sh
no promise
\`\`\`
`;

describe("a page", () => {
  test("is cut into paragraphs, rows and bullets", () => {
    expect(markdownSayings("x.md", PAGE).map(({ line, text }) => [line, text])).toEqual([
      [3, "A paragraph over two lines."],
      [8, "a \\| b · c"],
      [10, "- a bullet that goes on"],
      [12, "- another"],
    ]);
  });
});

// Not as it stands here: it would be a marker of this very file.
const MARK = "// Promise";
const MARKED = `
${MARK}: README.md: a bullet
// A word about it.
test.each([1, 2])("goes on %i", () => {});
describe("outer", () => {
  ${MARK}: README.md: another
  test(\`with \${1}\`, () => {});
});
`;

describe("a marker", () => {
  test("belongs to the test or describe below it", () => {
    const read = markersIn("a.test.ts", MARKED);
    expect(read.map(({ line, quotation, title }) => [line, quotation, title])).toEqual([
      [2, "a bullet", "goes on %i"],
      [6, "another", "with ${1}"],
    ]);
  });

  test("above no test is refused", () => {
    expect(() => markersIn("a.test.ts", "// Promise: README.md: lost\nconst x = 1;\n")).toThrow(
      "a.test.ts: 1 markers stand above no test",
    );
  });
});

describe("sayings and markers together", () => {
  const all = markdownSayings("README.md", PAGE);
  const problems = (text: string, explained: Parameters<typeof joined>[2] = []) =>
    joined(all, markersIn("a.test.ts", text), explained).problems;

  test("a saying without a test and without a reason is a problem", () => {
    expect(problems(MARKED)).toEqual([
      "README.md:3: 'A paragraph over two lines.': no test holds it",
      "README.md:8: 'a \\| b · c': no test holds it",
    ]);
  });

  test("a reason stands in for a test, and not beside one", () => {
    const why = (quotation: string) => ({ page: "README.md", quotation, why: "an example" });
    const explained = [why("A paragraph"), why("· c"), why("another")];
    expect(problems(MARKED, explained)).toEqual([
      "README.md:12: '- another': a test holds it, and it is explained to need none",
    ]);
  });

  test("a heading stands for all below it", () => {
    const text = '// Promise: README.md: # Title\ntest("x", () => {});\n';
    expect(problems(text)).toEqual([]);
  });

  test("a quotation that is nowhere, or in two places, is a problem", () => {
    expect(problems('// Promise: README.md: gone\ntest("x", () => {});\n')).toContain(
      "a.test.ts:1: 'gone' is in 0 places of README.md",
    );
    expect(problems('// Promise: README.md: a\ntest("x", () => {});\n')).toContain(
      "a.test.ts:1: 'a' is in 4 places of README.md",
    );
  });

  test("the page names the promise and the test", () => {
    expect(promisesPage(joined(all, markersIn("a.test.ts", MARKED), []))).toContain(
      "- a bullet that goes on\n  - [a.test.ts](../a.test.ts): goes on %i\n",
    );
  });
});
