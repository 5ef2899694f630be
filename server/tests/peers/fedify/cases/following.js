import assert from "node:assert/strict";
import { Accept } from "@fedify/vocab";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, memberActor, openHub } from "../stage.js";

about("following");

const isOf = (type, url) => (body) => body.type === type && body.object?.id === url;

rule("the hub accepts a Follow, and Fedify verifies who signed the Accept", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("suiveur")];
  const actor = await hubActor(peer, hub);

  const { follow, accept } = await peer.followAndWait(actor);

  assert.equal(accept.signature.verified, true);
  assert.equal(accept.signature.key.ownerId.href, actor.id.href);
  assert.equal(accept.scheme, "cavage");
  assert.equal(accept.headers.get("content-type"), "application/activity+json");
  const parsed = peer.handled.find((activity) => activity instanceof Accept);
  assert.equal(parsed.actorId.href, actor.id.href);
  assert.equal(parsed.objectId.href, follow.id.href);
});

rule("a member with a public actor is followed too, and what it says arrives", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("voisine")];
  const bruno = await memberActor(peer, hub, "bruno");

  const { accept } = await peer.followAndWait(bruno);
  const offer = await hub.member("bruno").offer("Ourlet de pantalon");
  const create = await peer.wait("Create", isOf("Create", offer.uri));

  assert.equal(accept.signature.key.ownerId.href, bruno.id.href);
  assert.equal(create.body.actor, bruno.id.href);
  assert.equal(create.signature.key.ownerId.href, bruno.id.href);
});

rule("after Undo nothing more is sent", async () => {
  const hub = await openHub();
  const [leaves, stays] = [await Peer.start("partante"), await Peer.start("restante")];
  const actor = await hubActor(leaves, hub);
  const { follow } = await leaves.followAndWait(actor);
  await stays.followAndWait(actor);

  await leaves.unfollow(actor, follow);
  const offer = await hub.member("bruno").offer("Bobines de fil");
  await stays.wait("Create", isOf("Create", offer.uri));

  // Deliveries are written with the activity: what is not written now never will be.
  const since = ({ created_at: at }) => at >= offer.published;
  assert.deepEqual((await hub.waitingFor(leaves.origin)).filter(since), []);
  assert.deepEqual(leaves.received.map(({ body }) => body.type), ["Accept"]);
});

rule("a Follow undone and said again is accepted again", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("revenante")];
  const actor = await hubActor(peer, hub);

  const first = await peer.followAndWait(actor);
  await peer.unfollow(actor, first.follow);
  const second = await peer.followAndWait(actor);

  assert.notEqual(first.follow.id.href, second.follow.id.href);
});
