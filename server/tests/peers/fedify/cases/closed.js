import assert from "node:assert/strict";
import { Create } from "@fedify/vocab";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";

about("in mode network");

let staged = null;

/** The hub of the other cases, started again so that it hears its network only. */
function stage() {
  staged ??= prepare();
  return staged;
}

async function prepare() {
  const hub = await openHub();
  const offer = await hub.member("bruno").offer("Toile de jute");
  await hub.stop();
  await hub.serve({ INTERKPA_FEDERATION__MODE: "network" });
  return { hub, offer };
}

const accept = { accept: "application/activity+json" };

rule("the actors with the keys are read by everybody", async () => {
  const { hub } = await stage();

  for (const path of ["/hub", "/actor"]) {
    assert.equal((await fetch(hub.at(path), { headers: accept })).status, 200, path);
  }
});

rule("without signature nothing else is read", async () => {
  const { hub, offer } = await stage();

  for (const url of [offer.uri, hub.at("/hub/outbox"), offer.author.uri]) {
    assert.equal((await fetch(url, { headers: accept })).status, 401, String(url));
  }
});

rule("a stranger's signed GET is refused, and its Follow too", async () => {
  const [{ hub, offer }, peer] = [await stage(), await Peer.start("inconnue")];
  const load = await peer.signedLoader();

  await assert.rejects(load(offer.uri), /403/);
  await assert.rejects(peer.follow(await hubActor(peer, hub)), /403/);
});

for (const [scheme, firstKnock] of [
  ["cavage", "draft-cavage-http-signatures-12"],
  ["rfc9421", "rfc9421"],
]) {
  rule(`a KPA that was allowed reads with its signature, by ${scheme}, and follows`, async () => {
    const { hub, offer } = await stage();
    const peer = await Peer.start(`amie-${scheme}`, { firstKnock, isKpa: true });
    await hub.command("peer", "allow", peer.actor.href);
    const load = await peer.signedLoader();

    const { document } = await load(offer.uri);

    assert.equal(document.name, "Toile de jute");
    await peer.followAndWait(await hubActor(peer, hub));
  });
}

rule("a reply from a KPA that was allowed is shown at once", async () => {
  const [{ hub, offer }, peer] = [await stage(), await Peer.start("amie-bavarde", { isKpa: true })];
  await hub.command("peer", "allow", peer.actor.href);
  const actor = await hubActor(peer, hub);
  await peer.followAndWait(actor);

  await peer.say(Create, actor, peer.remark(new URL(offer.uri), "En bleu ?"));

  const { items } = await hub.member("aicha").call("GET", `/proposals/${offer.id}/questions`);
  assert.deepEqual(items.map(({ state }) => state), ["shown"]);
  assert.match(items[0].content, /En bleu/);
});
