// A drain where /proc is not mounted: descendants can't be found.
import { after } from "../support/host.ts";
import { expect, test } from "../support/system-test.ts";

for (const options of [[], ["-v"]]) {
  test(`a drain says once that /proc can't be listed ${options.join("")}`, async ({ lab }) => {
    const init = lab.start({
      host: after([
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs none /proc && exec "$@"',
        "sh",
      ]),
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
