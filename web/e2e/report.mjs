// Counts what held and what did not, and says each on a line.

/** A journey that hangs has failed. */
const STEP_MAX_MS = 60_000;

/** The findings of a run. */
export class Report {
  #passed = 0;
  #failed = 0;
  #begun = Date.now();

  /** Runs one check; what it throws is its failure. Gives whether it held. */
  async check(name, body) {
    const begun = Date.now();
    try {
      await within(STEP_MAX_MS, body());
    } catch (error) {
      this.#failed += 1;
      console.log(`FAILED ${name}\n${indented(error)}`);
      return false;
    }
    this.#passed += 1;
    console.log(`ok     ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    return true;
  }

  /**
   * Runs the steps of a journey in order, each a check of its own. After a failure the next ones cannot be
   * reached: they have failed too.
   */
  async journey(title, steps) {
    let reached = true;
    for (const [name, body] of steps) {
      const full = `${title}: ${name}`;
      if (reached) reached = await this.check(full, body);
      else {
        this.#failed += 1;
        console.log(`FAILED ${full}\n       not reached`);
      }
    }
  }

  /** The line that the test command reads, alone and last. Gives whether all held. */
  close() {
    console.log(`browser tests took ${((Date.now() - this.#begun) / 1000).toFixed(0)} s`);
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 && this.#passed > 0;
  }
}

function within(limit, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${limit / 1000} s`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function indented(error) {
  const [said, where] = [String(error?.message ?? error), String(error?.stack ?? "")];
  const place = where.split("\n").find((line) => line.includes("/journeys/")) ?? "";
  const lines = [...said.split("\n").slice(0, 30), place.trim()].filter(Boolean);
  return lines.map((line) => `       ${line}`).join("\n");
}

/** Fails with the words given unless the condition holds. */
export function must(condition, words) {
  if (!condition) throw new Error(words);
}
