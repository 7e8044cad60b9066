// The status that the init ends with, by --exit-map.
import { inBothPositions } from "../support/positions.ts";
import { describe, expect, test } from "../support/system-test.ts";

const rows: [maps: string[], step: string, status: number][] = [
  [["3:0"], "exit:3", 0],
  [["3:0"], "exit:4", 4],
  [["0:9"], "exit:0", 9],
  [["0:255"], "exit:0", 255],
  [["255:0"], "exit:255", 0],
  [["1-5:0"], "exit:1", 0],
  [["1-5:0"], "exit:5", 0],
  [["1-5:0"], "exit:6", 6],
  [["7-7:8"], "exit:7", 8],
  [["0-255:42"], "exit:17", 42],
  [["TERM:0"], "die:15", 0],
  [["sigterm:0"], "exit:143", 0],
  [["143:0"], "die:15", 0],
  [["RTMIN+3:1"], "die:37", 1],
  [["RTMAX-1:2"], "die:63", 2],
  [["KILL:1"], "die:9", 1],
  // The last one counts, and nothing is mapped twice.
  [["1:2", "2:3"], "exit:1", 2],
  [["1:2", "1:3"], "exit:1", 3],
  [["1-9:0", "4:4"], "exit:4", 4],
  // The command's own are its own, also where ours would have the same number.
  [["125-127:1"], "exit:126", 1],
];

inBothPositions((claim) => {
  for (const [maps, step, status] of rows) {
    claim(`-e ${maps.join(" -e ")}: ${step} becomes ${status}`, async ({ lab, probe }) => {
      const init = probe(["-q", ...maps.flatMap((map) => ["-e", map])], step);
      expect(await init.finished()).toMatchObject({ status, stderr: "" });
      await lab.isQuiet();
    });
  }
});

describe("the init's own statuses are never mapped", () => {
  test("127: the command is not found", async ({ lab }) => {
    const init = lab.start({ options: ["-e", "0-255:1"], command: ["/no/such/command"] });
    expect(await init.finished()).toMatchObject({ status: 127 });
  });
  test("126: the command can't be executed", async ({ lab }) => {
    const init = lab.start({ options: ["-e", "0-255:1"], command: [lab.folder] });
    expect(await init.finished()).toMatchObject({ status: 126 });
  });
  test("125: an option is bad", async ({ lab }) => {
    const init = lab.start({ options: ["-e", "0-255:1", "--bad"], command: ["true"] });
    expect(await init.finished()).toMatchObject({ status: 125 });
  });
});
