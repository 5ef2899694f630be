// The foreign server of the test command: Fedify against the real binary (federation.md 8).
// Prints one line a rule, and `N passed, N failed` alone on the last one.

import { endAll } from "./hub.js";
import { endPeers } from "./peer.js";
import { run } from "./suite.js";
import { connectThrough } from "./wire.js";

connectThrough();
const SUBJECTS = [
  "discovery",
  "following",
  "publishing",
  "remarks",
  "signatures",
  "refusals",
  "delivery",
  "closed",
  "tls",
];
try {
  for (const subject of SUBJECTS) await import(`./cases/${subject}.js`);
  const { passed, failed } = await run(console.log);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await endPeers();
  await endAll();
}
