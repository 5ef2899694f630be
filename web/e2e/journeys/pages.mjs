// Every page of the hub for each kind of reader, the pages that say no, and what the first visit costs.

import { DatabaseSync } from "node:sqlite";
import path from "node:path";

import { BUDGET } from "../inspection.mjs";
import { must } from "../report.mjs";
import { Person } from "../person.mjs";

/** Who reads, and which pages exist for them beside those of the line before. */
const READERS = [
  [undefined, ["/", "/entraide", "/publier", "/kpa", "/hub", "/@bobinette/suivre", "/connexion", "/api",
    "/aide", "/accessibilite", "/mentions-legales", "/vie-privee", "/source"]],
  ["aicha", ["/", "/entraide", "/publier", "/notifications", "/moi", "/moi/profil", "/moi/mot-de-passe",
    "/moi/appareils", "/moi/cles", "/moi/annonces", "/moi/reponses", "/moi/accords", "/temps", "/kpa", "/hub"]],
  ["karima", ["/moi", "/accompagner", "/accompagner/inviter", "/accompagner/publier-pour",
    "/accompagner/redonner-acces", "/a-prevenir", "/moderation"]],
  ["nadia", ["/moi", "/administration", "/administration/kpa", "/administration/envois",
    "/administration/invitations", "/administration/membres", "/administration/journal"]],
];
const LARGEST_UPLOAD = 11 * 1_024 * 1_024;
/** Wrong passwords that one account may get within 15 minutes. */
const TRIES_MAX = 10;

/** Looks at all of them. */
export async function pages(ground) {
  const { report, demo } = ground;
  const hub = demo.hubs.get("bobinette");
  for (const [who, addresses] of READERS) await read(ground, hub, who, addresses);
  await report.check("the first page costs little", () => first(ground, hub));
  await refusals(ground, hub);
  await failure(ground, demo.hubs.get("chevalement"));
}

async function read({ report, browser, look, shoot }, hub, who, addresses) {
  const person = await Person.at(browser, hub, { who });
  const links = new Map();
  const name = who ?? "visitor";
  await report.check(`every page of ${name} opens quietly`, async () => {
    if (who) await person.signIn();
    for (const address of addresses) {
      await person.open(address);
      const called = `${name}${address.replace(/\W+/g, "-")}`;
      await shoot(person, called);
      await look(person, called);
      await collect(person, links);
      person.checkQuiet();
    }
  });
  await report.check(`every link that ${name} sees leads somewhere`, async () => {
    must(links.size > addresses.length / 2, "few links were found");
    const answers = await person.page.evaluate(
      (all) => Promise.all(all.map(async (address) => [address, (await fetch(address)).status])),
      [...links.values()],
    );
    const dead = answers.filter(([address, status]) => status >= 400);
    must(dead.length === 0, dead.map(([address, status]) => `${address} answers ${status}`).join("\n"));
    person.traffic.takeComplaints();
  });
  await person.leave();
}

/** The links of the page into this hub: one of each kind, things of one kind being alike. */
async function collect(person, links) {
  const found = await person.page.locator("a[href]").evaluateAll((all) => all.map((link) => link.href));
  for (const href of found) {
    const address = new URL(href);
    if (address.origin !== new URL(person.hub.url).origin) continue;
    links.set(address.pathname.replace(/[0-9a-f-]{36}/, "{id}"), address.origin + address.pathname + address.search);
  }
}

/** A phone that was never here: bytes, requests, and all of the style and scripts (web.md §7). */
async function first({ browser }, hub) {
  const stranger = await Person.at(browser, hub);
  await stranger.page.goto(hub.url, { waitUntil: "networkidle" });
  const { requests } = stranger.traffic;
  const bytes = requests.reduce((sum, request) => sum + request.bytes, 0);
  const style = requests.filter(({ kind }) => kind === "Stylesheet").reduce((sum, request) => sum + request.bytes, 0);
  console.log(`       first page: ${requests.length} requests, ${bytes} B, style ${style} B`);
  console.log(requests.map(({ url, kind, bytes: size }) => `         ${kind} ${size} B ${url}`).join("\n"));
  must(bytes <= BUDGET.first, `${bytes} B, at most ${BUDGET.first}`);
  must(requests.length <= BUDGET.firstRequests, `${requests.length} requests, at most ${BUDGET.firstRequests}`);
  await stranger.leave();
}

async function refusals({ report, browser, look, shoot }, hub) {
  const aicha = await Person.at(browser, hub, { who: "aicha" });
  const shown = async (name, words) => {
    await aicha.sees(words);
    await aicha.sees("Revenir à l’accueil");
    await shoot(aicha, name);
    await look(aicha, name);
    aicha.checkQuiet();
  };
  await report.journey("pages that say no", [
    ["an address that does not exist offers a search", async () => {
      await aicha.signIn();
      await aicha.open("/nulle-part", 404);
      await shown("error-404", "Cette page n’existe pas");
      await aicha.open("/objets/01a211e6-4409-70be-b7b2-2e00e8dc1276", 404);
      await aicha.sees("Cette page n’existe pas");
      await aicha.page.getByRole("searchbox").fill("couture");
      await aicha.page.getByRole("searchbox").press("Enter");
      await aicha.sees("Recherche « couture »");
    }],
    ["a page of the team is closed to others", async () => {
      await aicha.open("/moderation", 403);
      await shown("error-403", "Cette page est réservée");
    }],
    ["an address for buttons alone says so", async () => {
      await aicha.open("/deconnexion", 405);
      await shown("error-405", "Cette adresse ne s’ouvre pas ainsi");
    }],
    ["a photograph that is too big says the limit and keeps the words", async () => {
      await aicha.open("/publier");
      await aicha.choose("Un coup de main");
      await aicha.write("En une ligne", "Une photo énorme");
      const file = { name: "enorme.png", mimeType: "image/png", buffer: Buffer.alloc(LARGEST_UPLOAD) };
      await aicha.page.getByLabel(/^\s*Photo/).setInputFiles(file);
      await aicha.write("Ce qu’on voit sur la photo", "Une photo très lourde");
      await aicha.press("Publier", { within: aicha.page.getByRole("main"), status: 422 });
      await aicha.sees("La limite est 10 Mo. Essayez avec une photo plus petite.");
      must((await aicha.written("En une ligne")) === "Une photo énorme", "the title is lost");
      aicha.checkQuiet();
    }],
    ["too many tries at a password have to wait", async () => {
      const stranger = await Person.at(browser, hub);
      stranger.traffic.expect(422);
      for (let tries = 0; tries <= TRIES_MAX; tries += 1) {
        stranger.traffic.expect(429);
        await stranger.open("/connexion");
        await stranger.write("Votre nom de compte", "oumar");
        await stranger.write("Mot de passe", "au hasard, encore");
        await stranger.press("Entrer", { status: 422 });
      }
      await stranger.sees("Trop d’essais");
      await stranger.sees("Attendez 5 minutes, ou passez nous voir au local.");
      await shoot(stranger, "error-429");
      stranger.checkQuiet();
      await stranger.leave();
    }],
  ]);
  await aicha.leave();
}

/** A broken database: a table is taken away under the running hub, as the last thing that is done to it. */
async function failure({ report, browser, demo, look, shoot }, hub) {
  await report.check("a failure of ours says so and gives a code", async () => {
    const lucien = await Person.at(browser, hub, { who: "lucien" });
    await lucien.signIn();
    const database = new DatabaseSync(path.join(demo.data, hub.name, "hub.db"));
    database.exec("PRAGMA busy_timeout = 5000; ALTER TABLE proposals RENAME TO broken");
    database.close();
    await lucien.open("/entraide", 500);
    await lucien.sees("Nous avons eu un problème");
    await lucien.sees("Ce n’est pas votre faute.");
    await lucien.sees(/Code à donner à l’équipe/);
    await shoot(lucien, "error-500");
    await look(lucien, "error-500");
    lucien.checkQuiet();
    await lucien.leave();
  });
}
