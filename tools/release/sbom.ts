/** What the build is made of, as npm lists it (CycloneDX). */
import { execFileSync } from "node:child_process";
import { date, name } from "./dated";

interface Bill {
  serialNumber?: string;
  metadata: { timestamp: string; component: { name: string } };
  components: {
    name: string;
    version: string;
    licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
  }[];
}

/** A package of the lock file. */
export interface Component {
  name: string;
  version: string;
  licenses: string[];
}

function listed(): Bill {
  const text = execFileSync(
    "npm",
    ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  return JSON.parse(text) as Bill;
}

/**
 * npm's list without what differs from run to run: a random serial number, the present time, and as
 * the component's name that of the folder.
 */
export function bill(): string {
  const sbom = listed();
  delete sbom.serialNumber;
  sbom.metadata.timestamp = date.toISOString();
  sbom.metadata.component.name = name;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** Every package, with its licences by their SPDX names. */
export function components(): Component[] {
  return listed().components.map(({ name, version, licenses = [] }) => ({
    name,
    version,
    licenses: licenses.map(
      ({ license, expression }) => license?.id ?? license?.name ?? expression ?? "unnamed",
    ),
  }));
}
