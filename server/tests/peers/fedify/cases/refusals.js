import assert from "node:assert/strict";
import { signRequest } from "@fedify/fedify";
import { Temporal } from "@js-temporal/polyfill";
import { makeKeys, Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";

about("refusals");

const SCHEMES = ["draft-cavage-http-signatures-12", "rfc9421"];

let staged = null;

function stage() {
  staged ??= prepare();
  return staged;
}

async function prepare() {
  const [hub, peer] = [await openHub(), await Peer.start("maladroite")];
  const actor = await hubActor(peer, hub);
  const [stranger] = await makeKeys();
  return { peer, actor, stranger, own: await peer.rsa() };
}

/** A delivery signed by hand; `spoil` gets `{ body, headers }` once it is signed. */
async function deliver(spec, { key, keyId, currentTime, spoil = (signed) => signed } = {}) {
  const { peer, actor, own } = await stage();
  const body = JSON.stringify({
    "@context": "https://www.w3.org/ns/activitystreams",
    id: peer.newId(),
    type: "Follow",
    actor: peer.actor,
    object: actor.id,
  });
  const plain = new Request(actor.inboxId, {
    method: "POST",
    headers: { "content-type": "application/activity+json" },
    body,
  });
  const signed = await signRequest(plain, key ?? own.privateKey, keyId ?? own.keyId, { spec, currentTime });
  const spoiled = spoil({ body, headers: new Headers(signed.headers) });
  const answered = await fetch(actor.inboxId, { method: "POST", ...spoiled });
  const text = await answered.text();
  return `${answered.status} ${text === "" ? "" : JSON.parse(text).code}`.trim();
}

const swapped = (_, begin, two) => begin + (two === "AA" ? "BB" : "AA");
const hoursAgo = (hours) => Temporal.Now.instant().subtract({ hours });

for (const spec of SCHEMES) {
  const isCavage = spec !== "rfc9421";
  const name = isCavage ? "cavage" : "rfc9421";
  const digest = isCavage ? "digest" : "content-digest";

  rule(`${name}: as Fedify signs it, it is taken in`, async () => {
    assert.equal(await deliver(spec), "202");
  });

  rule(`${name}: another body is refused`, async () => {
    const spoil = ({ body, headers }) => ({ body: body.replace("Follow", "Block_"), headers });
    assert.equal(await deliver(spec, { spoil }), "401 digest_mismatch");
  });

  rule(`${name}: a digest made for another body is refused`, async () => {
    const spoil = ({ body, headers }) => {
      // Its first letters are others: still base64 of 32 bytes.
      headers.set(digest, headers.get(digest).replace(/(=:?)(..)/, swapped));
      return { body, headers };
    };
    assert.equal(await deliver(spec, { spoil }), "401 digest_mismatch");
  });

  rule(`${name}: another key than the one that is named is refused`, async () => {
    const { stranger } = await stage();
    assert.equal(await deliver(spec, { key: stranger.privateKey }), "401 sig_invalid");
  });

  rule(`${name}: a key of somebody else is refused`, async () => {
    const other = await Peer.start(`autre-${name}`);
    const { keyId, privateKey } = await other.rsa();
    assert.equal(await deliver(spec, { key: privateKey, keyId }), "401 key_not_of_actor");
  });

  rule(`${name}: a date two hours old, or ahead, is refused`, async () => {
    assert.equal(await deliver(spec, { currentTime: hoursAgo(2) }), "401 sig_time");
    assert.equal(await deliver(spec, { currentTime: hoursAgo(-2) }), "401 sig_time");
  });

  rule(`${name}: without its signature it is refused`, async () => {
    const spoil = ({ body, headers }) => {
      headers.delete("signature");
      headers.delete("signature-input");
      return { body, headers };
    };
    assert.equal(await deliver(spec, { spoil }), "401 sig_missing");
  });
}
