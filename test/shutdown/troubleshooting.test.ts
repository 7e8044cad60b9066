// Programs that need an option: each line of docs/troubleshooting.md, with something that behaves as
// the program does in its place.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { root } from "../support/paths.ts";
import { got, inBothPositions } from "../support/positions.ts";
import type { Stage } from "../support/positions.ts";
import { expect, skipLoudly } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { CONT, HUP, QUIT, TERM, USR2, WINCH } from "../support/signals.ts";

const REAL_TIME = 50;
/** The last signal: when it is received, all others that were sent before are, too. */
const FENCE = 64;

const page = readFileSync(`${root}docs/troubleshooting.md`, "utf8");

/** The options of the page's lines that end in this command. */
function optionsFor(command: string): string[][] {
  const lines = page.split("\n").filter((it) => it.endsWith(` -- ${command}`));
  return lines.map((line) => (line.split(" -- ")[0] ?? "").split(" ").slice(1));
}

/** A command whose first process is `master`, with a `worker` in its process group. */
async function withWorker({ lab, start }: Stage, options: string[] = []) {
  const worker = `${lab.probe} name:worker listen:${FENCE} &`;
  const script = `${worker} exec ${lab.probe} name:master listen:${FENCE}`;
  const init = start({ options, command: ["sh", "-c", script] });
  const { pid } = await init.event("listening", "worker");
  await init.event("listening", "master");
  return { init, worker: await init.outerPid(pid) };
}

/** A terminal that nobody leads, as a serial device: its path, and how it is hung up. */
async function device(): Promise<{ path: string; hangUp: () => Promise<void> }> {
  const script = "import os, sys; m, s = os.openpty(); print(os.ttyname(s), flush=True)";
  const holder = spawn("python3", ["-c", `${script}; sys.stdin.read()`]);
  const ended = once(holder, "exit");
  const [path] = (await once(holder.stdout.setEncoding("utf8"), "data")) as [string];
  const hangUp = async () => {
    holder.stdin.end();
    await ended;
  };
  return { path: path.trim(), hangUp };
}

inBothPositions((claim) => {
  const masters = [
    ["gunicorn app:application", HUP],
    ["gunicorn app:application", USR2],
    ["celery worker", TERM],
  ] as const;
  for (const [command, signal] of masters) {
    claim(`${command}: signal ${signal} reaches the master alone`, async (stage) => {
      const { init, worker } = await withWorker(stage, optionsFor(command)[0]);
      await init.signal(signal);
      await init.received(signal, "master");
      process.kill(worker, FENCE);
      await init.received(FENCE, "worker");
      await init.signal(FENCE);
      expect((await init.finished()).status).toBe(0);
      expect(got(init, "worker")).toEqual([FENCE]);
    });
  }

  claim("sudo: what it passes on arrives once with -c, twice without", async ({ lab, start }) => {
    // A real-time signal, since two of another one may arrive as one.
    const script = `trap 'kill -${REAL_TIME} $!' ${REAL_TIME}
      ${lab.probe} listen:${FENCE} & while kill -0 $!; do wait $!; done 2>&-`;
    for (const [options, times] of [
      [["-c"], 1],
      [[], 2],
    ] as const) {
      const init = start({ options, command: ["sh", "-c", script] });
      const program = await init.outerPid((await init.event("listening")).pid);
      await init.signal(REAL_TIME);
      const count = () => got(init).filter((it) => it === REAL_TIME).length;
      await eventually("the signal, as often as it must come", () => count() === times);
      process.kill(program, FENCE);
      await init.finished();
      expect(count()).toBe(times);
    }
  });

  claim("npm start: the server gets TERM once, and is waited for", async ({ lab, start }) => {
    const server = `${lab.probe} name:server listen:${FENCE} say:closed`;
    const script = `trap 'exit 143' TERM; ${server} & while :; do wait; done`;
    const [options] = optionsFor("npm start");
    const init = start({ options, command: ["sh", "-c", script] });
    const pid = await init.outerPid((await init.event("listening", "server")).pid);
    await init.signal(TERM);
    await init.received(TERM, "server");
    process.kill(pid, FENCE);
    expect((await init.finished()).status).toBe(143);
    await init.event("say", "server");
    expect(got(init, "server").filter((it) => it !== CONT)).toEqual([TERM, FENCE]);
  });

  claim("a serial device hangs up: only a session leader gets HUP", async (stage) => {
    const { lab, start, context } = stage;
    const found = spawn("python3", ["--version"], { stdio: "ignore" });
    const [status] = (await once(found, "close")) as [number | null];
    if (status !== 0) skipLoudly(context, "python3 is missing");
    for (const options of [["-c"], []]) {
      const { path, hangUp } = await device();
      const script = `exec 3<>${path}; exec ${lab.probe} listen:${FENCE}`;
      const init = start({ options, command: ["sh", "-c", script] });
      await init.event("listening");
      await hangUp();
      if (options.length === 0) await init.received(HUP);
      await init.signal(FENCE);
      expect((await init.finished()).status).toBe(0);
      expect(got(init).includes(HUP)).toBe(options.length === 0);
    }
  });

  claim("java: QUIT starts no plan, and TERM ends it with 0", async ({ lab, start }) => {
    const [options = []] = optionsFor("java -jar server.jar");
    const command = [lab.probe, `listen:${TERM}`, `die:${TERM}`];
    const init = start({ options: [...options, "-v"], command });
    await init.event("listening");
    await init.signal(QUIT);
    await init.received(QUIT);
    expect(init.stderr.text).not.toContain("stop plan");
    await init.signal(TERM);
    const { status, stderr } = await init.finished();
    expect(status).toBe(0);
    expect(stderr).toContain("stop plan: started by TERM");
  });

  claim("httpd: TERM and WINCH both start the plan, with WINCH", async ({ lab, start }) => {
    const lines = optionsFor("httpd -DFOREGROUND");
    expect(lines).toHaveLength(2);
    for (const [at, signal] of [TERM, WINCH].entries()) {
      const options = [...(lines[at] ?? []), "-v"];
      const init = start({ options, command: [lab.probe, `listen:${WINCH}`] });
      await init.event("listening");
      await init.signal(signal);
      const { status, stderr } = await init.finished();
      expect(status).toBe(0);
      expect(stderr).toContain("stop plan: started by ");
      expect(got(init)).toContain(WINCH);
      expect(got(init)).not.toContain(TERM);
    }
  });

  claim("a daemon's script survives a hot upgrade, and stops the new master", async (stage) => {
    const { lab, start } = stage;
    const pidFile = `${lab.folder}/server.pid`;
    // As nginx does: USR2 moves the pid file away and starts a new master, QUIT ends the old one.
    const server = `${lab.folder}/server`;
    writeFileSync(
      server,
      `#!/bin/sh
       [ "$1" = --daemonize ] && { setsid -f "$0"; while [ ! -s ${pidFile} ]; do sleep 0.05; done; exit; }
       trap 'mv ${pidFile} ${pidFile}.old; setsid -f "$0"' USR2
       trap 'rm ${pidFile}.old; exit' QUIT
       trap 'echo stopped; rm ${pidFile}; exit' TERM
       echo $$ > ${pidFile}
       while :; do sleep 0.05 & wait $!; done`,
    );
    chmodSync(server, 0o755);
    const [, block = ""] = /```sh\n(trap [^]*?)```/.exec(page) ?? [];
    const script = block.replaceAll("/run/server.pid", pidFile).replace(/^server/m, server);
    const init = start({ command: ["sh", "-c", script] });
    const master = (old?: number) =>
      eventually("a master", () => {
        const pid = pidIn(pidFile);
        return pid !== 0 && pid !== old && pid;
      });
    const old = await master();
    process.kill(await init.outerPid(old), "SIGUSR2");
    const fresh = await master(old);
    const oldOutside = await init.outerPid(old);
    process.kill(oldOutside, "SIGQUIT");
    await eventually("the old master has gone", () => !existsSync(`${pidFile}.old`));
    expect(init.hasEnded).toBe(false);
    expect(fresh).not.toBe(old);
    await init.signal(TERM);
    expect(await init.finished()).toMatchObject({ status: 0, stdout: "stopped\n" });
  });
});

/** The process id in a file, 0 while there is none: servers make and move theirs at any moment. */
function pidIn(path: string): number {
  try {
    return Number(readFileSync(path, "latin1"));
  } catch {
    return 0;
  }
}
