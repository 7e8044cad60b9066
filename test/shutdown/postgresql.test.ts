// PostgreSQL, whose three stop signals are three kinds of shutdown: TERM waits for the clients,
// INT disconnects them, QUIT is the emergency.
import { chownSync, mkdirSync } from "node:fs";
import { copyTo, libraryPath, unpacked } from "../support/debian.ts";
import { anyProgram, type Host } from "../support/host.ts";
import type { Lab } from "../support/lab.ts";
import { copiesFor } from "../support/others.ts";
import type { StartedInit } from "../support/started.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { TERM } from "../support/signals.ts";

/** PostgreSQL refuses to run as root, and as a user without a name: nobody. */
const USER = 65_534;
const PACKAGES = ["postgresql-15", "postgresql-client-15", "libpq5"];

class Database {
  readonly home: string;
  readonly data: string;
  readonly env: Record<string, string>;
  readonly bin: string;
  readonly host: Host;

  constructor(
    readonly lab: Lab,
    root: string,
  ) {
    const copy = copyTo(
      lab.folder,
      root,
      ...["usr/lib/postgresql/15/bin", "usr/lib/postgresql/15/lib", "usr/share/postgresql/15"],
      ...["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"],
    );
    this.bin = `${copy}/usr/lib/postgresql/15/bin`;
    this.env = { LD_LIBRARY_PATH: libraryPath(copy), LC_ALL: "C", PGUSER: "tester" };
    const home = (this.home = `${lab.folder}/home`);
    mkdirSync(home);
    if (process.getuid?.() === 0) chownSync(home, USER, USER);
    this.data = `${home}/data`;
    this.host = copiesFor(lab).host;
  }

  get prepare(): string[] {
    return process.getuid?.() === 0 ? [`user:${USER}`] : [];
  }

  async create() {
    const { env, prepare } = this;
    const words = ["-D", this.data, "-U", "tester", "-A", "trust", "--no-sync", "--no-locale"];
    const run = this.lab.start({
      host: anyProgram(`${this.bin}/initdb`),
      prepare,
      env,
      cwd: this.home,
      args: words,
    });
    const { status, stderr } = await run.finished(60_000);
    if (status !== 0) throw new Error(stderr);
  }

  /** The server under an init; its log is the init's stderr. */
  async serve(pid1: boolean, options: string[]): Promise<StartedInit> {
    const server = this.lab.start({
      host: this.host,
      pid1,
      prepare: this.prepare,
      env: this.env,
      cwd: this.home,
      options,
      command: [
        ...[`${this.bin}/postgres`, "-D", this.data, "-k", this.data],
        ...["-c", "listen_addresses=", "-c", "max_connections=5", "-c", "shared_buffers=1MB"],
      ],
    });
    await server.stderr.line(/ready to accept connections/);
    return server;
  }

  client(): StartedInit {
    const args = ["-h", this.data, "-d", "postgres", "-X", "-A", "-t", "-q"];
    const { env } = this;
    return this.lab.start({ host: anyProgram(`${this.bin}/psql`), env, args, stdin: "pipe" });
  }
}

describe.each([
  ["PID 1", true],
  ["a subreaper", false],
])("PostgreSQL under %s", (_, pid1) => {
  test("shuts down cleanly by its stop plan, with a client connected", async ({
    lab,
    skip,
    task,
  }) => {
    const packages = await unpacked(...PACKAGES);
    if ("why" in packages) skipLoudly({ skip, task }, packages.why);
    const database = new Database(lab, packages.root);
    await database.create();

    // The plan of the manual, with a first step short enough for a test whose client stays.
    const server = await database.serve(pid1, ["-v", "--stop", "TERM:300ms,INT:10s,QUIT"]);
    const client = database.client();
    client.stdin?.write("create table kept (n int); insert into kept values (41), (1);\n");
    client.stdin?.write("select 'connected';\n");
    await client.stdout.line(/connected/);
    await server.signal(TERM);
    await server.stderr.line(/received smart shutdown request/);
    client.stdin?.write("insert into kept select 100 from kept; select 'still connected';\n");
    await client.stdout.line(/still connected/);
    expect((await server.finished(60_000)).status).toBe(0);
    expect(server.stderr.text).toMatch(
      /received smart shutdown[^]*received fast shutdown[^]*database system is shut down/,
    );
    expect(server.stderr.text).not.toMatch(/immediate shutdown|sent QUIT|sent KILL/);
    client.stdin?.end();
    await client.finished();

    // Its data is as the client left it, and no recovery was needed.
    const plan = ["-v", "--stop", "TERM:20s,INT:10s,QUIT"];
    const again = await database.serve(pid1, plan);
    expect(again.stderr.text).toMatch(/database system was shut down at/);
    expect(again.stderr.text).not.toMatch(/not properly shut down|interrupted|recovery/);
    const reader = database.client();
    reader.stdin?.write("select 'sum ' || sum(n) from kept;\n");
    await reader.stdout.line(/sum 242/);
    await again.signal(TERM);
    await again.stderr.line(/received smart shutdown request/);
    // This client leaves when it is asked to, and the plan ends with its first step.
    reader.stdin?.end();
    await reader.finished();
    expect((await again.finished(60_000)).status).toBe(0);
    expect(again.stderr.text).toMatch(/database system is shut down/);
    expect(again.stderr.text).not.toMatch(/fast shutdown/);
    await eventually("no server process is left", () => lab.isQuiet(5_000).then(() => true));
  });
});
