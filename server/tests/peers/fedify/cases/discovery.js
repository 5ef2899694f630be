import assert from "node:assert/strict";
import { parseNodeInfo } from "@fedify/fedify";
import { Activity, Application, Group, OrderedCollection, Person } from "@fedify/vocab";
import { lookupWebFinger } from "@fedify/webfinger";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, memberActor, openHub } from "../stage.js";

about("discovery");

const here = { allowPrivateAddress: true };

async function stage() {
  return { hub: await openHub(), peer: await Peer.start("chercheur") };
}

rule("the hub is a Group with an inbox and the keys of both kinds", async () => {
  const { hub, peer } = await stage();

  const actor = await hubActor(peer, hub);

  assert.ok(actor instanceof Group);
  assert.equal(actor.preferredUsername, "bobinette");
  assert.equal(actor.inboxId.href, hub.at("/hub/inbox").href);
  assert.equal(actor.endpoints.sharedInbox.href, hub.at("/inbox").href);
  const key = await actor.getPublicKey(peer.context);
  assert.equal(key.publicKey.algorithm.name, "RSASSA-PKCS1-v1_5");
  assert.equal(key.ownerId.href, actor.id.href);
  const [proof] = await Array.fromAsync(actor.getAssertionMethods(peer.context));
  assert.equal(proof.publicKey.algorithm.name, "Ed25519");
  assert.equal(proof.controllerId.href, actor.id.href);
});

rule("a member who opted in is a Person, found by handle", async () => {
  const { hub, peer } = await stage();

  const actor = await memberActor(peer, hub, "bruno");

  assert.ok(actor instanceof Person);
  assert.equal(actor.preferredUsername, "bruno");
  assert.equal(actor.name.toString(), "Bruno");
});

rule("who did not opt in is not found by handle", async () => {
  const { hub } = await stage();
  const resource = `acct:aicha@${new URL(hub.origin).host}`;

  const answered = await fetch(hub.at(`/.well-known/webfinger?resource=${resource}`));

  assert.equal(answered.status, 404);
});

rule("WebFinger of an address leads to the actor", async () => {
  const { hub } = await stage();

  const finger = await lookupWebFinger(hub.at("/hub"), here);

  const own = finger.links.find((link) => link.rel === "self");
  assert.equal(own.href, hub.at("/hub").href);
  assert.equal(own.type, "application/activity+json");
  assert.equal(finger.subject, `acct:bobinette@${new URL(hub.origin).host}`);
});

rule("the instance actor is read without signature", async () => {
  const { hub, peer } = await stage();

  const actor = await peer.context.lookupObject(hub.at("/actor"));

  assert.ok(actor instanceof Application);
});

rule("NodeInfo names the software and the protocol", async () => {
  const { hub } = await stage();

  // Fedify's own look-up reads no address of this machine: the two steps are made here.
  const { links } = await (await fetch(hub.at("/.well-known/nodeinfo"))).json();
  const link = links.find(({ rel }) => rel === "http://nodeinfo.diaspora.software/ns/schema/2.1");
  const info = parseNodeInfo(await (await fetch(link.href)).json());

  assert.equal(info.software.name, "interkpa");
  assert.deepEqual(info.protocols, ["activitypub"]);
});

rule("the outbox is a collection of activities that all parse", async () => {
  const { hub, peer } = await stage();
  const actor = await hubActor(peer, hub);

  const outbox = await actor.getOutbox(peer.context);
  assert.ok(outbox instanceof OrderedCollection);
  const activities = await Array.fromAsync(peer.context.traverseCollection(outbox));

  assert.ok(activities.length >= 3, `${activities.length} activities`);
  for (const activity of activities) {
    assert.ok(activity instanceof Activity);
    assert.equal(activity.actorId.href, actor.id.href);
  }
});
