// The browser: Debian's Chromium, driven without any download, with phones and laptops in it.

import { chromium } from "playwright-core";

/** Nothing calls home, and a container's root may run it. */
const ARGUMENTS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const ROOT_ARGUMENTS = ["--no-sandbox"];

/** A small old phone (web.md §6): everything must work on it. */
export const PHONE = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};
/** A laptop with a keyboard. */
export const LAPTOP = { viewport: { width: 1280, height: 800 } };

/** Starts the browser that `INTERKPA_CHROMIUM` names, or the usual one, with further arguments. */
export function launch(more = []) {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.INTERKPA_CHROMIUM ?? "/usr/bin/chromium",
    args: [...ARGUMENTS, ...(isRoot ? ROOT_ARGUMENTS : []), ...more],
  });
}
