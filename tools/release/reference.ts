/**
 * What the man page and docs/options.md say of our own options, beyond the one line of --help.
 * `Backquotes` mark what is typed; there is no other markup.
 */
import type { Row } from "../../assembly/options/tables";

/** What is said of one option. */
export interface Reference {
  /** Paragraphs. The first sentence says what the option does. */
  text: readonly string[];
  /** What applies without the option, if that is a value that could be given: `1M`. */
  byDefault?: string;
  /**
   * A line for sh(1), and all that it prints on both streams: 4242 stands for any pid, `"ms":0`
   * for any time, {version} for ours.
   */
  example: { command: string; prints: string };
}

/** By the name of the option in the enum Option. */
const reference: Readonly<Record<string, Reference>> = {
  SingleChild: {
    text: [
      "Signal only the command. Without this option, a signal goes to the command's process group, so that the children of a shell get it too. The command gets a process group of its own, but stays in the session of the init. Use this for programs that pass signals on to their children themselves.",
    ],
    example: {
      command: "wasm-init --single-child --explain | head -1",
      prints: "The command runs in a new process group; signals go to the command alone.\n",
    },
  },
  Group: {
    text: [
      "Run the command in a process group of its own, but in the session of the init. Without this option, the command leads a new session. Signals still go to the whole process group.",
    ],
    example: {
      command: "wasm-init --group --explain | head -1",
      prints: "The command runs in a new process group; signals go to its process group.\n",
    },
  },
  Rewrite: {
    text: [
      "When the signal FROM arrives, send TO instead; with `none` as TO, send nothing. The option can be given for several signals. `KILL` and `STOP` cannot be caught, so they cannot be FROM. The steps of a stop plan are not rewritten.",
    ],
    example: {
      command: "wasm-init --rewrite TERM:INT -- sh -c 'kill -TERM $PPID; sleep 9'; echo $?",
      prints: "130\n",
    },
  },
  ParentDeath: {
    text: [
      "When the parent of the init ends, send SIGNAL to the init, which forwards it like any other. With `KILL`, the command is killed too when the init ends. For the kernel, the parent is the thread that started the init, not its process: see PR_SET_PDEATHSIG in prctl(2).",
    ],
    example: {
      command:
        "sh -c 'wasm-init --parent-death TERM -- sleep 60 & sleep 0.2'   # ends after 0.2 seconds",
      prints: "",
    },
  },
  Stop: {
    text: [
      "Set what happens when a stop signal arrives. PLAN is a list of up to 16 steps `SIGNAL:DURATION`. Each step sends its signal, then waits for the command to end, at most for DURATION. The last step needs no duration. In place of SIGNAL, `=` stands for the signal that started the plan, as `--rewrite` changed it, and `none` sends nothing.",
      "The signal that starts the plan is not forwarded; the first step takes its place. If the command still exists one second after `KILL`, the init prints a message and exits. Without this option, a stop signal is forwarded like any other, and nothing follows.",
    ],
    example: {
      command:
        "wasm-init --stop TERM:1s,KILL -- sh -c 'trap \"\" TERM; kill -TERM $PPID; sleep 9'; echo $?",
      prints: "137\n",
    },
  },
  StopOn: {
    text: [
      "Set the signals that start the stop plan, separated by commas. The signal that arrived counts, not what `--rewrite` makes of it.",
    ],
    byDefault: "TERM,INT,QUIT",
    example: {
      command:
        "wasm-init --stop TERM:5s,KILL --stop-on USR1 -- sh -c 'kill -USR1 $PPID; sleep 9'; echo $?",
      prints: "143\n",
    },
  },
  Drain: {
    text: [
      "When the command has ended, end the processes that remain, and exit when none is left. As PID 1, these are all processes of the namespace; otherwise, all descendants of the init. A DURATION stands for the plan `TERM:DURATION,KILL`; without a value it is five seconds. A PLAN has the form of `--stop`; if its last step has a time, the init exits when that is over, even if processes remain. Processes of the command's group that had the stop signal, or one of the stop plan, do not get the first signal of the drain; those that ignore it, or were started later, do.",
      "Without this option, the init sends `TERM` to the rest of the command's process group, unless the group had it before, and exits. When PID 1 exits, the kernel kills all other processes.",
    ],
    example: {
      command:
        "wasm-init --drain=none:2s,TERM -- sh -c '(sleep 0.2; echo finished) & exit 3'; echo $?",
      prints: "finished\n3\n",
    },
  },
  ExitMap: {
    text: [
      "Exit with TO if the status would be FROM. FROM is a status from 0 to 255, a range such as `1-5`, or a signal such as `TERM`, which stands for 128 plus its number. The option can be given several times; the last one that matches wins. The statuses 125, 126 and 127 of the init itself do not change.",
    ],
    example: {
      command: "wasm-init --exit-map 143:0 -- sh -c 'kill -TERM $$'; echo $?",
      prints: "0\n",
    },
  },
  Explain: {
    text: [
      "Start nothing. Print what each signal would do with the options given, the steps of the stop plan, and the longest time from a stop signal to the exit. With `json`, print one JSON object.",
    ],
    example: {
      command: "wasm-init --stop TERM:8s,KILL --explain | grep Longest",
      prints: "Longest time from a stop signal to the exit: 9s\n",
    },
  },
  Subreaper: {
    text: [
      "Adopt orphans below the init even if it is not PID 1: see PR_SET_CHILD_SUBREAPER in prctl(2). `auto` does so unless the init is PID 1, which adopts them anyway. `-s`, or the option without a value, means `on`.",
    ],
    byDefault: "auto",
    example: {
      command: "wasm-init --subreaper=on --warn-on-reap -- sh -c '(sleep 0.1 &); sleep 0.3'",
      prints: "wasm-init: reaped adopted process 4242\n",
    },
  },
  Pause: {
    text: [
      "Run no command. Reap children until `TERM` or `INT` arrives, then exit with status 0. With `--drain`, end the remaining processes first.",
    ],
    example: {
      command: "timeout --preserve-status 0.2 wasm-init --pause; echo $?",
      prints: "0\n",
    },
  },
  Sandbox: {
    text: [
      "Once the command runs, give up the privileges that the init no longer needs: most capabilities, and all system calls but those of its loop. The command keeps its own. If the kernel refuses the sandbox, `auto` goes on without it, and `on` exits with status 125. The option without a value means `on`. `off` keeps all privileges.",
    ],
    byDefault: "auto",
    example: {
      command: "wasm-init --sandbox=off -- sh -c 'exit 3'; echo $?",
      prints: "3\n",
    },
  },
  Split: {
    text: [
      "Replace the option by the words of STRING, as `env -S` does. In the first line of a script, the kernel passes everything after the interpreter's name as one argument; this option splits it: `#!/sbin/wasm-init -S --stop TERM:5s,KILL /bin/sh`. STRING may contain quotes and escapes, but no variables.",
    ],
    example: {
      command: "wasm-init --split '--exit-map 3:0 sh -c' 'exit 3'; echo $?",
      prints: "0\n",
    },
  },
  As: {
    text: [
      "Accept the options of `dumb-init`, `tini` or `catatonit`, and behave as it does. This must be the first argument. It is not needed if the program is called by that name.",
    ],
    example: {
      command: "wasm-init --as dumb-init -r 15:2 -- sh -c 'kill -TERM $PPID; sleep 9'; echo $?",
      prints: "130\n",
    },
  },
  Record: {
    text: [
      "Record every event and action of the run to FILE, from which `wasm-init-trace` can explain and replay the run. In FILE, `%p` stands for the pid of the init and `%t` for the start time. FILE must be new, empty, or a trace, which is replaced. If the file can't be written later, the recording ends and the run goes on.",
    ],
    example: {
      command:
        "wasm-init --record run.trace -- sh -c 'exit 3'; wasm-init-trace why run.trace | grep -o 'init exited.*'",
      prints: "init exited with status 3: the command ended with status 3\n",
    },
  },
  RecordLimit: {
    text: [
      "Set the size of the recording, from `16K` to `1024M`. The file has this size from the start; when it is full, the oldest events are dropped.",
    ],
    byDefault: "1M",
    example: {
      command: "wasm-init --record run.trace --record-limit 16K -- true; wc -c run.trace",
      prints: "16384 run.trace\n",
    },
  },
  RecordArguments: {
    text: [
      "Also record the arguments of the command, which may hold secrets. Without this option, only its name is recorded.",
    ],
    example: {
      command:
        "wasm-init --record run.trace --record-argv -- sh -c 'exit 3'; wasm-init-trace show run.trace | head -1",
      prints: "wasm-init --record run.trace --record-argv -- sh -c 'exit 3'\n",
    },
  },
  Verbose: {
    text: [
      "Report on stderr what happens: the start and end of the command, stop plans, drains, and failures that the init recovers from. Given twice, also report each signal and each process that is reaped.",
    ],
    example: {
      command: "wasm-init --verbose -- sh -c 'exit 3'",
      prints:
        "wasm-init: started 'sh' as 4242\nwasm-init: the command (4242) exited with status 3\n",
    },
  },
  Quiet: {
    text: ["Print only errors that keep the command from being run. Warnings are not printed."],
    example: {
      command: "wasm-init --warn-on-reap --quiet -- sh -c '(sleep 0.1 &); sleep 0.3'",
      prints: "",
    },
  },
  Log: {
    text: [
      "Set the format of messages. With `json`, each message is a JSON object on a line of its own, with the keys `ms` (milliseconds since the start), `event`, `action`, `pid`, `signal` and `message`; what does not apply is left out.",
    ],
    byDefault: "text",
    example: {
      command: "wasm-init --log json --verbose -- sh -c 'exit 3'",
      prints:
        '{"ms":0,"event":"Spawned","action":"Spawn","pid":4242,"message":"started \'sh\' as 4242"}\n' +
        '{"ms":1,"event":"ChildExited","action":"Reap","pid":4242,"message":"the command (4242) exited with status 3"}\n',
    },
  },
  WarnOnReap: {
    text: [
      "Print a line for each adopted process that is reaped. A program that leaves many orphans may have a bug.",
    ],
    example: {
      command: "wasm-init --warn-on-reap -- sh -c '(sleep 0.1 &); sleep 0.3'",
      prints: "wasm-init: reaped adopted process 4242\n",
    },
  },
  Help: {
    text: ["Print a summary of the options and exit."],
    example: {
      command: "wasm-init --help | head -1",
      prints: "Usage: wasm-init [OPTIONS] [--] COMMAND [ARG...]\n",
    },
  },
  Version: {
    text: ["Print the version and exit."],
    example: { command: "wasm-init --version", prints: "wasm-init {version}\n" },
  },
};

/** Returns what is said of an option; throws if nothing is. */
export function referenceOf(row: Row): Reference {
  const found = reference[row.option];
  if (found === undefined) throw new Error(`tools/release/reference.ts has no ${row.option}`);
  return found;
}

/** Paragraphs on how options are written. */
export const syntax: readonly string[] = [
  "Options come before the command. They end at the first argument that does not begin with `-`, or after `--`. Short options can be written together: `-vc`. A value follows the option as the next argument, or in the same one: `-r TERM:QUIT`, `-rTERM:QUIT`, `--rewrite TERM:QUIT` and `--rewrite=TERM:QUIT` are the same. A value in brackets can be left out; it is given only with `=`, after the long name.",
  "If an option is given more than once, the last one counts. `-r` and `-e` add up, and so does `-v`.",
];

/** How values are written. */
export const valueForms: readonly (readonly [name: string, form: string])[] = [
  [
    "SIGNAL",
    "a name in any case, with or without `SIG` (`TERM`, `sigterm`), `RTMIN+n`, `RTMAX-n`, or a number from 1 to 64",
  ],
  ["DURATION", "`500ms`, `10s`, `2m` or `1h`; seconds if there is no unit; at most 24 hours"],
  ["PLAN", "steps `SIGNAL:DURATION`, separated by commas; the last one may be just `SIGNAL`"],
  ["SIZE", "a number of bytes, or of 1024 (`K`) or 1048576 (`M`) bytes"],
  ["WHEN", "`auto`, `on` or `off`"],
];

/** Variables that the program looks at under its own name. */
export const environment: readonly (readonly [name: string, text: string])[] = [
  [
    "WASM_INIT_OPTIONS",
    "Options that are read before those of the command line, whatever the program is called. The value is split as `--split` splits its own. The variable is removed from the environment of the command.",
  ],
  [
    "WASM_INIT_RECORD",
    "A file to record to, as with `--record`. The variable is removed from the environment of the command.",
  ],
  [
    "LISTEN_PID, WATCHDOG_PID",
    "If the value is the pid of the init, the command gets its own pid instead, and no `LISTEN_PIDFDID`. See sd_listen_fds(3) and sd_watchdog_enabled(3).",
  ],
];
