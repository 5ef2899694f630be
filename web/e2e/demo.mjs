// The sample network as `interkpa demo` starts it: real hubs in a process of their own, on free ports.

import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
/** Where everything that a run leaves goes: data, screenshots, the browser's profile. */
export const GROUND = path.join(ROOT, "target", "test", "browser");
/** The system's own range for passing connections begins at 32768 on Linux: it never takes these. */
const PORTS = { first: 20_000, last: 32_000 };
const READY_MAX_MS = 120_000;

/** Whether nothing listens on this port of this machine. */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** The first of `count` free ports in a row. */
async function freePorts(count) {
  const spread = PORTS.first + (process.pid * 7) % (PORTS.last - PORTS.first - count);
  for (let base = spread; base + count < PORTS.last; base += count) {
    const ports = Array.from({ length: count }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new Error("no free ports in a row");
}

/**
 * Starts `count` hubs and waits until they say that they are ready.
 *
 * Gives their addresses and accounts by name, the folder of their data, and `stop`.
 */
export async function startDemo(count) {
  const program = process.env.INTERKPA_BIN ?? path.join(ROOT, "target", "debug", "interkpa");
  const data = path.join(GROUND, `data-${process.pid}`);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const base = await freePorts(count);
  const args = ["--data", data, "demo", "--json", "--hubs", String(count), "--base-port", String(base)];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const ready = await firstReady(child, ended);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { hubs: new Map(ready.hubs.map((hub) => [hub.name, hub])), data, stop };
}

/** The line in which the demo says that it is ready. */
async function firstReady(child, ended) {
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise((resolve) => {
    lines.on("line", (line) => {
      const said = JSON.parse(line);
      if (said.event === "ready") resolve(said);
    });
  });
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the demo is not ready")), READY_MAX_MS).unref();
  });
  const died = ended.then((code) => {
    throw new Error(`the demo ended with ${code} before it was ready`);
  });
  // What loses the race is answered too, so that it is no unhandled failure at the end.
  died.catch(() => {});
  return Promise.race([ready, late, died]);
}
