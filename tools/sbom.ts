/** What the build is made of, as npm lists it (CycloneDX). */
import { execFileSync } from "node:child_process";
import { date, name } from "./dated";

interface Bill {
  serialNumber?: string;
  metadata: { timestamp: string; component: { name: string } };
}

/**
 * npm's list without what differs from run to run: a random serial number, the present time, and as
 * the component's name that of the folder.
 */
export function bill(): string {
  const text = execFileSync(
    "npm",
    ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const sbom = JSON.parse(text) as Bill;
  delete sbom.serialNumber;
  sbom.metadata.timestamp = date.toISOString();
  sbom.metadata.component.name = name;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}
