// What people do on other days: follow a KPA, tidy notifications, hide, report, withdraw, ask, change the language;
// and what pages say while there is nothing yet.

import { must } from "../report.mjs";
import { Person } from "../person.mjs";

/** Plays them with JavaScript; what needs none of it was shown without by the story. */
export async function daily({ report, browser, demo, look, shoot }) {
  const [bobinette, chevalement] = [demo.hubs.get("bobinette"), demo.hubs.get("chevalement")];
  const nadia = await Person.at(browser, bobinette, { who: "nadia" });
  const estelle = await Person.at(browser, chevalement, { who: "estelle" });
  const karima = await Person.at(browser, bobinette, { who: "karima" });
  const people = [nadia, estelle, karima];
  const main = (person) => person.page.getByRole("main");
  const seen = async (person, name) => {
    await shoot(person, `js-${name}`);
    await look(person, name);
    people.forEach((one) => one.checkQuiet());
  };
  const at = {};
  await report.journey("other days", [
    ["with nothing yet, each page says what to do", async () => {
      for (const person of people) await person.signIn();
      for (const [address, words, name] of [
        ["/notifications", "Rien pour l’instant. Nous vous préviendrons ici.", "empty-notifications"],
        ["/moi/accords", "Pas encore d’accord. Répondez à une annonce pour commencer.", "empty-agreements"],
        ["/moi/annonces", /Publier|annonce/, "empty-proposals"],
        ["/moi/reponses", /réponse/, "empty-responses"],
        ["/temps", "Pas encore d’échange en heures.", "empty-hours"],
      ]) {
        await nadia.open(address);
        await nadia.sees(words);
        await seen(nadia, name);
      }
    }],
    ["a search without result offers to publish the need", async () => {
      await nadia.open("/entraide?q=perceuse%20%C3%A0%20colonne");
      await nadia.sees("Rien trouvé pour « perceuse à colonne ».");
      await seen(nadia, "empty-search");
      await nadia.press(/Publier « Je cherche/);
      must((await nadia.written("En une ligne")) === "perceuse à colonne", await nadia.written("En une ligne"));
      await nadia.open("/entraide?genre=offer&theme=garden&reglement=cesu&ou=kpa");
      await nadia.sees("Aucune annonce avec ces choix.");
      await seen(nadia, "empty-filter");
    }],
    ["Estelle follows another KPA by its address and reads it at home", async () => {
      await estelle.open("/");
      await estelle.seesNot("Nouvelles des KPA suivis");
      await estelle.open("/kpa");
      await seen(estelle, "hubs");
      await estelle.write("Adresse du KPA", `${bobinette.url}/hub`);
      await estelle.press("Suivre", { within: main(estelle) });
      await estelle.sees(/C’est demandé|suit/);
      await seen(estelle, "followed");
      await estelle.soonSees("Nouvelles des KPA suivis", { address: "/" });
      await estelle.sees("KPA La Bobinette");
      await seen(estelle, "home-following");
    }],
    ["a wrong address is kept and explained", async () => {
      await estelle.open("/kpa");
      await estelle.write("Adresse du KPA", "pas une adresse");
      await estelle.press("Suivre", { within: main(estelle), status: 422 });
      await estelle.sees("Écrivez une adresse, par exemple @bobinette@bobinette.fr.");
      must((await estelle.written("Adresse du KPA")) === "pas une adresse", "the address is lost");
      await seen(estelle, "follow-refused");
    }],
    ["Nadia asks a question; Karima reads it and marks all as read", async () => {
      await nadia.open("/entraide?q=presse");
      await nadia.press(/Presse à chaud/);
      await nadia.unfold("Poser une question");
      await nadia.write("Votre question", "Faut-il une prise de 16 ampères ?");
      await nadia.press("Envoyer la question");
      await nadia.sees("Faut-il une prise de 16 ampères ?");
      await seen(nadia, "question");
      await karima.soonSees("Nadia pose une question", { address: "/notifications" });
      await karima.open("/");
      await karima.sees("Nadia pose une question");
      await seen(karima, "home-waiting");
      await karima.open("/notifications");
      await karima.press("Tout marquer comme lu");
      await karima.sees("Tout est marqué comme lu.");
      must((await karima.page.locator(".bar .badge").count()) === 0, "the badge stays");
    }],
    ["Nadia hides an announcement", async () => {
      await nadia.open("/entraide?q=tote");
      await nadia.press(/Tote bag/);
      await nadia.press("Cacher pour moi");
      await nadia.sees("C’est caché pour vous.");
      await nadia.open("/entraide?q=tote");
      await nadia.seesNot("Tote bag sérigraphié");
      await nadia.page.goBack();
      await karima.open("/entraide?q=tote");
      await karima.sees("Tote bag sérigraphié");
    }],
    ["Nadia reports one; the team reads it and decides", async () => {
      await nadia.open("/entraide?q=couture");
      await nadia.press(/Cours de couture débutant/);
      at.reported = nadia.path;
      await nadia.press("Signaler");
      await seen(nadia, "report");
      await nadia.press("Envoyer le signalement", { status: 422 });
      await nadia.sees("Choisissez au moins une réponse.");
      await nadia.choose("Autre chose");
      await nadia.write("En quelques mots", "Le jour n’est pas le bon.");
      await nadia.press("Envoyer le signalement");
      await nadia.sees("Merci. L’équipe va regarder et vous répondre.");
      await karima.open("/moderation");
      await karima.sees("Cours de couture débutant, 2 h");
      await seen(karima, "reports");
      await karima.press(/Cours de couture débutant/, { within: main(karima) });
      await karima.sees("Le jour n’est pas le bon.");
      await seen(karima, "report-decide");
      await karima.choose("Rien à faire");
      await karima.write("Raison", "Le jour est bon, vu avec Aïcha.");
      await karima.press("Enregistrer la décision");
      await karima.sees("La décision est enregistrée.");
    }],
    ["Karima withdraws a need; its copy goes away and its address says so", async () => {
      await karima.open("/publier?genre=request");
      await karima.choose("Un coup de main");
      await karima.write("En une ligne", "Une annonce à retirer bientôt");
      await karima.choose("Heures");
      await karima.press("Publier", { within: main(karima) });
      at.withdrawn = karima.path.split("?")[0];
      await estelle.soonSees("Une annonce à retirer bientôt", { address: "/entraide?q=bientot" });
      await karima.press("Retirer");
      await seen(karima, "withdraw");
      await karima.write("Un mot pour ces personnes", "Trouvé à côté.");
      await karima.press("Retirer l’annonce");
      await karima.sees("Votre annonce est retirée.");
      await nadia.open(at.withdrawn, 410);
      await nadia.sees("Cette annonce n’est plus là");
      await seen(nadia, "error-410");
      await estelle.soonSees("Rien trouvé pour « bientot ».", { address: "/entraide?q=bientot" });
    }],
    ["the language is switched and stays", async () => {
      await nadia.open("/entraide");
      await nadia.touch(nadia.page.locator(".top .lang"));
      await nadia.sees("Mutual aid");
      must((await nadia.page.locator("html").getAttribute("lang")) === "en", "lang");
      await seen(nadia, "english");
      await nadia.open("/publier");
      await nadia.sees("What is it about?");
      await nadia.touch(nadia.page.locator(".top .lang"));
      await nadia.sees("De quoi s’agit-il ?");
      people.forEach((one) => one.checkQuiet());
    }],
  ]);
  for (const person of people) await person.leave();
}
