// Where things are, relative to the checkout that this file is in.
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A user's PATH often lacks the folders that hold administration tools. */
const searched = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/**
 * Tells whether a program can be found. Looking for the file costs microseconds, asking the
 * package manager would cost tens of milliseconds.
 * @param {string} name a program's name, or an absolute path
 */
export function present(name) {
  if (name.startsWith("/")) return existsSync(name);
  return searched.some((folder) => folder !== "" && existsSync(join(folder, name)));
}
