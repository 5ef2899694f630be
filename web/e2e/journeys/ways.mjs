// Other ways of reading and writing: a keyboard alone, no movement, forced colours, paper, a voice, big letters, a
// wide screen, long words, words from right to left.

import { LAPTOP, launch } from "../chromium.mjs";
import { axe, wider } from "../inspection.mjs";
import { must } from "../report.mjs";
import { Person } from "../person.mjs";

const LONGEST = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(3).slice(0, 120);
const ARABIC = "أبحث عن دراجة لنقل الأطفال";
/** Letters of twice the usual size, as a person sets them in the browser. */
const BIG_LETTERS = "--blink-settings=defaultFontSize=32";
const PAGES = ["/", "/entraide", "/publier", "/notifications", "/moi", "/moi/profil", "/temps", "/kpa", "/hub", "/connexion"];

/** Plays them. */
export async function ways(ground) {
  const { report, demo } = ground;
  const hub = demo.hubs.get("bobinette");
  await report.check("a keyboard is enough to publish", () => keyboard(ground, hub));
  await report.check("nothing moves for who asked for it", () => still(ground, hub));
  await report.check("forced colours keep what is chosen visible", () => forced(ground, hub));
  await report.check("on paper: the announcement and its QR, no menus", () => paper(ground, hub));
  await report.check("« Écouter » reads the announcement with a voice of its language", () => voice(ground, hub));
  await report.check("« Copier le lien » copies it and says so", () => copy(ground, hub));
  await report.check("long words and words from right to left stay in the page", () => words(ground, hub));
  await report.check("letters of 200 % stay in the page and hide nothing", () => letters(ground, hub));
  await report.check("a wide screen holds all pages", () => wide(ground, hub));
}

async function keyboard({ browser, shoot }, hub) {
  const bruno = await Person.at(browser, hub, { who: "bruno", screen: LAPTOP });
  await bruno.signIn();
  await bruno.open("/publier?genre=offer");
  const { keyboard: keys } = bruno.page;
  await keys.press("Tab");
  must((await active(bruno)).text === "Aller au contenu", "the first stop is no way to the content");
  await keys.press("Enter");
  // A step inside the page is told to us a moment after the key.
  await bruno.page.waitForFunction(() => location.hash === "#main");
  const typed = { title: "Publié au clavier", text: "Sans souris ni doigt." };
  for (let stops = 0; stops < 60; stops += 1) {
    await keys.press("Tab");
    const stop = await active(bruno);
    must(stop.ring, `no ring around ${stop.html}`);
    must(stop.free, `something hides ${stop.html}`);
    if (stop.name in typed) await keys.type(typed[stop.name]);
    if (["kind", "settlement"].includes(stop.name)) await keys.press("Space");
    if (stop.isMain && stop.text === "Publier") break;
  }
  await shoot(bruno, "keyboard");
  const next = bruno.page.waitForURL(/\/objets\//);
  await keys.press("Enter");
  await next;
  must((await bruno.title()) === typed.title, await bruno.title());
  bruno.checkQuiet();
  await bruno.leave();
}

/** What has the focus: its words, whether a ring shows it, whether anything covers it. */
function active(person) {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    const face = element.closest("label")?.querySelector(".choice-face") ?? element;
    const rings = [element, face].map((part) => getComputedStyle(part));
    const after = getComputedStyle(element, "::after");
    const box = face.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
    const near = element.closest("label, article, li") ?? element;
    return {
      name: element.name,
      text: element.innerText?.trim(),
      html: element.outerHTML.slice(0, 120),
      isMain: Boolean(element.closest("main")),
      ring: [...rings, after].some((style) => style.outlineStyle !== "none" && style.outlineWidth !== "0px"),
      free: Boolean(top && (face.contains(top) || near.contains(top) || top.contains(element))),
    };
  });
}

async function still({ browser }, hub) {
  const stranger = await Person.at(browser, hub, { reducedMotion: "reduce" });
  await stranger.open("/");
  const moving = await stranger.page.evaluate(() => {
    const moves = (style) => parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0;
    return [...document.querySelectorAll("*")].filter((element) => moves(getComputedStyle(element))).length;
  });
  must(moving === 0, `${moving} elements move`);
  await stranger.leave();
}

async function forced({ browser, shoot }, hub) {
  const stranger = await Person.at(browser, hub, { forcedColors: "active" });
  await stranger.open("/publier?genre=request");
  const [chosen, other] = await stranger.page.evaluate(() =>
    ["request", "offer"].map((value) => {
      const face = document.querySelector(`[name=purpose][value=${value}]`).nextElementSibling;
      const { outlineStyle, borderStyle } = getComputedStyle(face);
      return { outlineStyle, borderStyle };
    }),
  );
  must(chosen.outlineStyle === "solid", "what is chosen looks like the rest");
  must(other.outlineStyle === "none" && other.borderStyle === "solid", "a choice has no edge");
  await shoot(stranger, "forced-colours");
  await stranger.open("/");
  await shoot(stranger, "forced-colours-home");
  stranger.checkQuiet();
  await stranger.leave();
}

async function paper({ browser, shoot }, hub) {
  const stranger = await Person.at(browser, hub);
  await stranger.open("/entraide?q=couture");
  await stranger.press(/Cours de couture débutant/);
  await stranger.page.emulateMedia({ media: "print" });
  const shown = (selector) => stranger.page.locator(selector).first().isVisible();
  must(await shown(".print-qr svg"), "no QR");
  must(await shown("h1"), "no title");
  for (const menu of [".top", ".bar", ".foot"]) must(!(await shown(menu)), `${menu} is printed`);
  await shoot(stranger, "print");
  const sheet = await stranger.page.pdf({ format: "A4" });
  const sheets = sheet.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  must(sheets <= 2, `${sheets} sheets`);
  await stranger.leave();
}

/** This machine's browser has no voice: one is lent to it that writes down what it is asked to say. */
function lendVoice(languages) {
  window.said = [];
  const speech = window.speechSynthesis;
  speech.getVoices = () => languages.map((lang) => ({ lang, name: lang }));
  speech.speak = (words) => window.said.push([words.lang, words.text]);
  Object.defineProperty(window.SpeechSynthesisUtterance.prototype, "voice", { writable: true, value: null });
}

async function voice({ browser, shoot }, hub) {
  const mute = await Person.at(browser, hub);
  await mute.open("/entraide?q=couture");
  await mute.press(/Cours de couture débutant/);
  must(!(await (await mute.control("Écouter")).isVisible()), "a phone without voice shows the button");
  await mute.leave();

  const aided = await Person.at(browser, hub);
  await aided.context.addInitScript(lendVoice, ["fr-FR"]);
  await aided.open("/entraide?q=couture");
  await aided.press(/Cours de couture débutant/);
  await aided.touch(await aided.control("Écouter"));
  await aided.sees("Arrêter");
  const said = await aided.page.evaluate(() => window.said);
  must(said[0][0] === "fr" && said[0][1].includes("Cours de couture débutant"), JSON.stringify(said));
  must(said[1][1].includes("ourlet"), JSON.stringify(said));
  await shoot(aided, "listen");
  aided.checkQuiet();
  await aided.leave();
}

async function copy({ browser }, hub) {
  const stranger = await Person.at(browser, hub, { permissions: ["clipboard-read", "clipboard-write"] });
  await stranger.open("/entraide?q=couture");
  await stranger.press(/Cours de couture débutant/);
  await stranger.touch(await stranger.control("Copier le lien"));
  await stranger.sees("Copié");
  const copied = await stranger.page.evaluate(() => navigator.clipboard.readText());
  must(copied === stranger.page.url().split("?")[0], copied);
  await stranger.leave();
}

async function words({ browser, look, shoot }, hub) {
  const aicha = await Person.at(browser, hub, { who: "aicha" });
  const main = aicha.page.getByRole("main");
  await aicha.signIn();
  for (const [title, name] of [[LONGEST, "long-words"], [ARABIC, "right-to-left"]]) {
    await aicha.open("/publier?genre=request");
    await aicha.choose("Un coup de main");
    await aicha.write("En une ligne", title);
    await aicha.write("Plus de détails", `${title}\n\n${title} ${title}`);
    await aicha.write("Quand", title);
    await aicha.write("Où", title.slice(0, 100));
    await aicha.choose("Heures");
    await aicha.press("Publier", { within: main });
    must((await aicha.title()) === title, await aicha.title());
    await shoot(aicha, name);
    await look(aicha, name);
    await aicha.open("/entraide");
    await aicha.sees(title);
    await shoot(aicha, `${name}-list`);
    await look(aicha, `${name}-list`);
    aicha.checkQuiet();
  }
  const side = await aicha.page.getByRole("heading", { name: ARABIC }).evaluate((title) => getComputedStyle(title).direction);
  must(side === "rtl", `the Arabic title runs ${side}`);
  await aicha.open("/moi/profil");
  await aicha.write("Votre nom", "Marie-Éléonore-Guénolée de la Tour-Saint-Barthélemy-d’Anglebermes");
  await aicha.press("Enregistrer", { within: main });
  await shoot(aicha, "long-name");
  await aicha.open("/moi");
  await look(aicha, "long-name");
  aicha.checkQuiet();
  await aicha.leave();
}

async function letters({ shoot }, hub) {
  const browser = await launch([BIG_LETTERS]);
  const karima = await Person.at(browser, hub, { who: "karima" });
  const findings = [];
  await karima.signIn();
  const size = await karima.page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  must(size === 36, `the letters are of ${size} px`);
  await karima.open("/entraide?q=couture");
  const announcement = await karima.page.locator(".card-title a").first().getAttribute("href");
  for (const address of [...PAGES, announcement]) {
    await karima.open(address);
    findings.push(...(await wider(karima.page, address)));
    findings.push(...(await cut(karima.page)).map((text) => `${address}: cut: ${text}`));
    await shoot(karima, `letters${address.slice(0, 12).replace(/\W+/g, "-")}`);
  }
  await browser.close();
  must(findings.length === 0, findings.join("\n"));
}

/** Words of buttons and menus that do not fit in their place. */
function cut(page) {
  return page.evaluate(() => {
    const isCut = (element) =>
      getComputedStyle(element).overflow === "hidden" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1;
    return [...document.querySelectorAll("nav *, button, .button *")].filter(isCut).map((element) => element.outerHTML.slice(0, 90));
  });
}

async function wide({ browser, shoot }, hub) {
  const karima = await Person.at(browser, hub, { who: "karima", screen: LAPTOP });
  const findings = [];
  await karima.signIn();
  for (const address of PAGES.filter((address) => address !== "/connexion")) {
    await karima.open(address);
    findings.push(...(await wider(karima.page, address)));
    findings.push(...(await axe(karima.page, "light")).map((text) => `${address}: ${text}`));
    await shoot(karima, `wide${address.replace(/\W+/g, "-")}`);
  }
  karima.checkQuiet();
  await karima.leave();
  must(findings.length === 0, findings.join("\n"));
}
