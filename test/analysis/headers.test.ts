// What the kernel is told of the binary, by its ELF headers: for this machine, and with CI=true for
// every architecture.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe } from "vitest";
import { architectures, binaryOf, compilerOf } from "../../tools/setup/architectures.mjs";
import { present } from "../../tools/setup/paths.mjs";
import { type Elf, readElf, SegmentFlag, SegmentType } from "../support/elf.ts";
import { binary, root } from "../support/paths.ts";
import { eventually } from "../support/wait.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const EXECUTABLE = 2;
const WRITE_AND_EXECUTE = SegmentFlag.Write | SegmentFlag.Execute;

const others = architectures.map((architecture) => ({
  name: `for ${architecture.name}`,
  path: root + binaryOf(architecture),
  architecture,
}));

describe.each([{ name: "of this build", path: binary, architecture: undefined }, ...others])(
  "the binary $name",
  ({ path, architecture }) => {
    let absent: string | undefined;
    let elf: Elf;

    beforeAll(() => {
      if (architecture !== undefined) {
        const compiler = compilerOf(architecture);
        if (process.env.CI !== "true") absent = "other architectures are looked at with CI=true";
        else if (!present(compiler)) absent = `${compiler} is missing`;
        if (absent !== undefined) return;
        const args = ["--import", "tsx", "tools/build/cross.ts", architecture.name];
        execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
      }
      elf = readElf(path);
    });

    const check = (claim: string, holds: () => void) => {
      test(claim, ({ skip, task }) => {
        if (absent !== undefined) skipLoudly({ skip, task }, absent);
        holds();
      });
    };

    check("has no segment that can be both written to and executed", () => {
      const loaded = elf.segments.filter(({ type }) => type === SegmentType.Load);
      expect(loaded.length).toBeGreaterThanOrEqual(2);
      for (const { flags } of loaded) expect(flags & WRITE_AND_EXECUTE).not.toBe(WRITE_AND_EXECUTE);
    });

    check("has a stack that can't be executed", () => {
      // Without this header the kernel makes the stack executable on some architectures.
      const stack = elf.segments.filter(({ type }) => type === SegmentType.Stack);
      expect(stack.map(({ flags }) => flags)).toEqual([SegmentFlag.Read | SegmentFlag.Write]);
    });

    check("needs no loader and no library", () => {
      expect(elf.type).toBe(EXECUTABLE);
      const types = elf.segments.map(({ type }) => type);
      expect(types).not.toContain(SegmentType.Interpreter);
      expect(types).not.toContain(SegmentType.Dynamic);
    });

    check("has no symbol left, and nothing behind what is loaded", () => {
      expect(elf.sectionHeaders).toBe(0);
      const ends = elf.segments.map(({ offset, fileSize }) => offset + fileSize);
      expect(elf.size).toBeLessThanOrEqual(Math.max(...ends));
    });
  },
);

test("the kernel maps nothing of the running init for both writing and executing", async ({
  lab,
}) => {
  const init = lab.start({ command: ["sleep", "60"] });
  await init.ready();
  const pid = await init.pid();
  const maps = await eventually("the init's memory is seen", () =>
    readFileSync(`/proc/${pid}/maps`, "utf8"),
  );
  expect(maps).toMatch(/\[stack\]/);
  const both = maps.split("\n").filter((line) => /^\S+ \S*wx/.test(line));
  expect(both).toEqual([]);
  expect(maps).toMatch(/ rw-p .*\[stack\]/);
  await init.signal(15);
  expect(await init.exit()).toMatchObject({ status: 143 });
});
