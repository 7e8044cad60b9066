// The same Wasm in a browser: a page replays a real recording, and answers what Node answers.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { boot, childExited, explore, parseTrace, replay, signal } from "wasm-init/replay";
import { root } from "../support/paths.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { within } from "../support/wait.ts";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const COMMAND_LINE = "wasm-init -r HUP:USR1 --stop=TERM:10s,KILL -- server";

// Without these a browser looks for its maker's servers first.
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Serves the page and what it asks for, and returns what it posted. */
function serve(trace: Uint8Array): { server: Server; answer: Promise<unknown> } {
  const files: Record<string, [string, string | Uint8Array]> = {
    "/": ["text/html", readFileSync(`${root}/test/browser/page.html`)],
    "/replay.mjs": ["text/javascript", readFileSync(`${root}/build/replay.mjs`)],
    "/trace": ["application/octet-stream", trace],
  };
  const server = createServer();
  const answer = new Promise((resolve) => {
    server.on("request", (request: IncomingMessage, response) => {
      if (request.method === "POST") {
        let text = "";
        request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
        request.on("end", () => {
          response.end();
          resolve(JSON.parse(text));
        });
        return;
      }
      const [type, body] = files[request.url ?? ""] ?? ["text/plain", ""];
      response.writeHead(body === "" ? 404 : 200, { "content-type": type }).end(body);
    });
  });
  return { server, answer };
}

/** Ends a browser with the processes that it started. */
async function quit(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null) return;
  const gone = once(browser, "exit");
  process.kill(-browser.pid, "SIGKILL");
  await gone;
}

describe("in a browser", () => {
  test("a real recording replays, and a run decides, as in Node", async ({ lab, skip, task }) => {
    const program = BROWSERS.find((path) => existsSync(path));
    if (program === undefined) skipLoudly({ skip, task }, "no browser (apt-get install chromium)");
    const file = `${lab.folder}/run`;
    await lab.start({ options: ["--record", file], command: ["true"] }).finished();
    const trace = readFileSync(file);
    const { server, answer } = serve(trace);
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    const browser = spawn(program, [...FLAGS, `--user-data-dir=${lab.folder}/profile`, url], {
      detached: true,
      stdio: "ignore",
    });
    try {
      const run = boot(COMMAND_LINE);
      const lines = [
        run.take(signal("HUP")),
        run.take(signal("TERM")),
        run.advance("10s"),
        run.take(childExited(100, { signal: "KILL" })),
      ].map((actions) => actions.map((action) => action.line));
      const { states, transitions, exhausted } = explore(COMMAND_LINE, { signals: ["TERM"] });
      expect(await within("the page's answer", answer, 50_000)).toEqual({
        replayed: replay(parseTrace(trace)),
        lines,
        status: 137,
        explored: { states, transitions, exhausted },
      });
      expect(transitions).toBeGreaterThan(10);
    } finally {
      await quit(browser);
      server.closeAllConnections();
      server.close();
    }
  });
});
