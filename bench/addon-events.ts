/**
 * Sends real-time signals with payloads to this very process, takes them through the addon, and
 * prints how many a second. A program of its own, since it takes all signals of its process over.
 */
import { addonOrEnd } from "../host/node/addon/addon.ts";
import { SignalQueue } from "../host/node/loop/arrived.ts";

const SIGNAL = 40;
const BATCH = 1000;

const milliseconds = Number(process.argv[2] ?? 1000);
const addon = addonOrEnd();
const queue = new SignalQueue(addon);
const listening = addon.listen(() => undefined);
if (listening < 0) throw new Error(`cannot handle signals: errno ${-listening}`);
const pid = addon.pid();
const start = addon.now();
let taken = 0;
let now = start;
for (; now - start < milliseconds; now = addon.now()) {
  for (let value = 0; value < BATCH; value++) addon.queue(pid, SIGNAL, value, 0);
  while (queue.next() !== undefined) taken++;
}
process.stdout.write(`${Math.round((taken / (now - start)) * 1000)}\n`);
addon.leave(0);
