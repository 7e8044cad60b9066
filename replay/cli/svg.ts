/** The run as one SVG without anything from outside, 1200 px wide, for light and dark pages. */
import type { Job } from "./job.ts";
import { write } from "./output.ts";
import { type Canvas, draw, type Track } from "./picture.ts";
import { span } from "./why.ts";

const WIDTH = 1200;
const LEFT = 170;
const RIGHT = 30;
const TOP = 60;
const ROW = 56;
/** More tracks, or labels closer than this, would only blacken the picture. */
const TRACKS_MAX = 30;
const LABEL_GAP = 70;

const style = `
  .page { fill: #ffffff } text { font: 13px system-ui, sans-serif; fill: #1b1f24 }
  .dim { fill: #59636e } .bar { fill: #9ec5f4 } .init { fill: #c9d1d9 } .wait { fill: #f2cc60; opacity: .6 }
  .arrow { stroke: #b3261e; stroke-width: 1.5; fill: none } .head { fill: #b3261e }
  .grid { stroke: #d0d7de } .in { stroke: #1a7f37; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text { fill: #e6edf3 } .dim { fill: #9198a1 } .bar { fill: #1f6feb }
    .init { fill: #484f58 } .wait { fill: #9e6a03 } .arrow { stroke: #ff7b72 } .head { fill: #ff7b72 }
    .grid { stroke: #30363d } .in { stroke: #3fb950 }
  }`;

/** What is drawn. Of what would fall on the same place only the first is: a long run fits, too. */
class Picture implements Canvas {
  readonly arrivals: { now: number; text: string }[] = [];
  readonly arrows: { now: number; pid: number; text: string }[] = [];
  readonly waits: { start: number; end: number }[] = [];
  command: Track | undefined;
  readonly others: Track[] = [];
  /** Processes for which there is no room. */
  left = 0;
  readonly #targets = new Set<number>();
  readonly #place: (now: number) => number;
  readonly #taken = new Set<string>();

  constructor(place: (now: number) => number) {
    this.#place = place;
  }

  track(track: Track, own: boolean): void {
    if (own) this.command = track;
    else if (this.others.length < TRACKS_MAX - 1) this.others.push(track);
    else this.left++;
  }

  arrival(now: number, text: string): void {
    if (this.#isFree("arrival", now)) this.arrivals.push({ now, text });
  }

  mark(): void {
    // Only signals are drawn.
  }

  sent(now: number, pid: number, text: string): void {
    if (this.#targets.size < TRACKS_MAX) this.#targets.add(pid);
    if (this.#targets.has(pid) && this.#isFree(`sent ${pid}`, now))
      this.arrows.push({ now, pid, text });
  }

  wait(start: number, end: number): void {
    if (this.#isFree("wait", start)) this.waits.push({ start, end });
  }

  #isFree(what: string, now: number): boolean {
    const key = `${what} ${Math.round(this.#place(now))}`;
    return !this.#taken.has(key) && this.#taken.add(key) !== undefined;
  }
}

/** Times of the first event that is left, and of the last. */
function spanOf({ trace }: Job): { start: number; end: number } {
  let start = trace.halves[0]?.sequence === 0 ? 0 : Infinity;
  let end = 0;
  for (const half of trace.halves) {
    const entries = half.entries();
    while (entries.next()) {
      end = entries.event.now;
      start = Math.min(start, end);
    }
  }
  return { start: Math.min(start, end), end: Math.max(end, 1) };
}

export function svg(job: Job): number {
  const { start: begin, end } = spanOf(job);
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(end - begin, 1);
  const x = (now: number) => Math.round((LEFT + Math.max(now - begin, 0) * scale) * 10) / 10;
  const picture = new Picture(x);
  const init = draw(job, picture);
  const { arrivals, arrows, waits, command, others } = picture;
  const shown = command === undefined ? others : [command, ...others];
  const height = TOP + (shown.length + 1) * ROW + 40;
  const y = (row: number) => TOP + row * ROW;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>A run of wasm-init, ${span(init.end)}</title>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<defs><marker id="to" markerWidth="8" markerHeight="8" refX="6" refY="3" orient="auto"><path class="head" d="M0 0 6 3 0 6Z"/></marker></defs>`,
  ];
  for (let tick = 0; tick <= 6; tick++) {
    const now = begin + ((end - begin) * tick) / 6;
    const at = x(now);
    out.push(`<path class="grid" d="M${at} ${TOP - 20}V${height - 30}"/>`);
    out.push(text(at, height - 12, span(now), 'class="dim" text-anchor="middle"'));
  }
  const bar = (track: Track, row: number, look: string) => {
    const width = Math.max(x(track.end) - x(track.start), 2);
    out.push(text(12, y(row) + 15, short(`${track.name} ${track.pid}`)));
    if (track.how !== undefined)
      out.push(text(12, y(row) + 32, short(`ended ${track.how}`), 'class="dim"'));
    out.push(
      `<rect class="${look}" x="${x(track.start)}" y="${y(row)}" width="${width}" height="20" rx="3"/>`,
    );
  };
  bar(init, 0, "init");
  shown.forEach((track, index) => bar(track, index + 1, "bar"));
  for (const { start, end: until } of waits)
    out.push(
      `<rect class="wait" x="${x(start)}" y="${y(0)}" width="${x(until) - x(start)}" height="20"/>`,
    );
  let free = -Infinity;
  const label = (at: number, top: number, words: string) => {
    if (at < free) return;
    free = at + LABEL_GAP;
    const anchor = at > WIDTH - 160 ? ' text-anchor="end"' : "";
    out.push(text(at + (anchor === "" ? 4 : -4), top, words, anchor));
  };
  for (const { now, text: words } of arrivals) {
    out.push(`<path class="in" d="M${x(now)} ${TOP - 16}V${TOP}"/>`);
    label(x(now), TOP - 20, words);
  }
  free = -Infinity;
  for (const { now, pid, text: words } of arrows) {
    const row = shown.findIndex((track) => track.pid === pid) + 1;
    if (row === 0) continue;
    const at = x(now);
    out.push(`<path class="arrow" marker-end="url(#to)" d="M${at} ${y(0) + 20}V${y(row) - 2}"/>`);
    label(at, y(row) - 8, words);
  }
  if (picture.left > 0)
    out.push(text(LEFT, height - 30, `and ${picture.left} more processes`, 'class="dim"'));
  out.push("</svg>");
  write(`${out.join("\n")}\n`);
  return 0;
}

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;
}

function short(words: string): string {
  return words.length > 22 ? `${words.slice(0, 21)}…` : words;
}

function escaped(words: string): string {
  const safe = { "&": "&amp;", "<": "&lt;", ">": "&gt;" } as Record<string, string>;
  // eslint-disable-next-line no-control-regex -- XML has no place for control characters
  return words.replace(/[\x00-\x1f]/g, "?").replace(/[&<>]/g, (character) => safe[character] ?? "");
}
