// Someone in front of a screen: opens pages, reads, writes, presses. Words are those on the page.

import { PHONE } from "./chromium.mjs";
import { must } from "./report.mjs";
import { Traffic } from "./traffic.mjs";

/** What a page needs on a loaded machine. */
const WAIT_MAX_MS = 15_000;
/** How long another hub may take to hear of something. */
const TRAVEL_MAX_MS = 30_000;

/** A pattern of these words, whatever kind of space French typography puts between them. */
export function pattern(words, [before, after] = ["", ""]) {
  if (words instanceof RegExp) return words;
  const plain = words.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(before + plain.replace(/\s+/g, "\\s+") + after);
}
/** A label may be followed by « facultatif » and by a hint. */
const begins = (words) => pattern(words, ["^\\s*", ""]);
const whole = (words) => pattern(words, ["^\\s*", "\\s*$"]);

/** A person with a browser of their own. */
export class Person {
  /** `who` is an account of the demo; without it, a passer-by. */
  static async at(browser, hub, { who, javascript = true, screen = PHONE, ...more } = {}) {
    const context = await browser.newContext({
      ...screen,
      javaScriptEnabled: javascript,
      locale: "fr-FR",
      timezoneId: "Europe/Paris",
      ...more,
    });
    context.setDefaultTimeout(WAIT_MAX_MS);
    const person = new Person();
    const page = await context.newPage();
    Object.assign(person, { hub, javascript, context, page, touches: Boolean(screen.hasTouch) });
    person.account = who && hub.members.find((member) => member.handle === who);
    must(!who || person.account, `${hub.name} has no account ${who}`);
    person.traffic = await Traffic.of(page);
    return person;
  }

  /** Opens an address of the hub; the answer must have this status. */
  async open(address, status = 200) {
    if (status >= 400) this.traffic.expect(status);
    const answer = await this.page.goto(new URL(address, this.hub.url).href);
    must(answer.status() === status, `${address} answered ${answer.status()}, not ${status}`);
    return this;
  }

  /** Opens the form, writes the name and the password of the demo, enters. */
  async signIn() {
    await this.open("/connexion");
    await this.write("Votre nom de compte", this.account.handle);
    await this.write("Mot de passe", this.account.password);
    await this.press("Entrer");
    await this.sees("Se déconnecter");
    return this;
  }

  /** Types into the field of this label. */
  async write(label, text) {
    await this.field(label).fill(text);
  }

  /** The text of the field of this label. */
  async written(label) {
    return this.field(label).inputValue();
  }

  field(label) {
    return this.page.getByRole("main").getByLabel(begins(label)).first();
  }

  /** Ticks the choice of this label. */
  async choose(label) {
    await this.field(label).check();
  }

  /** Presses the button or follows the link with exactly these words, and waits for the next page. */
  async press(words, { status, within = this.page } = {}) {
    if (status) this.traffic.expect(status);
    const next = this.page.waitForEvent("load");
    await this.touch(await this.control(words, within));
    await next;
  }

  /** Opens or closes what these words fold. */
  async unfold(words) {
    await this.touch(this.page.locator("summary", { hasText: begins(words) }).first());
  }

  /** What is pressed with these words: a button, else a link. */
  async control(words, within = this.page) {
    const button = within.getByRole("button", { name: whole(words) });
    const link = within.getByRole("link", { name: whole(words) });
    return button.or(link).first();
  }

  async touch(target) {
    if (this.touches) await target.tap();
    else await target.click();
  }

  /** These words are on the page, to be seen. */
  async sees(words) {
    await this.page.getByText(pattern(words)).filter({ visible: true }).first().waitFor();
  }

  /** These words are not on the page. */
  async seesNot(words) {
    const text = await this.page.locator("body").innerText();
    must(!pattern(words).test(text), `« ${words} » is on the page`);
  }

  /** Reloads until these words are there: something travels from the other hub. */
  async soonSees(words, { address = this.page.url(), max = TRAVEL_MAX_MS } = {}) {
    const until = Date.now() + max;
    while (Date.now() < until) {
      await this.page.goto(new URL(address, this.hub.url).href);
      if (await this.page.getByText(pattern(words)).filter({ visible: true }).count()) return;
    }
    throw new Error(`« ${words} » did not arrive within ${max / 1000} s at ${address}`);
  }

  /** The address of the page, without the hub. */
  get path() {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** The main title of the page. */
  async title() {
    return (await this.page.locator("h1").first().innerText()).trim();
  }

  /** Nothing failed and nothing was complained about since the last time. */
  checkQuiet() {
    const complaints = this.traffic.takeComplaints();
    must(complaints.length === 0, complaints.join("\n"));
  }

  async leave() {
    await this.context.close();
  }
}
