/** What a release is called, and the one time that everything in it bears. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  version: string;
};

export const { name, version } = manifest;

/** Seconds since 1970: SOURCE_DATE_EPOCH, or the last commit's. */
export const epoch = process.env.SOURCE_DATE_EPOCH ?? lastCommit();

/** The same time, in UTC. */
export const date = new Date(Number(epoch) * 1000);

/** The same, as 2026-01-31. */
export const day = date.toISOString().slice(0, 10);

function lastCommit(): string {
  try {
    return execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim();
  } catch {
    return "0";
  }
}
