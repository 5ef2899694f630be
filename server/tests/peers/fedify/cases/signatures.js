import assert from "node:assert/strict";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";
import { changing, schemeOf, watching } from "../wire.js";

about("signatures");

const SCHEMES = { cavage: "draft-cavage-http-signatures-12", rfc9421: "rfc9421" };

/** Deliveries among requests: scheme and status of each. */
const knocks = (requests) =>
  requests
    .filter(({ method, url }) => method === "POST" && url.endsWith("inbox"))
    .map(({ headers, status }) => `${schemeOf(headers)} ${status}`);

for (const [scheme, firstKnock] of Object.entries(SCHEMES)) {
  rule(`the hub verifies what Fedify signs with ${scheme}, at the first knock`, async () => {
    const [hub, peer] = [await openHub(), await Peer.start(`signe-${scheme}`, { firstKnock })];
    const actor = await hubActor(peer, hub);

    const { requests } = await watching(() => peer.followAndWait(actor));

    assert.deepEqual(knocks(requests), [`${scheme} 202`]);
  });
}

for (const [broken, kept] of [["rfc9421", "cavage"], ["cavage", "rfc9421"]]) {
  rule(`refused with ${broken}, Fedify knocks again with ${kept} and is heard`, async () => {
    const firstKnock = SCHEMES[broken];
    const [hub, peer] = [await openHub(), await Peer.start(`refait-${broken}`, { firstKnock })];
    const actor = await hubActor(peer, hub);

    const { requests } = await watching(() =>
      changing((request) => withoutProofOf(broken, request), () => peer.followAndWait(actor)),
    );

    assert.deepEqual(knocks(requests), [`${broken} 401`, `${kept} 202`]);
  });
}

rule("the hub knocks with cavage first, and a server that reads only that is content", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("ancienne")];

  peer.refuse("rfc9421");
  const { accept } = await peer.followAndWait(await hubActor(peer, hub));

  assert.equal(accept.signature.verified, true);
  assert.deepEqual(peer.received.map(({ scheme }) => scheme), ["cavage"]);
});

rule("refused with cavage, the hub knocks again with rfc9421, and Fedify verifies it", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("exigeante")];

  peer.refuse("cavage");
  const { accept } = await peer.followAndWait(await hubActor(peer, hub));

  assert.equal(accept.scheme, "rfc9421");
  assert.equal(accept.signature.verified, true);
  assert.deepEqual(peer.received.map(({ scheme }) => scheme), ["cavage", "rfc9421"]);
});

rule("the hub remembers which scheme a server reads", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("moderne")];
  const actor = await hubActor(peer, hub);
  peer.refuse("cavage");
  const { follow } = await peer.followAndWait(actor);

  await peer.unfollow(actor, follow);
  await peer.followAndWait(actor);

  assert.deepEqual(peer.received.map(({ scheme }) => scheme), ["cavage", "rfc9421", "rfc9421"]);
});

/** A request of one scheme whose signature was broken on its way. */
async function withoutProofOf(scheme, request) {
  if (request.method !== "POST" || schemeOf(request.headers) !== scheme) return request;
  const headers = new Headers(request.headers);
  const signature = headers.get("signature");
  // The first byte of the signature is another one.
  const broken = signature.replace(/(signature="|=:)(..)/, (_, begin, two) => begin + (two === "AA" ? "BB" : "AA"));
  assert.notEqual(broken, signature);
  headers.set("signature", broken);
  return new Request(request.url, { method: "POST", headers, body: await request.arrayBuffer() });
}
