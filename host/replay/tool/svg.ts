/** The run as one SVG without anything from outside, 1200 px wide, for light and dark pages. */
import type { Job } from "./main.ts";
import { pictureOf, type Track } from "./picture.ts";
import { span } from "./why.ts";

const WIDTH = 1200;
const LEFT = 170;
const RIGHT = 30;
const TOP = 60;
const ROW = 56;
/** More tracks, or labels closer than this, would only blacken the picture. */
const MOST_TRACKS = 30;
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

export function svg(job: Job): number {
  const { init, tracks, arrivals, sent, waits } = pictureOf(job);
  const shown = tracks.slice(0, MOST_TRACKS);
  const end = Math.max(init.end, 1);
  const height = TOP + (shown.length + 1) * ROW + 40;
  const x = (now: number) => Math.round((LEFT + (now / end) * (WIDTH - LEFT - RIGHT)) * 10) / 10;
  const y = (row: number) => TOP + row * ROW;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>A run of wasm-init, ${span(init.end)}</title>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<defs><marker id="to" markerWidth="8" markerHeight="8" refX="6" refY="3" orient="auto"><path class="head" d="M0 0 6 3 0 6Z"/></marker></defs>`,
  ];
  for (let tick = 0; tick <= 6; tick++) {
    const at = x((end * tick) / 6);
    out.push(`<path class="grid" d="M${at} ${TOP - 20}V${height - 30}"/>`);
    out.push(text(at, height - 12, span((end * tick) / 6), 'class="dim" text-anchor="middle"'));
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
  for (const { now, pid, text: words } of sent) {
    const row = shown.findIndex((track) => track.pid === pid) + 1;
    if (row === 0) continue;
    const at = x(now);
    out.push(`<path class="arrow" marker-end="url(#to)" d="M${at} ${y(0) + 20}V${y(row) - 2}"/>`);
    label(at, y(row) - 8, words);
  }
  if (tracks.length > shown.length)
    out.push(
      text(LEFT, height - 30, `and ${tracks.length - shown.length} more processes`, 'class="dim"'),
    );
  out.push("</svg>");
  process.stdout.write(`${out.join("\n")}\n`);
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
