// What goes wrong for people: empty and overlong fields, a second tap, the way back, a slow or lost connection, a
// session that ends while somebody writes. Nothing typed may be lost.

import { must } from "../report.mjs";
import { Person } from "../person.mjs";

const SLOW = { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const UNLIMITED = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
/** web.md §7, of a page that is in nobody's store yet. */
const SLOW_USABLE_MAX_MS = 3_000;
const TITLE_MAX = 120;

/** Plays them with or without JavaScript. */
export async function mistakes({ report, browser, demo, look, shoot }, javascript) {
  const hub = demo.hubs.get("bobinette");
  const bruno = await Person.at(browser, hub, { who: "bruno", javascript });
  const main = bruno.page.getByRole("main");
  const name = javascript ? "mistakes" : "mistakes without JavaScript";
  const text = `Mes mots à garder, « même ceux-ci » (${name})`;
  const seen = async (which) => {
    await shoot(bruno, `${javascript ? "js" : "nojs"}-${which}`);
    await look(bruno, which);
    bruno.checkQuiet();
  };
  await report.journey(name, [
    ["a wrong password says what to do and keeps the name", async () => {
      await bruno.open("/connexion");
      await bruno.write("Votre nom de compte", "bruno");
      await bruno.write("Mot de passe", "pas le bon mot");
      await bruno.press("Entrer", { status: 422 });
      await bruno.sees("Le nom ou le mot de passe ne va pas. Vérifiez les deux.");
      must((await bruno.written("Votre nom de compte")) === "bruno", "the name is lost");
      await seen("sign-in-refused");
      await bruno.signIn();
    }],
    ["an empty title is named, linked and focused; what was typed is kept", async () => {
      await bruno.open("/publier?genre=offer");
      await bruno.write("Plus de détails", text);
      await bruno.press("Publier", { within: main, status: 422 });
      await bruno.sees(/Il y a \d choses? à corriger/);
      must((await bruno.page.title()).startsWith("Erreur — Publier"), await bruno.page.title());
      must((await bruno.written("Plus de détails")) === text, "the text is lost");
      if (javascript) must((await focused(bruno)) === "errors", `the focus is on ${await focused(bruno)}`);
      await seen("publish-refused");
      await bruno.touch(bruno.page.locator("#errors a").first());
      must(new URL(bruno.page.url()).hash === "#f-title", bruno.page.url());
    }],
    ["a title that is too long is kept whole and the limit is said", async () => {
      const long = "Cours de couture ".repeat(20).slice(0, 300);
      await bruno.open("/publier?genre=offer");
      await bruno.page.evaluate(() => document.querySelector("[name=title]").removeAttribute("maxlength"));
      await bruno.write("En une ligne", long);
      await bruno.choose("Un coup de main");
      await bruno.choose("Heures");
      await bruno.press("Publier", { within: main, status: 422 });
      await bruno.sees(`C’est trop long. Gardez ${TITLE_MAX} caractères au plus.`);
      must((await bruno.written("En une ligne")).length === long.trim().length, "the title is cut");
      await seen("publish-too-long");
    }],
    ["a file that is no photograph is refused with a sentence", async () => {
      await bruno.open("/publier?genre=offer");
      await fillOffer(bruno, "Une annonce et un faux fichier");
      const file = { name: "photo.png", mimeType: "image/png", buffer: Buffer.from("pas une image") };
      await bruno.page.getByLabel(/^\s*Photo/).setInputFiles(file);
      await bruno.write("Ce qu’on voit sur la photo", "Rien");
      await bruno.press("Publier", { within: main, status: 422 });
      await bruno.sees("Ce fichier n’est pas une photo.");
      must((await bruno.written("En une ligne")) === "Une annonce et un faux fichier", "the title is lost");
      bruno.checkQuiet();
    }],
    ["a second tap on a slow phone publishes once", async () => {
      const title = `Deux fois le même bouton (${name})`;
      await bruno.open("/publier?genre=offer");
      await fillOffer(bruno, title);
      await bruno.traffic.session.send("Network.emulateNetworkConditions", SLOW);
      const next = bruno.page.waitForURL(/\/objets\//);
      const button = await bruno.control("Publier", main);
      await button.evaluate((element) => {
        element.click();
        element.click();
      });
      await next;
      await bruno.traffic.session.send("Network.emulateNetworkConditions", UNLIMITED);
      must((await count(bruno, title)) === 1, `it stands ${await count(bruno, title)} times`);
      bruno.checkQuiet();
    }],
    ["the way back and the same form again publish once", async () => {
      const title = `Retour en arrière (${name})`;
      await bruno.open("/publier?genre=offer");
      await fillOffer(bruno, title);
      await bruno.press("Publier", { within: main });
      await bruno.page.goBack();
      must(bruno.path.startsWith("/publier"), bruno.path);
      if ((await bruno.written("En une ligne")) === title) await bruno.press("Publier", { within: main });
      must((await count(bruno, title)) === 1, `it stands ${await count(bruno, title)} times`);
      await bruno.page.goBack();
      bruno.checkQuiet();
    }],
    ["a session that ends while writing an announcement loses nothing", async () => {
      const title = `Écrit pendant une coupure (${name})`;
      await bruno.open("/publier?genre=request");
      await fillOffer(bruno, title);
      await bruno.write("Plus de détails", text);
      await bruno.context.clearCookies();
      await bruno.press("Publier", { within: main, status: 401 });
      await signInAgain(bruno, seen, javascript ? "kept" : "kept-plain");
      must((await bruno.title()) === title, await bruno.title());
      await bruno.sees(text);
    }],
    ["nor while answering one", async () => {
      await bruno.open(`/entraide?q=couture`);
      await bruno.press(/Cours de couture débutant/);
      await bruno.write("Votre message", text);
      await bruno.context.clearCookies();
      await bruno.press("Envoyer", { status: 401 });
      await signInAgain(bruno, seen, "kept-answer");
      await bruno.sees("Votre réponse est partie.");
      await bruno.sees(text);
      await bruno.press("Annuler ma réponse");
      await bruno.sees("Votre réponse est annulée.");
    }],
    ["somebody without an account writes first and signs in afterwards", async () => {
      const title = `Écrit avant d’entrer (${name})`;
      await bruno.context.clearCookies();
      await bruno.open("/publier");
      await bruno.sees("Écrivez d’abord. Vous vous connecterez ensuite, rien n’est perdu.");
      await seen("publish-visitor");
      await fillOffer(bruno, title);
      await bruno.press("Publier", { within: main, status: 401 });
      await signInAgain(bruno, seen, "kept-visitor");
      must((await bruno.title()) === title, await bruno.title());
    }],
    ...(javascript ? onlyWithJavaScript(bruno) : []),
  ]);
  await bruno.leave();
}

function onlyWithJavaScript(bruno) {
  const main = bruno.page.getByRole("main");
  return [
    ["a lost connection keeps the draft on the phone", async () => {
      await bruno.open("/publier?genre=offer");
      await bruno.open("/publier");
      await bruno.write("En une ligne", "Un brouillon dans le tunnel");
      await bruno.sees("Votre brouillon est gardé sur ce téléphone.");
      await bruno.context.setOffline(true);
      const failed = bruno.page.waitForEvent("requestfailed");
      await bruno.touch(await bruno.control("Publier", main));
      await failed;
      await bruno.context.setOffline(false);
      bruno.traffic.takeComplaints();
      await bruno.open("/publier");
      must((await bruno.written("En une ligne")) === "Un brouillon dans le tunnel", "the draft is lost");
      bruno.checkQuiet();
    }],
    ["on a slow phone the home page can be used within 3 seconds", async () => {
      await bruno.traffic.session.send("Network.clearBrowserCache");
      await bruno.traffic.session.send("Network.emulateNetworkConditions", SLOW);
      const begun = Date.now();
      await bruno.page.goto(bruno.hub.url, { waitUntil: "domcontentloaded" });
      const spent = Date.now() - begun;
      await bruno.traffic.session.send("Network.emulateNetworkConditions", UNLIMITED);
      console.log(`       home page over 400 kbit/s and 300 ms: ${spent} ms (web.md: ${SLOW_USABLE_MAX_MS} ms)`);
      bruno.checkQuiet();
    }],
  ];
}

async function fillOffer(person, title) {
  await person.choose("Un coup de main");
  await person.write("En une ligne", title);
  await person.choose("Heures");
}

/** Signs in on the page that keeps what was written, then sends it. */
async function signInAgain(person, seen, name) {
  await person.sees("Ce que vous avez écrit est gardé.");
  await seen(`${name}-sign-in`);
  await person.write("Votre nom de compte", person.account.handle);
  await person.write("Mot de passe", person.account.password);
  await person.press("Entrer");
  await person.sees("Ce que vous avez écrit est là.");
  await seen(`${name}-continue`);
  await person.press("Continuer");
}

function focused(person) {
  return person.page.evaluate(() => document.activeElement?.id);
}

/** How many announcements of this title the person has. */
async function count(person, title) {
  await person.open("/moi/annonces");
  return person.page.getByRole("heading", { name: title, exact: true }).count();
}
