// The runner: cases one after the other, in the order in which they are written.

const cases = [];
let subject = "";

/** The name before those of the cases that follow. */
export function about(words) {
  subject = words;
}

/** A rule, and the function that fails when it does not hold. */
export function rule(name, holds) {
  cases.push({ name: `${subject}: ${name}`, holds });
}

/** Runs every case; how many passed and failed. */
export async function run(say) {
  let passed = 0;
  for (const { name, holds } of cases) {
    const begun = performance.now();
    try {
      await holds();
      passed += 1;
      say(`ok    ${name} (${Math.round(performance.now() - begun)} ms)`);
    } catch (error) {
      say(`FAIL  ${name}\n${error.stack}`);
    }
  }
  return { passed, failed: cases.length - passed };
}
