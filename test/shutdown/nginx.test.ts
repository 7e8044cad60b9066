// nginx, which ends at once on TERM, and on QUIT when the requests in flight are done.
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { copyTo, libraryPath, unpacked } from "../support/debian.ts";
import { copiesFor } from "../support/others.ts";
import { describe, expect, skipLoudly, test } from "../support/system-test.ts";
import { eventually } from "../support/wait.ts";
import { TERM } from "../support/signals.ts";

/** A user id that nobody has. */
const USER = 61_237;
const BODY = 90_000;
/** Bytes in a second, so that the body takes one: nginx sends a second's worth at once. */
const RATE = 45_000;

const configuration = (home: string) => `
daemon off;
worker_processes 1;
pid ${home}/pid;
error_log stderr notice;
events { worker_connections 16; }
http {
  access_log off;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  server {
    listen unix:${home}/socket;
    root ${home};
    limit_rate ${RATE};
  }
}
`;

describe.each([
  ["PID 1", true],
  ["a subreaper", false],
])("nginx under %s", (_, pid1) => {
  test("completes a slow request after the stop signal", async ({ lab, skip, task }) => {
    const packages = await unpacked("nginx", "nginx-common");
    if ("why" in packages) skipLoudly({ skip, task }, packages.why);
    const copy = copyTo(lab.folder, packages.root, "usr/sbin", "usr/lib");
    const home = `${lab.folder}/home`;
    mkdirSync(home);
    writeFileSync(`${home}/nginx.conf`, configuration(home));
    writeFileSync(`${home}/slow`, "x".repeat(BODY));
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(home, USER, USER);
    const server = lab.start({
      host: copiesFor(lab).host,
      pid1,
      prepare: isRoot ? [`user:${USER}`] : [],
      env: { LD_LIBRARY_PATH: libraryPath(copy) },
      options: ["--rewrite", "TERM:QUIT", "--stop", "QUIT:5s,TERM"],
      command: [`${copy}/usr/sbin/nginx`, "-e", "stderr", "-c", `${home}/nginx.conf`],
    });
    await server.stderr.line(/start worker process \d/);

    const client = connect(`${home}/socket`);
    const chunks: Buffer[] = [];
    let ended = false;
    client.on("data", (chunk: Buffer) => chunks.push(chunk));
    client.on("end", () => (ended = true));
    client.write("GET /slow HTTP/1.0\r\n\r\n");
    await eventually("the answer begins", () => chunks.length > 0);
    await server.signal(TERM);
    await server.stderr.line(/gracefully shutting down/);
    // The request was in flight when the signal came, and a new one finds nobody.
    expect(ended).toBe(false);
    expect((await server.finished()).status).toBe(0);
    await eventually("the answer ends", () => ended);
    const body = Buffer.concat(chunks).toString().split("\r\n\r\n")[1];
    expect(body?.length).toBe(BODY);
    expect(server.stderr.text).not.toMatch(/signal 15|\(SIGTERM\)/);
    client.destroy();
  });
});
