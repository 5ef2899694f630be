// Makes the pictures of the README from the demo, as a phone and a laptop show it:
//
//     cargo build -p interkpa-server && (cd web/e2e && npm ci --ignore-scripts) && node web/e2e/pictures.mjs

import path from "node:path";

import { LAPTOP, launch, PHONE } from "./chromium.mjs";
import { ROOT, startDemo } from "./demo.mjs";
import { Person } from "./person.mjs";

const PICTURES = path.join(ROOT, "docs", "pictures");
/** A taller phone than that of the tests: a picture shows a whole announcement. */
const TALL = { ...PHONE, viewport: { width: 390, height: 800 } };

async function show(person, name) {
  await person.page.evaluate(() => window.scrollTo(0, 0));
  await person.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}

async function main() {
  const demo = await startDemo(5);
  const browser = await launch();
  try {
    const bobinette = demo.hubs.get("bobinette");
    const chevalement = demo.hubs.get("chevalement");

    const visitor = await Person.at(browser, bobinette, { screen: TALL });
    await visitor.open("/");
    await show(visitor, "accueil");

    const karima = await Person.at(browser, bobinette, { who: "karima", screen: TALL });
    await karima.signIn();
    await karima.soonSees("Livrer 3 bacs à Roubaix jeudi", { address: "/entraide" });
    await show(karima, "entraide");
    await karima.open("/publier?genre=request");
    await karima.choose("Un coup de main");
    await karima.write("En une ligne", "Réparer le vélo-cargo de l’école");
    await karima.choose("Heures");
    await show(karima, "publier");

    const lucien = await Person.at(browser, chevalement, { who: "lucien", screen: LAPTOP });
    await lucien.signIn();
    await lucien.soonSees("Presse à chaud 40×50", { address: "/entraide?q=presse" });
    await lucien.press(/Presse à chaud/);
    await show(lucien, "autre-kpa");
  } finally {
    await browser.close();
    await demo.stop();
  }
}

await main();
