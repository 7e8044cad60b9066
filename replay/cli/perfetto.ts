/** Chrome trace-event JSON, which Perfetto opens: a track for each process, arrows for signals. */
import { type Job, UsageError } from "./job.ts";
import { write } from "./output.ts";
import { draw, type Track } from "./picture.ts";

export function perfetto(job: Job): number {
  if (job.options.format !== undefined && job.options.format !== "perfetto")
    throw new UsageError(`no format '${String(job.options.format)}': expected perfetto`);
  const micro = (milliseconds: number) => milliseconds * 1000;
  const own = job.trace.boot.find(({ pid }) => pid !== 0)?.pid ?? 1;
  let separator = '{"displayTimeUnit":"ms","traceEvents":[\n';
  const put = (event: object) => {
    write(separator + JSON.stringify({ pid: own, ...event }));
    separator = ",\n";
  };
  const track = ({ pid, name, start, end, how }: Track) => {
    put({ ph: "M", tid: pid, name: "thread_name", args: { name: `${name} ${pid}` } });
    // A span of no length would not be seen.
    const dur = Math.max(micro(end - start), 1);
    const label = how === undefined ? name : `${name} (${how})`;
    put({ ph: "X", tid: pid, ts: micro(start), dur, name: label });
  };
  const instant = (now: number, tid: number, name: string) =>
    put({ ph: "i", s: "t", tid, ts: micro(now), name });
  let id = 0;
  put({ ph: "M", name: "process_name", args: { name: "wasm-init" } });
  const init = draw(job, {
    track,
    arrival: (now, text) => instant(now, own, text),
    mark: (now, text) => instant(now, own, text),
    wait: (start, end) =>
      put({ ph: "X", tid: own, ts: micro(start), dur: micro(end - start), name: "waiting" }),
    sent: (now, pid, text) => {
      instant(now, pid, text);
      const flow = { ts: micro(now), id: id++, name: text, cat: "signal" };
      put({ ph: "s", tid: own, ...flow });
      put({ ph: "f", bp: "e", tid: pid, ...flow });
    },
  });
  track(init);
  write("\n]}\n");
  return 0;
}
