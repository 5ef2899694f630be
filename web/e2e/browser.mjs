// The product in a real browser: `cargo xtask test --only browser`. Ends with the line `N passed, N failed`.

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

import { launch } from "./chromium.mjs";
import { GROUND, startDemo } from "./demo.mjs";
import { inspect } from "./inspection.mjs";
import { Report } from "./report.mjs";
import { daily } from "./journeys/daily.mjs";
import { mistakes } from "./journeys/mistakes.mjs";
import { pages } from "./journeys/pages.mjs";
import { story } from "./journeys/story.mjs";
import { votes } from "./journeys/votes.mjs";
import { ways } from "./journeys/ways.mjs";

/** What is played, by the names that may be given on the command line to play some alone. */
const JOURNEYS = {
  story: (ground) => story(ground, true),
  "story-plain": (ground) => story(ground, false),
  mistakes: (ground) => mistakes(ground, true),
  "mistakes-plain": (ground) => mistakes(ground, false),
  daily,
  votes,
  ways,
  pages,
};
/** Side by side: people of one lane do not appear in the other. */
const LANES = [["story", "story-plain", "daily"], ["mistakes", "mistakes-plain", "votes", "ways"]];
/** In the end a hub is broken. */
const LAST = ["pages"];
const SHOTS = path.join(GROUND, "screenshots");

/** Shows what is on the screen, in the folder that a person looks through before a release. */
async function shoot(person, name) {
  await person.page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage: true });
}

/** Inspects each kind of page once: the same path and name look alike in every run. */
function once(report) {
  const done = new Set();
  return async (person, name) => {
    if (!person.javascript || done.has(name)) return;
    done.add(name);
    await report.check(`page ${name}`, async () => {
      const findings = await inspect(person);
      if (findings.length) throw new Error(findings.join("\n"));
    });
  };
}

async function main() {
  rmSync(SHOTS, { recursive: true, force: true });
  mkdirSync(SHOTS, { recursive: true });
  const report = new Report();
  const demo = await startDemo(2);
  const browser = await launch();
  try {
    const ground = { report, browser, demo, look: once(report), shoot };
    const chosen = process.argv.slice(2);
    const wanted = (names) => names.filter((name) => !chosen.length || chosen.includes(name));
    const play = async (names) => {
      for (const name of wanted(names)) await JOURNEYS[name](ground);
    };
    await Promise.all(LANES.map(play));
    await play(LAST);
  } finally {
    await browser.close();
    await demo.stop();
  }
  process.exitCode = report.close() ? 0 : 1;
}

await main();
