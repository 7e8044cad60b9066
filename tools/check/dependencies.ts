/**
 * The packages that the project is built with: under which licences they are, and what is known
 * against them.
 *
 *   tsx tools/check/dependencies.ts [licenses] [audit]
 *
 * Both unless one is named. The lock file is what is read; nothing of it need be installed.
 */
import { spawnSync } from "node:child_process";
import { asked } from "./asked";
import { type Component, components } from "../release/sbom";

/** For what only runs here: any licence that lets it be used without conditions on what it makes. */
const forTools = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC"];
forTools.push("MIT", "MPL-2.0");

/** For what we ship parts of: none that asks for the source of what it is joined with. */
const forParts = ["Apache-2.0", "MIT"];

/** Packages that leave something of theirs in what we ship, and what. */
const parts: Record<string, string> = {
  "@assemblyscript/loader": "in the bundles for Node and browsers",
  assemblyscript: "its library, compiled into the core",
  "node-addon-api": "its headers, in the addon and beside its sources",
  wabt: "the frame around its translation of the core",
};

/** Whatever has no licence that we can take. */
export function refused(all: readonly Component[]): Component[] {
  return all.filter(({ name, licenses }) => {
    const allowed = name in parts ? forParts : forTools;
    return licenses.length === 0 || licenses.some((it) => !allowed.includes(it));
  });
}

/** One line for each licence, with the packages under it. */
export function licenseList(all: readonly Component[]): string {
  const byLicense = new Map<string, string[]>();
  for (const { name, version, licenses } of all) {
    const license = licenses.join(", ") || "none";
    const shipped = name in parts ? ` (${parts[name]})` : "";
    byLicense.set(license, [...(byLicense.get(license) ?? []), `${name} ${version}${shipped}`]);
  }
  return [...byLicense]
    .sort()
    .map(([license, names]) => `${license}: ${[...new Set(names)].sort().join(", ")}\n`)
    .join("");
}

/** What the registry knows against the packages of the lock file. */
export interface Audit {
  /** Why nothing is known: no registry, or one that does not answer such questions. */
  unanswered?: string;
  /** Packages with an advisory of at least high severity. */
  advisories: string[];
}

/** Asks the registry. */
export function audit(): Audit {
  const args = ["audit", "--json", "--package-lock-only", "--fetch-retries=0"];
  const { stdout, error } = spawnSync("npm", [...args, "--fetch-timeout=30000"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (error !== undefined) return { unanswered: error.message, advisories: [] };
  const answer = JSON.parse(stdout || "{}") as {
    message?: string;
    vulnerabilities?: Record<string, { severity: string }>;
  };
  if (answer.vulnerabilities === undefined)
    return { unanswered: answer.message ?? "no answer", advisories: [] };
  const grave = Object.entries(answer.vulnerabilities).filter(([, { severity }]) =>
    ["high", "critical"].includes(severity),
  );
  return { advisories: grave.map(([name, { severity }]) => `${name}: ${severity}`) };
}

function showLicenses(): boolean {
  const all = components();
  process.stdout.write(licenseList(all));
  const bad = refused(all);
  for (const { name, version, licenses } of bad)
    process.stdout.write(`refused: ${name} ${version}: ${licenses.join(", ") || "no licence"}\n`);
  return bad.length === 0;
}

function showAudit(): boolean {
  const { unanswered, advisories } = audit();
  const line = unanswered === undefined ? `${advisories.length} advisories` : "SKIPPED";
  process.stdout.write(`audit: ${line}${unanswered === undefined ? "" : `: ${unanswered}`}\n`);
  for (const advisory of advisories) process.stdout.write(`${advisory}\n`);
  return advisories.length === 0;
}

if (process.argv[1]?.endsWith("tools/check/dependencies.ts") === true) {
  const show = { licenses: showLicenses, audit: showAudit };
  const passed = asked(["licenses", "audit"]).map((part) => show[part]());
  process.exitCode = passed.every(Boolean) ? 0 : 1;
}
