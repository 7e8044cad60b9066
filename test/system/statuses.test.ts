// The init's own exit statuses, each with one line that says why.
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { loaderlessProgram } from "../support/fixtures.ts";
import type { Lab, Start } from "../support/lab.ts";
import { theOnlyLine } from "../support/lines.ts";
import { copiesFor } from "../support/others.ts";
import { describe, expect, test } from "../support/system-test.ts";

/** What goes wrong, how to make it, and what the line has to name. */
type Row = [
  claim: string,
  status: number,
  make: (lab: Lab) => Start,
  ...names: (string | RegExp)[],
];

function file(lab: Lab, name: string, content: string, mode = 0o755): string {
  const path = `${lab.folder}/${name}`;
  writeFileSync(path, content, { mode });
  return path;
}

/** The probe, as if it were for another machine: e_machine of elf(5). */
function foreignProgram(lab: Lab): string {
  const program = readFileSync(lab.probe);
  const aarch64 = 183;
  const riscv = 243;
  const other = program.readUInt16LE(18) === aarch64 ? riscv : aarch64;
  program.writeUInt16LE(other, 18);
  const path = `${lab.folder}/foreign`;
  writeFileSync(path, program, { mode: 0o755 });
  return path;
}

const FOREIGN = /exec format error: built for (aarch64|riscv64), this is [a-z0-9-]+$/i;

const rows: Row[] = [
  [
    "a command that is nowhere on PATH",
    127,
    () => ({ command: ["no-such-command", "a"] }),
    "no-such-command",
  ],
  ["a path that does not exist", 127, () => ({ command: ["/no/such/file"] }), "/no/such/file"],
  [
    "a path through something that is no folder",
    127,
    () => ({ command: ["/etc/passwd/x"] }),
    "/etc/passwd/x",
    /not a directory/i,
  ],
  [
    "a name that PATH's folders don't hold, one of which is no folder",
    127,
    () => ({ prepare: ["set:PATH=/etc/passwd:/tmp"], command: ["no-such-command"] }),
    "no-such-command",
  ],
  ["an empty word", 127, () => ({ command: [""] }), /''|""/],
  ["a lone dash", 127, () => ({ args: ["-"] }), /'-'/],
  [
    "a script whose interpreter is missing",
    127,
    (lab) => ({ command: [file(lab, "script", "#!/no/such/shell -e\necho hello\n")] }),
    /\/script'/,
    "/no/such/shell",
    /interpreter/,
  ],
  [
    "a script whose interpreter is missing, found on PATH",
    127,
    (lab) => {
      file(lab, "script", "#! /no/such/shell\necho hello\n");
      return { prepare: [`set:PATH=${lab.folder}`], command: ["script"] };
    },
    /script'/,
    "/no/such/shell",
  ],
  [
    "a script whose #! line ends with a CR",
    127,
    (lab) => ({ command: [file(lab, "script", "#!/bin/sh\r\necho hello\r\n")] }),
    /\/script'/,
    /\/bin\/sh(\\r|\^M|.*\bCR\b|.*carriage)/i,
  ],
  [
    "a program whose loader is missing",
    127,
    () => ({ command: [loaderlessProgram()] }),
    "loaderless",
    "/no/such/loader.so",
  ],
  [
    "a symbolic link that leads nowhere",
    127,
    (lab) => {
      symlinkSync("/no/such/target", `${lab.folder}/link`);
      return { command: [`${lab.folder}/link`] };
    },
    /\/link'/,
  ],
  ["a folder", 126, () => ({ command: ["/tmp"] }), "/tmp"],
  [
    "a program for another machine",
    126,
    (lab) => ({ command: [foreignProgram(lab)] }),
    /\/foreign'/,
    FOREIGN,
  ],
  [
    "a program for another machine, found on PATH",
    126,
    (lab) => {
      foreignProgram(lab);
      return { prepare: [`set:PATH=/nowhere:${lab.folder}`], command: ["foreign"] };
    },
    /'foreign'/,
    FOREIGN,
  ],
  [
    "a script whose interpreter is for another machine",
    126,
    (lab) => ({ command: [file(lab, "script", `#!${foreignProgram(lab)}\n`)] }),
    /\/script'/,
    /interpreter '.*\/foreign'/,
    FOREIGN,
  ],
  [
    "a damaged program, which is not run as a script",
    126,
    (lab) => ({ command: [file(lab, "damaged", "\x7fELF\necho hello\n")] }),
    /\/damaged'/,
    /exec format error/i,
  ],
  [
    "a script whose interpreter is not executable",
    126,
    (lab) => ({ command: [file(lab, "script", "#!/etc/passwd\n")] }),
    /\/script'/,
    /interpreter '\/etc\/passwd'/,
    /permission denied/i,
  ],
  [
    "a script whose interpreter is not executable, found on PATH",
    126,
    (lab) => {
      file(lab, "script", "#!/etc/passwd\n");
      return { prepare: [`set:PATH=${lab.folder}:/nowhere`], command: ["script"] };
    },
    /'script'/,
    /interpreter '\/etc\/passwd'/,
  ],
  [
    "a script whose interpreter is a folder",
    126,
    (lab) => ({ command: [file(lab, "script", "#!/etc\n")] }),
    /interpreter '\/etc'/,
  ],
  [
    "a script whose interpreter is a script without an interpreter",
    126,
    (lab) => ({ command: [file(lab, "script", `#!${file(lab, "plain", "exit 3\n")}\n`)] }),
    /interpreter '.*\/plain'/,
    /exec format error/i,
  ],
  [
    "a script whose interpreter is a script whose interpreter is missing",
    127,
    (lab) => ({ command: [file(lab, "script", `#!${file(lab, "other", "#!/no/such\n")}\n`)] }),
    /\/script'/,
    /interpreter '\/no\/such'/,
  ],
  [
    "a name that is too long for a file",
    126,
    () => ({ command: ["x".repeat(300)] }),
    /file name too long/i,
  ],
  [
    "a name that is nowhere on a PATH of entries that are too long",
    127,
    () => ({
      prepare: [`set:PATH=/${"x".repeat(300)}:${"/x".repeat(2500)}`],
      command: ["no-such-command"],
    }),
    "no-such-command",
  ],
  [
    "a file that is not executable",
    126,
    (lab) => ({ command: [file(lab, "data", "hello\n", 0o644)] }),
    /\/data'/,
    /permission denied/i,
  ],
  [
    "a file on PATH that is not executable",
    126,
    (lab) => {
      file(lab, "data", "hello\n", 0o644);
      return { prepare: [`set:PATH=${lab.folder}:/nowhere`], command: ["data"] };
    },
    "data",
    /permission denied/i,
  ],
  [
    "a folder on PATH by the name of the command",
    126,
    (lab) => {
      mkdirSync(`${lab.folder}/data`);
      return { prepare: [`set:PATH=${lab.folder}`], command: ["data"] };
    },
    "data",
  ],
  [
    "a loop of symbolic links",
    126,
    (lab) => {
      symlinkSync("loop", `${lab.folder}/loop`);
      return { command: [`${lab.folder}/loop`] };
    },
    /\/loop'/,
  ],
  [
    "a process that the kernel refuses to make",
    125,
    (lab) => ({
      // A user of the test's own, for the kernel counts all processes of a user.
      host: copiesFor(lab).host,
      prepare: ["limit:nproc:1", "user:61235"],
      cwd: lab.folder,
      command: ["/bin/true"],
    }),
    "/bin/true",
  ],
];

describe("an exit status of the init's own, and one line that says why", () => {
  for (const [claim, status, make, ...names] of rows) {
    for (const options of [[], ["-c"]]) {
      test(`${status} for ${claim} ${options.join("")}`, async ({ lab }) => {
        const start = make(lab);
        const args = start.args ?? [...options, "--", ...(start.command ?? [])];
        const finished = await lab.start({ ...start, args }).finished();
        expect(finished).toMatchObject({ status, signal: null, stdout: "" });
        const line = theOnlyLine(finished.stderr);
        for (const name of names) {
          if (typeof name === "string") expect(line).toContain(name);
          else expect(line).toMatch(name);
        }
      });
    }
  }

  test("126 for a program that is open for writing", async ({ lab }) => {
    const program = file(lab, "busy", "");
    await lab.run("cp", lab.probe, program);
    const writer = openSync(program, "r+");
    const finished = await lab.start({ command: [program] }).finished();
    closeSync(writer);
    expect(finished).toMatchObject({ status: 126, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("busy");
  });

  test("127 also as PID 1", async ({ lab }) => {
    const finished = await lab.start({ command: ["no-such-command"], pid1: true }).finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("no-such-command");
  });

  test("also with -q", async ({ lab }) => {
    const finished = await lab.start({ options: ["-q"], command: ["no-such-command"] }).finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
    expect(theOnlyLine(finished.stderr)).toContain("no-such-command");
  });

  test("in one line, even if the word has several", async ({ lab }) => {
    const finished = await lab.start({ command: ["no\nsuch\ncommand"] }).finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
    theOnlyLine(finished.stderr);
  });

  test("for a command word of 65,536 bytes, with a line of moderate length", async ({ lab }) => {
    const finished = await lab.start({ command: ["x".repeat(65_536)] }).finished();
    // ENAMETOOLONG: such a file can't exist.
    expect([126, 127]).toContain(finished.status);
    expect(theOnlyLine(finished.stderr).length).toBeLessThan(1_000);
  });

  test("for a command word that is no UTF-8", async ({ lab }) => {
    const finished = await lab.start({ escaped: true, args: ["--", "%ff%fe%80"] }).finished();
    expect(finished).toMatchObject({ status: 127, stdout: "" });
    theOnlyLine(finished.stderr);
  });
});
