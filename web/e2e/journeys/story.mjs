// The whole story on two phones at two hubs: publish, find, answer, accept, say that it is done, confirm.

import { must } from "../report.mjs";
import { photo } from "../photo.mjs";
import { Person } from "../person.mjs";

/** What is published: another one for each run of the story, so that it can be found alone. */
const NEEDS = {
  true: { title: "Réparer les vélos-cargos de l’école", search: "velo cargo reparer", words: "velo cargo" },
  false: { title: "Coudre des rideaux épais pour la salle d’été", search: "rideau epai", words: "rideau" },
};
const KARIMA_PHONE = "06 39 98 00 13";
const LUCIEN_PHONE = "06 39 98 00 21";

/** Plays it with or without JavaScript; `look` inspects the pages it comes by. */
export async function story({ report, browser, demo, look, shoot }, javascript) {
  const [bobinette, chevalement] = [demo.hubs.get("bobinette"), demo.hubs.get("chevalement")];
  const need = NEEDS[javascript];
  const karima = await Person.at(browser, bobinette, { who: "karima", javascript });
  const lucien = await Person.at(browser, chevalement, { who: "lucien", javascript });
  const at = {};
  const quiet = () => [karima, lucien].forEach((person) => person.checkQuiet());
  const seen = async (person, name) => {
    await shoot(person, `${javascript ? "js" : "nojs"}-${name}`);
    await look(person, name);
    quiet();
  };
  await report.journey(javascript ? "story" : "story without JavaScript", [
    ["both sign in with the form", async () => {
      await karima.signIn();
      await lucien.signIn();
      await karima.open("/");
      await karima.sees("Bonjour Karima");
      await seen(karima, "home-member");
    }],
    ["Karima publishes a need with a photograph", () => publish(karima, need, at, seen)],
    ["Lucien finds it at his hub, with other accents and a singular", async () => {
      await lucien.soonSees(need.title, { address: `/entraide?q=${encodeURIComponent(need.search)}` });
      await seen(lucien, "search");
      await lucien.press(need.title);
      must((await lucien.title()) === need.title, await lucien.title());
      await lucien.sees("Cette annonce vient de KPA La Bobinette");
      await lucien.sees("Karima");
      await lucien.seesNot(KARIMA_PHONE);
      await seen(lucien, "proposal-elsewhere");
    }],
    ["Lucien answers", async () => {
      await lucien.write("Votre message", "Bonjour, je peux aider. Je suis libre samedi.\nلدي الأدوات.");
      await lucien.press("Envoyer");
      await lucien.sees("Votre réponse est partie.");
      at.copy = lucien.path;
      await seen(lucien, "answered");
    }],
    ["Karima is told, reads the answer and accepts", async () => {
      await karima.soonSees(`Lucien répond à « ${need.title} »`, { address: "/notifications" });
      await seen(karima, "notifications");
      await karima.press(/Lucien répond à/);
      await karima.sees("je peux aider. Je suis libre samedi.");
      await karima.seesNot(LUCIEN_PHONE);
      await seen(karima, "answer-received");
      await karima.press("Accepter");
      await karima.sees("C’est d’accord. Vous voyez maintenant comment vous joindre.");
      at.karima = karima.path;
      await karima.soonSees(LUCIEN_PHONE);
      await seen(karima, "agreement");
    }],
    ["Lucien sees that it is accepted, and now the telephone of Karima", async () => {
      await lucien.soonSees(`Karima accepte votre réponse : « ${need.title} »`, { address: "/notifications" });
      await lucien.press(/Karima accepte votre réponse/);
      await lucien.soonSees(KARIMA_PHONE);
      at.lucien = lucien.path;
      await seen(lucien, "agreement-elsewhere");
    }],
    ["they write to each other: « samedi 14 h »", async () => {
      await lucien.write("Votre message", "samedi 14 h ?");
      await lucien.press("Envoyer");
      await lucien.sees("Votre message est parti.");
      await karima.soonSees("samedi 14 h ?", { address: at.karima });
      await karima.write("Votre message", "Oui, samedi 14 h. À samedi !");
      await karima.press("Envoyer");
      await lucien.soonSees("Oui, samedi 14 h.", { address: at.lucien });
      await seen(lucien, "thread");
    }],
    ["Lucien says that it is done", async () => {
      await lucien.unfold("C’est fait");
      await lucien.write("Combien de temps", "2 h 30");
      await lucien.press("Dire que c’est fait");
      await lucien.sees("C’est noté. L’autre personne doit confirmer.");
      await lucien.sees("L’autre personne doit confirmer. Nous la prévenons.");
      must(!(await lucien.page.locator("summary", { hasText: "C’est fait" }).count()), "it is asked again");
      await seen(lucien, "declared");
    }],
    ["Karima confirms", async () => {
      await karima.soonSees("L’autre personne dit que c’est fait.", { address: at.karima });
      await karima.sees("2 h 30");
      await seen(karima, "to-confirm");
      await karima.press("Je confirme");
      await karima.sees("C’est confirmé. Merci à vous deux.");
      await seen(karima, "confirmed");
    }],
    ["« Mes heures » say it on both sides", async () => {
      await karima.open("/temps");
      await karima.sees("2 h 30");
      await karima.sees("reçu");
      await seen(karima, "hours-received");
      await lucien.soonSees("C’est confirmé des deux côtés", { address: "/notifications" });
      await lucien.soonSees(need.title, { address: "/temps" });
      await lucien.sees("donné");
      await seen(lucien, "hours-given");
    }],
    ["her announcement takes no more answers and leads to what was agreed", async () => {
      await karima.open(at.need);
      await karima.sees("Trouvé");
      await seen(karima, "after");
      await karima.press("Voir l’accord");
      await karima.sees("Tout est fini. Merci à vous deux.");
    }],
    ["both sign out", async () => {
      for (const person of [karima, lucien]) {
        await person.open("/moi");
        await person.press("Se déconnecter", { within: person.page.getByRole("main") });
        await person.sees("Vous êtes déconnecté.");
        await person.open("/temps");
        must(person.path === "/connexion?next=%2Ftemps", person.path);
      }
      quiet();
    }],
  ]);
  await karima.leave();
  await lucien.leave();
}

async function publish(karima, need, at, seen) {
  await karima.press("Je cherche", { within: karima.page.getByRole("main") });
  await seen(karima, "publish");
  await karima.choose("Un coup de main");
  await karima.write("En une ligne", need.title);
  await karima.write("Plus de détails", "Deux roues à régler, une chaîne à changer.\n\nOn peut aussi venir à vous.");
  await karima.write("Quand", "le samedi");
  await karima.choose("Heures");
  const file = { name: "atelier.png", mimeType: "image/png", buffer: photo() };
  await karima.page.getByLabel(/^\s*Photo/).setInputFiles(file);
  await karima.write("Ce qu’on voit sur la photo", "Une roue posée sur un établi, sous une fenêtre");
  await karima.press("Publier", { within: karima.page.getByRole("main") });
  await karima.sees("C’est publié. Votre annonce part vers les KPA.");
  must((await karima.title()) === need.title, await karima.title());
  await karima.page.getByRole("img", { name: "Une roue posée sur un établi" }).waitFor();
  at.need = karima.path;
  await seen(karima, "published");
}
