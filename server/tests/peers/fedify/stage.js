// What the cases share: one hub of the sample network, started when the first of them asks.

import { Hub } from "./hub.js";

let open = null;

/** The hub that hears every server. */
export function openHub() {
  open ??= Hub.demo();
  return open;
}

/** The actor of the hub, as this peer finds it by its address. */
export async function hubActor(peer, hub) {
  return await found(peer, hub.at("/hub"));
}

/** The public actor of a member, found by its handle. */
export async function memberActor(peer, hub, handle) {
  const host = new URL(hub.origin).host;
  const finger = hub.at(`/.well-known/webfinger?resource=acct:${handle}@${host}`);
  const { links } = await (await fetch(finger)).json();
  return await found(peer, new URL(links.find((link) => link.rel === "self").href));
}

async function found(peer, url) {
  const actor = await peer.context.lookupObject(url);
  if (actor === null) throw new Error(`Fedify finds nothing at ${url}`);
  return actor;
}
