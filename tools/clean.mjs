// npm run clean: removes what the build made. The packages stay.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup/paths.mjs";

for (const folder of ["build", "host/node/addon/build"])
  rmSync(join(root, folder), { recursive: true, force: true });
