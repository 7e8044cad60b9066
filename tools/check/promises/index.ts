/** npm run promises: writes docs/promises.md, and says what does not fit. */
import { writeFileSync } from "node:fs";
import { joined, promisesPage } from "./promises";

const promises = joined();
for (const problem of promises.problems) process.stderr.write(`${problem}\n`);
writeFileSync("docs/promises.md", promisesPage(promises));
process.exitCode = promises.problems.length > 0 ? 1 : 0;
