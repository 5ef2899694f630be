import assert from "node:assert/strict";
import { Create, Delete, Tombstone, Update } from "@fedify/vocab";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";

about("remarks");

let staged = null;

function stage() {
  staged ??= prepare();
  return staged;
}

async function prepare() {
  const [hub, peer] = [await openHub(), await Peer.start("bavarde")];
  const [bruno, actor] = [hub.member("bruno"), await hubActor(peer, hub)];
  const offer = await bruno.offer("Retouches");
  const under = async (member) => (await member.call("GET", `/proposals/${offer.id}/questions`)).items;
  return { hub, peer, bruno, actor, offer, under };
}

rule("a stranger's reply waits for the team, under its full handle", async () => {
  const { hub, peer, bruno, actor, offer, under } = await stage();

  await peer.say(Create, actor, peer.remark(new URL(offer.uri), "Jusqu'à quand ?"));

  const [remark] = await under(bruno);
  assert.equal(remark.state, "held");
  assert.match(JSON.stringify(remark), /Jusqu/);
  assert.match(remark.author, /odile@bavarde\.localhost/);
  assert.deepEqual(await under(hub.member("aicha")), [], "nobody else sees it yet");
});

rule("its author changes it and takes it back", async () => {
  const { peer, bruno, actor, offer, under } = await stage();
  const remark = peer.remark(new URL(offer.uri), "Le samedi ?");

  await peer.say(Create, actor, remark);
  const words = async () => JSON.stringify(await under(bruno));
  assert.match(await words(), /Le samedi/);
  await peer.say(Update, actor, remark.clone({ content: "<p>Le dimanche ?</p>" }));
  assert.match(await words(), /Le dimanche/);
  assert.doesNotMatch(await words(), /Le samedi/);
  await peer.say(Delete, actor, new Tombstone({ id: remark.id }));
  assert.doesNotMatch(await words(), /Le dimanche/);
});

rule("another server cannot change it", async () => {
  const { hub, peer, bruno, actor, offer, under } = await stage();
  const thief = await Peer.start("faussaire");
  const remark = peer.remark(new URL(offer.uri), "Pour enfants ?");
  await peer.say(Create, actor, remark);

  const forged = thief.remark(new URL(offer.uri), "Volé", { id: remark.id });

  await assert.rejects(thief.say(Update, await hubActor(thief, hub), forged), /403/);
  await assert.rejects(thief.say(Delete, await hubActor(thief, hub), new Tombstone({ id: remark.id })), /403/);
  const words = JSON.stringify(await under(bruno));
  assert.match(words, /Pour enfants/);
  assert.doesNotMatch(words, /Volé/);
});

rule("a script in a reply is not kept", async () => {
  const { peer, bruno, actor, offer, under } = await stage();

  const words = "Bonjour<script>alert(1)</script><img src=x onerror=alert(2)>";
  await peer.say(Create, actor, peer.remark(new URL(offer.uri), words));

  const kept = JSON.stringify(await under(bruno));
  assert.match(kept, /Bonjour/);
  assert.doesNotMatch(kept, /script|onerror/);
});

rule("a member's words under it are served as a reply that Fedify reads", async () => {
  const { hub, peer, bruno, offer } = await stage();

  const said = await bruno.call("POST", `/proposals/${offer.id}/questions`, { question: "Le samedi." });
  const note = await peer.context.lookupObject(new URL(said.uri ?? hub.at(`/objets/${said.id}`)));

  assert.equal(note.replyTargetId.href, offer.uri);
  assert.match(note.content.toString(), /Le samedi/);
});
