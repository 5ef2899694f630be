// The KPA of the network decide: a spokesperson opens a vote and casts the voice of the KPA, a second person confirms,
// a passer-by finds the tracking number on another site, and everybody recounts what is over. Without JavaScript.

import { must } from "../report.mjs";
import { Person } from "../person.mjs";

const QUESTION = "Prêter la presse à chaud aux autres KPA ?";
/** The notice of the sample network is 10 seconds; the form counts in minutes. */
const LIFE_MS = 4 * 60_000;

/** Plays it, by the phone. */
export async function votes({ report, browser, demo, look, shoot }) {
  const [bobinette, chevalement] = [demo.hubs.get("bobinette"), demo.hubs.get("chevalement")];
  const plain = { javascript: false };
  const karima = await Person.at(browser, bobinette, { who: "karima", ...plain });
  const second = await Person.at(browser, bobinette, { who: "nadia", ...plain });
  const aicha = await Person.at(browser, bobinette, { who: "aicha", ...plain });
  const visitor = await Person.at(browser, chevalement);
  const people = [karima, second, aicha, visitor];
  const main = (person) => person.page.getByRole("main");
  const at = {};
  const seen = async (person, name) => {
    await shoot(person, name);
    people.forEach((one) => one.checkQuiet());
  };
  /** With JavaScript, so that axe can look. */
  const looked = async (address, name) => {
    await visitor.open(address);
    await seen(visitor, name);
    await look(visitor, name);
  };
  await report.journey("votes", [
    ["the home page of a member says whether the KPA has voted", async () => {
      for (const person of [karima, second, aicha]) await person.signIn();
      await aicha.open("/");
      await aicha.sees("Votre KPA a voté : Pour");
      await seen(aicha, "home-votes");
    }],
    ["Karima opens a vote after a preview", async () => {
      await karima.open("/decisions");
      await karima.press("Ouvrir un vote");
      await karima.write("La question", QUESTION);
      await karima.press("Voir avant de publier", { status: 422 });
      must((await karima.written("La question")) === QUESTION, "the question is lost");
      await karima.write("Le texte soumis au vote", "Chaque KPA peut réserver **la presse** deux jours par mois.");
      const closes = new Date(Date.now() + LIFE_MS).toLocaleString("sv-SE", { timeZone: "Europe/Paris" });
      await karima.write("Jour de fermeture", closes.slice(0, 10));
      await karima.write("Heure de fermeture", closes.slice(11, 16));
      await seen(karima, "vote-open-form");
      await karima.press("Voir avant de publier");
      await karima.sees(/rien ne change plus/);
      await seen(karima, "vote-preview");
      await karima.press("Publier ce vote");
      await karima.sees("Le vote est ouvert. Il part vers tous les KPA.");
      at.open = karima.path.split("?")[0];
      await seen(karima, "vote-open");
    }],
    ["who is no spokesperson reads whom to ask", async () => {
      await aicha.open(`${at.open}/voter`, 403);
      await aicha.sees("Karima");
      await seen(aicha, "vote-not-for-you");
    }],
    ["she votes in the name of the KPA, and a second person confirms", async () => {
      await karima.press(/Voter au nom de KPA/, { within: main(karima) });
      await karima.press("Relire avant de voter", { status: 422 });
      await seen(karima, "vote-ballot-errors");
      await karima.choose("Pour");
      await karima.write("Pourquoi", "La presse dort trois jours sur cinq.");
      await karima.choose("À la majorité");
      await karima.write("Personnes présentes", "12");
      await seen(karima, "vote-ballot");
      await karima.press("Relire avant de voter");
      await karima.sees("Relisez avant de voter");
      await seen(karima, "vote-summary");
      await karima.press(/Voter au nom de KPA/, { within: main(karima) });
      await karima.sees("C’est prêt. Une autre personne mandatée doit confirmer.");
      await second.open(at.open);
      await second.press("Relire et confirmer");
      await second.sees("La presse dort trois jours sur cinq.");
      await seen(second, "vote-confirm");
      await second.press(/Voter au nom de KPA/, { within: main(second) });
      await second.sees("La voix de votre KPA est partie.");
      at.number = (await second.page.locator("code").first().innerText()).trim();
      await seen(second, "vote-receipt");
    }],
    ["a passer-by finds the tracking number on the site of another KPA", async () => {
      await visitor.soonSees(at.number, { address: at.open });
      await visitor.sees("La presse dort trois jours sur cinq.");
      await looked(at.open, "vote-elsewhere");
    }],
    ["the list is public, and a closed vote says its result in one sentence", async () => {
      await visitor.soonSees("Adopté : 2 pour, 0 contre", { address: "/decisions", max: 50_000 });
      await looked("/decisions", "votes");
      await visitor.press(/Un kit d’outils commun/, { within: main(visitor) });
      at.over = visitor.path;
      await looked(at.over, "vote-over");
      await visitor.sees("Recompter");
    }],
    ["its minutes are ready to print, and the KPA recounts it check by check", async () => {
      await looked(`${at.over}/proces-verbal`, "vote-minutes");
      await looked(`${at.over}/verifier`, "vote-verify");
      await visitor.sees(/Ce résultat est prouvé/);
      await looked("/registre", "register");
      await looked("/registre/empreintes", "register-sheet");
    }],
  ]);
  for (const person of people) await person.leave();
}
