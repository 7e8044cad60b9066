// Real services in containers: how each is started, used and stopped, and what its own log then
// says, under our init, under the engine's own, and as PID 1 without any.

/** Who is PID 1: our binary, the engine's own init, or the service itself. */
export type First = "ours" | "own" | "none";

/** What is seen at the end. */
export interface Ending {
  status: number;
  /** Whether it ended before the engine's patience was over, and KILL came. */
  early: boolean;
  /** What its log holds, and what it must not hold. */
  log?: RegExp[];
  never?: RegExp;
}

export interface Service {
  readonly name: string;
  /** For our init. */
  readonly plan?: string;
  /** Options of `run`. */
  readonly options?: readonly string[];
  readonly command: readonly string[];
  /** What its log says when it serves. */
  readonly ready: readonly RegExp[];
  /** A script that uses it in the container, and what it prints. */
  readonly use: string;
  readonly answer: RegExp;
  readonly ending: Record<First, Ending>;
}

const KILLED = 137;
const TERMINATED = 143;

/** Succeeds as long as there is a zombie in the container. */
export const ZOMBIES = "grep -qs ^State:.Z /proc/[0-9]*/status";

const get = (port: number) =>
  `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;

const NGINX = "daemon off; error_log stderr notice;";
const nginx = {
  command: ["nginx", "-g", NGINX],
  ready: [/start worker process \d/],
  use: get(80),
  answer: /200 OK[^]*Welcome to nginx/,
};
const graceful: Ending = {
  status: 0,
  early: true,
  log: [/signal 3 \(SIGQUIT\)[^]*gracefully shutting down[^]*exit\n/],
  never: /SIGTERM/,
};
const fast: Ending = {
  status: 0,
  early: true,
  log: [/signal 15 \(SIGTERM\)[^]*exit\n/],
  never: /gracefully/,
};

const PSQL = "PGPASSWORD=secret psql -h 127.0.0.1 -At postgres";
const postgresql = {
  options: ["--user", "postgres"],
  command: [
    "/usr/lib/postgresql/15/bin/postgres",
    ...["-D", "/var/lib/postgresql/15/main"],
    ...["-c", "config_file=/etc/postgresql/15/main/postgresql.conf", "-c", "ssl=off"],
    // The package's folder for it lies in /run, which an image does not have.
    ...["-c", "unix_socket_directories=/tmp"],
  ],
  ready: [/ready to accept connections/],
};
const password = `psql -h /tmp -qc "alter role postgres password 'secret'" postgres`;
const cleanEnd = /database system is shut down/;

/** A server in one line; `more` is what it does besides. */
const node = (more: string) => [
  "node",
  "-e",
  `const server = require("node:http").createServer((_, answer) => answer.end("served"));
   server.listen(8080, "127.0.0.1", () => console.log("listening"));${more}`,
];

const job = (name: string) =>
  `(trap 'echo ${name} put away; exit' TERM; echo ${name} up; while :; do sleep 0.02; done) &`;

export const services: readonly Service[] = [
  {
    name: "nginx alone, with the stop signal that it asks for",
    ...nginx,
    // Whoever is PID 1 adopts the subshell's child.
    use: `(true &); while ${ZOMBIES}; do sleep 0.02; done; ${get(80)}`,
    options: ["--stop-signal", "QUIT"],
    ending: { ours: graceful, own: graceful, none: graceful },
  },
  {
    name: "nginx, when TERM is what the engine sends",
    ...nginx,
    plan: "--rewrite TERM:QUIT --stop QUIT:20s,TERM",
    options: ["--stop-signal", "TERM"],
    ending: { ours: graceful, own: fast, none: fast },
  },
  {
    name: "PostgreSQL, idle",
    ...postgresql,
    plan: "--stop TERM:20s,INT:10s,QUIT",
    use: `${password} && ${PSQL} -c 'select 6 * 7'`,
    answer: /^42$/m,
    ending: {
      ours: { status: 0, early: true, log: [/smart shutdown/, cleanEnd] },
      own: { status: 0, early: true, log: [/smart shutdown/, cleanEnd] },
      none: { status: 0, early: true, log: [/smart shutdown/, cleanEnd] },
    },
  },
  {
    name: "PostgreSQL, with a client that stays",
    ...postgresql,
    plan: "--stop TERM:500ms,INT:20s,QUIT",
    use:
      `${password} && { ${PSQL} -c 'select pg_sleep(1000)' >/dev/null 2>&1 & } && ` +
      `until ${PSQL} -c 'select query from pg_stat_activity' | grep '^select pg_sleep'; ` +
      "do sleep 0.05; done",
    answer: /pg_sleep/,
    ending: {
      ours: { status: 0, early: true, log: [/smart shutdown[^]*fast shutdown/, cleanEnd] },
      own: { status: KILLED, early: false, log: [/smart shutdown/], never: cleanEnd },
      none: { status: KILLED, early: false, log: [/smart shutdown/], never: cleanEnd },
    },
  },
  {
    name: "a Node server that closes on TERM",
    plan: "--stop TERM:8s,KILL",
    command: node(
      `process.on("SIGTERM", () => { console.log("closing");
         server.close(() => { console.log("closed"); process.exit(0); }); });`,
    ),
    ready: [/listening/],
    use: get(8080),
    answer: /200 OK[^]*served/,
    ending: {
      ours: { status: 0, early: true, log: [/closing\nclosed/] },
      own: { status: 0, early: true, log: [/closing\nclosed/] },
      none: { status: 0, early: true, log: [/closing\nclosed/] },
    },
  },
  {
    name: "a Node server that handles no signal",
    command: node(""),
    ready: [/listening/],
    use: get(8080),
    answer: /200 OK[^]*served/,
    ending: {
      ours: { status: TERMINATED, early: true },
      own: { status: TERMINATED, early: true },
      none: { status: KILLED, early: false },
    },
  },
  {
    name: "a shell script with jobs in the background",
    plan: "--stop TERM:20s,KILL --drain=20s",
    command: ["bash", "-c", `${job("one")} ${job("two")} wait`],
    ready: [/one up/, /two up/],
    use: "echo /proc/[0-9]*",
    answer: /\/proc\/1/,
    ending: {
      ours: { status: TERMINATED, early: true, log: [/one put away/, /two put away/] },
      own: { status: TERMINATED, early: true, never: /put away/ },
      none: { status: KILLED, early: false, never: /put away/ },
    },
  },
  {
    name: "cron beside nginx",
    ...nginx,
    plan: "--rewrite TERM:QUIT --stop QUIT:20s,TERM --drain=20s",
    options: ["--stop-signal", "TERM"],
    command: ["sh", "-c", `cron && exec nginx -g "${NGINX}"`],
    ready: [...nginx.ready, /the job is up/],
    ending: {
      ours: { ...graceful, log: [...(graceful.log ?? []), /the job is put away/] },
      own: { ...fast, never: /gracefully|put away/ },
      none: { ...fast, never: /gracefully|put away/ },
    },
  },
];
