/** What CHANGELOG.md says of the version that is released: as notes, and as Debian wants it. */
import { readFileSync } from "node:fs";
import { date, name, version } from "./dated";

/** The newest version's part, without its heading. */
function newest(): string {
  const part = readFileSync("CHANGELOG.md", "utf8").split(/^## /m)[1] ?? "";
  const heading = `${version}\n`;
  if (!part.startsWith(heading)) throw new Error(`CHANGELOG.md begins not with ${version}`);
  return part.slice(heading.length).trim();
}

/** Notes of the release, in Markdown. */
export function releaseNotes(): string {
  return `# ${name} ${version}\n\n${newest()}\n`;
}

/** Lines of no more than lintian allows, indentation included. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length < 75) lines[lines.length - 1] = `${line} ${word}`.trimStart();
    else lines.push(word);
  }
  return lines;
}

/** The part as a Debian changelog (deb-changelog(5)): one change for each paragraph or item. */
export function debianChangelog(maintainer: string): string {
  const changes = newest()
    .split(/\n\s*\n|\n(?=- )/)
    .map((text) => wrapped(text.replace(/^- /, "")).join("\n    "));
  // As `date -R` has it: toUTCString says GMT where that says +0000.
  const when = date.toUTCString().replace("GMT", "+0000");
  return [
    `${name} (${version}) stable; urgency=medium`,
    "",
    ...changes.map((change) => `  * ${change}`),
    "",
    ` -- ${maintainer}  ${when}`,
    "",
  ].join("\n");
}
