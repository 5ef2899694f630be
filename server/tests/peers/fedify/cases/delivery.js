import assert from "node:assert/strict";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";

about("delivery");

rule("what a server missed while it was down is delivered once it is back, each once", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("absente")];
  const actor = await hubActor(peer, hub);
  await peer.followAndWait(actor);
  const witness = await Peer.start("temoin");
  await witness.followAndWait(actor);
  const isOf = (offer) => (body) => body.type === "Create" && body.object?.id === offer.uri;

  await peer.goDown();
  const offer = await hub.member("bruno").offer("Patrons de veste");
  await witness.wait("Create", isOf(offer));
  const waiting = (await hub.waitingFor(peer.origin)).filter(({ created_at: at }) => at >= offer.published);
  await peer.listen();
  await (await peer.signedLoader())(hub.at("/hub").href);
  const create = await peer.wait("Create", isOf(offer));
  await peer.wait("Announce", (body) => body.type === "Announce" && body.object?.id === create.body.id);

  assert.equal(waiting.length, 3, "the Create and both announcements wait");
  const ids = peer.received.map(({ body }) => body.id);
  assert.deepEqual(ids, [...new Set(ids)], "nothing comes twice");
});

rule("what waits survives the end of the hub's process", async () => {
  const [hub, peer] = [await openHub(), await Peer.start("patiente")];
  await peer.followAndWait(await hubActor(peer, hub));

  await peer.goDown();
  const offer = await hub.member("bruno").offer("Surjeteuse");
  await hub.stop();
  await peer.listen();
  await hub.serve();

  const create = await peer.wait("Create", (body) => body.type === "Create" && body.object?.id === offer.uri);
  assert.equal(create.signature.verified, true);
});
