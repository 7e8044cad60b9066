/**
 * Makes the program that Node runs a good PID 1:
 *
 *   node --import wasm-init/pid1 server.js
 *
 * Adopted orphans are reaped, and signals that the program does not listen to do what they do
 * everywhere else. In any other process, and in worker threads, nothing happens: children may
 * inherit the option. What does it is another file, which they need not read.
 */
import { createRequire } from "node:module";

if (process.pid === 1 || process.env.NODE_DEBUG !== undefined)
  createRequire(import.meta.url)("./pid1.cjs");
