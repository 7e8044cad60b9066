// A drain where /proc is not mounted: descendants can't be found.
import { after, anyProgram } from "../support/host.ts";
import { whyNoPid1 } from "../support/lab.ts";
import { got } from "../support/positions.ts";
import { CONT, TERM, USR1 } from "../support/signals.ts";
import { expect, skipLoudly, test } from "../support/system-test.ts";

const WITHOUT_PROC = ["sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"];

for (const options of [[], ["-v"]]) {
  test(`a drain says once that /proc can't be listed ${options.join("")}`, async ({ lab }) => {
    const init = lab.start({
      host: after(["unshare", "--mount", ...WITHOUT_PROC]),
      options: ["--drain=100ms", ...options],
      command: [lab.probe, "session{", "pause", "}", "exit:7"],
    });
    expect(await init.exit()).toMatchObject({ status: 7 });
    await lab.endTheRest();
    await init.finished();
    const about = init.stderr.lines.filter((line) => /\/proc|gave up/.test(line));
    expect(about).toEqual([
      expect.stringMatching(/cannot list processes in \/proc: No such file or directory/),
      "wasm-init: gave up: cannot send KILL to the remaining processes",
    ]);
  });
}

test("a drain as PID 1 awaits processes that came in from outside", async ({ lab, skip, task }) => {
  const absent = whyNoPid1();
  if (absent !== undefined) skipLoudly({ skip, task }, absent);
  const init = lab.start({
    pid1: true,
    host: after(WITHOUT_PROC),
    options: ["--drain=1h"],
    command: [lab.probe, "name:command", `listen:${USR1}`, "exit:3"],
  });
  await init.event("listening", "command");
  const guest = lab.start({
    host: anyProgram("nsenter"),
    args: [
      ...["--target", String(await init.pid()), "--pid", lab.probe],
      ...["name:guest", "listen:64", "exit:0"],
    ],
  });
  const { pid } = await guest.event("listening", "guest");
  const outside = await init.outerPid(pid);
  await init.signal(USR1);
  await guest.received(CONT, "guest");
  expect(init.hasEnded).toBe(false);
  process.kill(outside, 64);
  expect(await init.finished()).toMatchObject({ status: 3, stderr: "" });
  expect(got(guest, "guest")).toEqual([TERM, CONT, 64]);
});
