// When the set-up builds, and what it says.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { environment, run } from "../support/npm.ts";
import { ScratchApt, whyNoApt } from "../support/scratch-apt.ts";
import { SmallCheckout } from "../support/small-checkout.ts";
import { skipLoudly } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";

describe("the set-up", () => {
  let checkout: SmallCheckout;
  const start = (...words: string[]) => run("npm", ["start", "--", ...words], checkout.folder);

  beforeEach(() => {
    checkout = new SmallCheckout();
  });
  afterEach(() => checkout.remove());

  test("builds once, and says so in one line on stderr", () => {
    const first = start("echo", "hello");
    expect(first).toEqual({ status: 0, stdout: "hello\n", stderr: "wasm-init: building\n" });
    expect(start("echo", "again")).toEqual({ status: 0, stdout: "again\n", stderr: "" });
    expect(checkout.builds()).toBe(1);
  });

  test("builds again when a source has changed", () => {
    start("true");
    checkout.write("assembly/index.ts", "two");
    expect(start("true").status).toBe(0);
    expect(checkout.read("build/core.wasm")).toBe("two");
    expect(checkout.builds()).toBe(2);
  });

  test("does not build again when a source was written with the same content", () => {
    start("true");
    checkout.write("assembly/index.ts", "one");
    start("true");
    expect(checkout.builds()).toBe(1);
  });

  test("builds again when a product was touched", () => {
    start("true");
    checkout.write("build/core.wasm", "something else");
    start("true");
    expect(checkout.read("build/core.wasm")).toBe("one");
  });

  test("shows a failed build's output on stderr, has status 125, and starts nothing", () => {
    checkout.write("tools/build/build.ts", 'console.log("no such rule"); process.exit(3);\n');
    const ended = start("echo", "hello");
    expect(ended.status).toBe(125);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).toContain("no such rule\nwasm-init: the build failed (status 3)\n");
  });

  test("does not take a failed build for a finished one", () => {
    start("true");
    checkout.write("tools/build/build.ts", "process.exit(3);\n");
    expect(start("true").status).toBe(125);
    expect(start("true").status).toBe(125);
  });

  test("builds once for several starts at the same moment", async () => {
    const starts = Array.from({ length: 4 }, () =>
      spawn("npm", ["start", "--", "true"], {
        cwd: checkout.folder,
        env: environment(),
        stdio: "ignore",
      }),
    );
    const ends = await Promise.all(starts.map((started) => once(started, "exit")));
    expect(ends.map(([status]) => status as number)).toEqual([0, 0, 0, 0]);
    expect(checkout.builds()).toBe(1);
  });

  test("waits for another set-up of the checkout, and says so in one line", async () => {
    const lock = join(checkout.folder, "tools/setup");
    const other = spawn("flock", [lock, "sh", "-c", "echo held; cat"]);
    const ended = once(other, "exit");
    await once(other.stdout, "data");
    const setup = spawn("node", ["tools/setup/setup.mjs", "--build"], { cwd: checkout.folder });
    const stderr: string[] = [];
    setup.stderr.setEncoding("utf8").on("data", (text: string) => stderr.push(text));
    await eventually("the line", () => stderr.join("").includes("waiting"));
    expect(() => checkout.builds()).toThrow();
    other.stdin.end();
    await ended;
    expect(await once(setup, "close")).toEqual([0, null]);
    expect(stderr.join("")).toBe(
      "wasm-init: another set-up of this checkout is running: waiting for it\nwasm-init: building\n",
    );
  });

  test("names the compiler's packages where there is neither a compiler nor a way to get one", () => {
    // A PATH with nothing but Node has no apt-get.
    const script = [
      "-c",
      'PATH=/nowhere exec "$0" tools/setup/setup.mjs --build',
      process.execPath,
    ];
    const { status, stderr } = run("/bin/sh", script, checkout.folder);
    expect(status).toBe(125);
    expect(stderr).toBe("wasm-init: missing gcc: install with: apt-get install gcc libc6-dev\n");
  });

  test("refuses an option that it does not know", () => {
    const { status, stderr } = run("node", ["tools/setup/setup.mjs", "--biuld"], checkout.folder);
    expect(status).toBe(125);
    expect(stderr).toBe("wasm-init: set-up: unknown option '--biuld'\n");
  });

  describe.each(["dpkg/lock-frontend", "state/lists/lock"])("while %s is held", (file) => {
    test("waits with one line that says so, and goes on", async ({ skip, task }) => {
      const why = whyNoApt();
      if (why) return skipLoudly({ skip, task }, why);
      const apt = new ScratchApt(checkout.folder);
      const held = await apt.hold(file);
      const setup = apt.setup();
      const line = `wasm-init: apt is in use by process ${held.pid} (python3): waiting up to 120 seconds\n`;
      await eventually("the line", () => setup.stderr().includes(line));
      await held.release();
      expect(await setup.ended).toBe(125);
      expect(setup.stderr().split("waiting")).toHaveLength(2);
      expect(setup.stderr()).not.toMatch(/lock/i);
      expect(setup.stderr()).toContain("E: Unable to locate package gcc\n");
    });
  });
});
