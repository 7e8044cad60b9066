/** Chrome trace-event JSON, which Perfetto opens: a track for each process, arrows for signals. */
import { UsageError } from "./main.ts";
import type { Job } from "./main.ts";
import { pictureOf, type Track } from "./picture.ts";

export function perfetto(job: Job): number {
  if (job.options.format !== undefined && job.options.format !== "perfetto")
    throw new UsageError(`no format '${String(job.options.format)}': expected perfetto`);
  const { init, tracks, arrivals, marks, sent, waits } = pictureOf(job);
  const micro = (milliseconds: number) => milliseconds * 1000;
  const events: object[] = [];
  const track = ({ pid, name, start, end, how }: Track) => {
    const args = { name: `${name} ${pid}` };
    events.push({ ph: "M", pid: init.pid, tid: pid, name: "thread_name", args });
    // A span of no length would not be seen.
    const dur = Math.max(micro(end - start), 1);
    const label = how === undefined ? name : `${name} (${how})`;
    events.push({ ph: "X", pid: init.pid, tid: pid, ts: micro(start), dur, name: label });
  };
  events.push({ ph: "M", pid: init.pid, name: "process_name", args: { name: "wasm-init" } });
  track(init);
  tracks.forEach(track);
  const instant = (now: number, tid: number, name: string) =>
    events.push({ ph: "i", s: "t", pid: init.pid, tid, ts: micro(now), name });
  for (const { start, end } of waits)
    events.push({
      ...{ ph: "X", pid: init.pid, tid: init.pid, ts: micro(start), dur: micro(end - start) },
      name: "waiting",
    });
  for (const { now, text } of arrivals) instant(now, init.pid, text);
  for (const { now, text } of marks) instant(now, init.pid, text);
  for (const [id, { now, pid, text }] of sent.entries()) {
    instant(now, pid, text);
    const flow = { pid: init.pid, ts: micro(now), id, name: text, cat: "signal" };
    events.push({ ph: "s", tid: init.pid, ...flow });
    events.push({ ph: "f", bp: "e", tid: pid, ...flow });
  }
  process.stdout.write(`${JSON.stringify({ displayTimeUnit: "ms", traceEvents: events })}\n`);
  return 0;
}
