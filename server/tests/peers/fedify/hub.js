// The real binary as a child process, driven by its JSON twin.

import { spawn, execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const BINARY = process.env.INTERKPA_BIN;
const START_MAX = 60_000;
const NAME = "bobinette";

const running = new Set();
// However this process ends, no hub outlives it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** A hub: its folder stays until the end, its process may be ended and started again. */
export class Hub {
  constructor(folder, origin) {
    this.folder = folder;
    this.origin = origin;
  }

  /** A hub of the sample network, which hears every server. */
  static async demo() {
    const [folder, port] = [await newFolder(), await freePort()];
    const hub = new Hub(join(folder, NAME), `http://${NAME}.localhost:${port}`);
    const words = ["demo", "--json", "--only", NAME, "--base-port", port, "--data", folder];
    const ready = await hub.start(words, {}, (line) => line.event === "ready");
    hub.members = ready.hubs[0].members;
    return hub;
  }

  /** An empty hub that listens at `port` and says that it is at `origin`. */
  static async bare(origin, port) {
    const hub = new Hub(await newFolder(), origin);
    const words = ["init", "--loopback", "--open", "--base-url", origin, "--name", "La Bobinette"];
    await hub.command(...words, "--slug", NAME, "--listen", `127.0.0.1:${port}`);
    await hub.serve();
    return hub;
  }

  /** Serves the folder, with settings of the test's choice on top. */
  async serve(settings = {}) {
    const log = { INTERKPA_LOG__FORMAT: "json", INTERKPA_LOG__FILTER: "info", ...settings };
    const words = ["serve", "--data", this.folder];
    await this.start(words, log, (line) => line.fields?.message === "serving");
  }

  /** Starts a process and waits for the line that says it is ready. */
  async start(words, settings, isReady) {
    this.child = spawn(BINARY, words, {
      env: { ...process.env, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(this.child);
    this.ended = once(this.child, "exit");
    const said = [];
    return await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${why}: interkpa ${words.join(" ")}\n${said.join("\n")}`));
      const timer = setTimeout(() => fail("not ready in time"), START_MAX);
      this.child.once("exit", (code) => fail(`ended with ${code}`));
      this.child.once("error", reject);
      const read = (text) => {
        said.push(text);
        const line = asJson(text);
        if (line === null || !isReady(line)) return;
        clearTimeout(timer);
        resolve(line);
      };
      for (const stream of [this.child.stdout, this.child.stderr]) {
        createInterface({ input: stream }).on("line", read);
      }
    });
  }

  /** Ends the process as a service manager does. */
  async stop() {
    this.child.kill("SIGTERM");
    await this.ended;
    running.delete(this.child);
  }

  /** What a command of the operator prints. */
  async command(...words) {
    const { stdout } = await promisify(execFile)(BINARY, [...words, "--data", this.folder]);
    return stdout;
  }

  /** Deliveries that wait for a server. */
  async waitingFor(server) {
    const lines = await this.command("delivery", "list", "--json", "--server", server);
    return lines.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  /** The address of a path. */
  at(path) {
    return new URL(path, this.origin);
  }

  /** A document as it is served to anybody. */
  async document(url) {
    const answered = await fetch(url, { headers: { accept: "application/activity+json" } });
    if (answered.status !== 200) throw new Error(`${url} answered ${answered.status}`);
    return await answered.json();
  }

  /** A member by handle, who speaks through the JSON twin. */
  member(handle) {
    const { token } = this.members.find((member) => member.handle === handle);
    return new Member(this, handle, token);
  }
}

class Member {
  constructor(hub, handle, token) {
    Object.assign(this, { hub, handle, token });
  }

  /** Calls the JSON twin; any answer but 2xx is an error. */
  async call(method, path, body) {
    const answered = await fetch(this.hub.at(`/api/v1${path}`), {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answered.text();
    if (!answered.ok) throw new Error(`${method} ${path} answered ${answered.status}: ${text}`);
    return asJson(text);
  }

  /** Publishes an offer. */
  async offer(title, changes = {}) {
    const words = { title, description: "Au comptoir, le samedi.", town: "Roubaix" };
    const deal = { purpose: "offer", settlements: ["hours"], minutes: 60, visibility: "public" };
    return await this.call("POST", "/proposals", { ...words, ...deal, ...changes });
  }
}

/** Ends what is left running, and removes the folders. */
export async function endAll() {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

const folders = [];

async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), "interkpa-fedify-"));
  folders.push(folder);
  return folder;
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
