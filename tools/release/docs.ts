/** Writes docs/options.md: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { tables } from "../../assembly/options/tables";
import { version } from "./dated";
import { optionsPage } from "./options";

const [own] = tables;
if (own === undefined) throw new Error("there is no option table");
writeFileSync("docs/options.md", optionsPage(own, version));
