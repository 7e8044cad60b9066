/**
 * The descriptors above 2 that the process was started with, for its command, such as sockets that
 * sd_listen_fds(3) counts. libuv has marked them close-on-exec like its own, so that these are told
 * by what they are.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const ACCESS = 0o3;

/** Lists them. Call it before anything else is opened; without /proc the list is empty. */
export function inheritedDescriptors(): number[] {
  const open = list().filter(({ number }) => number > 2);
  // libuv talks to itself by pipes of which it holds both ends.
  const pipes = open.filter(({ target }) => target.startsWith("pipe:"));
  const both = pipes.filter(({ number, target, flags }) =>
    pipes.some(
      (other) =>
        other.number !== number &&
        other.target === target &&
        (other.flags & ACCESS) !== (flags & ACCESS),
    ),
  );
  return open.filter((it) => !both.includes(it) && !isNodes(it)).map(({ number }) => number);
}

interface Descriptor {
  number: number;
  target: string;
  flags: number;
}

/** epoll, eventfd and io_uring of its loops, and /dev/null, which libuv holds open in reserve. */
function isNodes({ target, flags }: Descriptor): boolean {
  return (
    /^anon_inode:\[(eventpoll|eventfd|io_uring)\]$/.test(target) ||
    (target === "/dev/null" && (flags & ACCESS) === 0)
  );
}

function list(): Descriptor[] {
  let names: string[];
  try {
    names = readdirSync("/proc/self/fd");
  } catch {
    return [];
  }
  // The one by which the list was read is among them, and gone.
  return names.flatMap((name) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      const info = readFileSync(`/proc/self/fdinfo/${name}`, "latin1");
      const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "0", 8);
      return [{ number: Number(name), target, flags }];
    } catch {
      return [];
    }
  });
}
