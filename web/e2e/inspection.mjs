// What every page must hold, whatever it shows: axe in both colour schemes, no sideways scrolling, targets for
// fingers, weight (web.md §6 and §7).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
/** The content security policy stops a script element: axe goes in as an expression. */
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** Smallest side of what a finger aims at, in CSS pixels. */
const TARGET_MIN = 44;
/** Text links inside a sentence are exempt from the size of targets (WCAG 2.2, 2.5.8, « inline »). */
const TARGETS = "a[href], button, summary, select, textarea, input:not([type=hidden])";
/** The most elements that Lighthouse calls good for an old phone. */
const ELEMENTS_MAX = 1_400;
const KB = 1_024;
/** Bytes on the wire: of the page itself, of all that a next page asks for, of a picture in a list and alone. */
export const BUDGET = {
  document: 20 * KB,
  next: 25 * KB,
  thumbnail: 30 * KB,
  picture: 60 * KB,
  first: 80 * KB,
  firstRequests: 6,
};

/** All that is wrong with the page that the person has in front of them, as sentences. */
export async function inspect(person) {
  const { page } = person;
  const findings = [...weight(person.traffic.requests, person.path)];
  findings.push(...(await sizes(page)));
  // Without movement a colour is the new one at once.
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  findings.push(...(await axe(page, "light")));
  await page.emulateMedia({ colorScheme: "dark" });
  findings.push(...(await axe(page, "dark")));
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
  findings.push(...(await overflows(page)));
  return findings;
}

/** The rules of axe that are broken. */
export async function axe(page, scheme) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const chosen = scheme === "light" ? { type: "tag", values: AXE_TAGS } : { type: "rule", values: ["color-contrast"] };
  const violations = await page.evaluate(async (runOnly) => {
    const found = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
  }, chosen);
  return violations.map(({ id, help, where }) => `axe (${scheme}) ${id}: ${help}: ${where.slice(0, 3).join(" … ")}`);
}

/** Sideways scrolling on small phones. Letters of twice the size are seen in `letters.mjs`. */
async function overflows(page) {
  const { width, height } = page.viewportSize();
  const findings = [];
  for (const small of [320, 360]) {
    await page.setViewportSize({ width: small, height });
    findings.push(...(await wider(page, `${small} px`)));
  }
  await page.setViewportSize({ width, height });
  return findings;
}

/** What stands out of the page at its present width. */
export async function wider(page, name) {
  const out = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    const isOut = (element) => element.getBoundingClientRect().right > limit + 1;
    const deepest = (element) => ![...element.children].some(isOut);
    const holdsMore = (element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1;
    const inside = [...document.body.querySelectorAll("*")];
    const all = inside.filter((element) => (isOut(element) && deepest(element)) || holdsMore(element));
    return [`${document.documentElement.scrollWidth} > ${limit}`, ...all.slice(0, 3).map((found) => found.outerHTML.slice(0, 160))];
  });
  return out.length ? [`${name}: wider than the screen: ${out.join(" … ")}`] : [];
}

/** Targets too small for a finger, and too many elements. */
async function sizes(page) {
  const [small, elements] = await page.evaluate(
    ([targets, least]) => {
      const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
      const isInSentence = (element) => {
        if (element.tagName !== "A") return false;
        const around = element.parentElement.cloneNode(true);
        around.querySelectorAll("a, button, svg, time, .sr-only").forEach((part) => part.remove());
        return getComputedStyle(element).display === "inline" && around.textContent.trim() !== "";
      };
      const area = (element) => {
        const face = element.closest("label") ?? element;
        const box = face.getBoundingClientRect();
        const wide = getComputedStyle(element, "::after");
        const covers = wide.position === "absolute" && wide.content !== "none" ? element.closest("article, li") : null;
        return covers ? covers.getBoundingClientRect() : box;
      };
      const isSmall = (element) => {
        const box = area(element);
        return box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5);
      };
      const all = [...document.querySelectorAll(targets)];
      const found = all.filter((element) => isShown(element) && isSmall(element) && !isInSentence(element));
      const said = found.map((element) => {
        const box = area(element);
        return `${Math.round(box.width)}×${Math.round(box.height)} ${element.outerHTML.slice(0, 120)}`;
      });
      return [said, document.querySelectorAll("*").length];
    },
    [TARGETS, TARGET_MIN],
  );
  const findings = small.map((text) => `target smaller than ${TARGET_MIN} px: ${text}`);
  if (elements > ELEMENTS_MAX) findings.push(`${elements} elements, at most ${ELEMENTS_MAX}`);
  return findings;
}

/** Bytes of the page and of what it asked for. */
function weight(requests, path) {
  const findings = [];
  const picture = path.startsWith("/objets/") ? BUDGET.picture : BUDGET.thumbnail;
  const sent = requests.filter((request) => !request.cached);
  const sum = (kinds) => sent.filter(({ kind }) => kinds(kind)).reduce((all, { bytes }) => all + bytes, 0);
  const page = sum((kind) => kind === "Document");
  const others = sum((kind) => kind !== "Image");
  if (page > BUDGET.document) findings.push(`the page weighs ${page} B, at most ${BUDGET.document}`);
  if (others > BUDGET.next) findings.push(`page, style and scripts weigh ${others} B, at most ${BUDGET.next}`);
  for (const { url, bytes } of sent.filter(({ kind }) => kind === "Image")) {
    if (bytes > picture) findings.push(`${url} weighs ${bytes} B, at most ${picture}`);
  }
  return findings;
}
