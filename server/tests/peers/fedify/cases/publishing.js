import assert from "node:assert/strict";
import { Announce, Create, Delete, Note, Tombstone, Update } from "@fedify/vocab";
import { expanded, keysOf, nodeOf, proved, valueOf } from "../documents.js";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { hubActor, openHub } from "../stage.js";

about("publishing");

const AS = "https://www.w3.org/ns/activitystreams#";
const IKPA = "urn:interkpa:ns:";
const VF = "https://w3id.org/valueflows/ont/vf#";
const OM2 = "http://www.ontology-of-units-of-measure.org/resource/om-2/";

let staged = null;

/** A follower of the hub, and an offer of Bruno with all that was said about it. */
function stage() {
  staged ??= prepare();
  return staged;
}

async function prepare() {
  const [hub, peer] = [await openHub(), await Peer.start("lectrice")];
  const actor = await hubActor(peer, hub);
  await peer.followAndWait(actor);
  const bruno = hub.member("bruno");
  const offer = await bruno.offer("Cours de couture");
  const about = (type) => (body) => body.type === type && body.object?.id === offer.uri;
  const create = await peer.wait("Create", about("Create"));
  return { hub, peer, actor, bruno, offer, about, create };
}

rule("an offer arrives signed by its author, as a Create of a Note", async () => {
  const { peer, offer, create } = await stage();

  assert.equal(create.signature.verified, true);
  assert.equal(create.signature.key.ownerId.href, offer.author.uri);
  const parsed = await Create.fromJsonLd(create.body, peer.context);
  const note = await parsed.getObject(peer.context);
  assert.ok(note instanceof Note);
  assert.equal(note.id.href, offer.uri);
  assert.equal(note.name.toString(), "Cours de couture");
  assert.equal(note.attributionId.href, offer.author.uri);
  assert.match(note.content.toString(), /^<p><strong>Cours de couture<\/strong><\/p>/);
  assert.ok(peer.handled.some((activity) => activity instanceof Create));
});

rule("its own words and those of ValueFlows survive expansion", async () => {
  const { create } = await stage();

  const node = await expanded(create.body);

  const note = nodeOf(node, `${AS}object`);
  assert.equal(valueOf(note, `${IKPA}kind`), "offer");
  assert.equal(valueOf(note, `${VF}purpose`), "offer");
  assert.equal(valueOf(note, `${VF}unitBased`), true);
  const intent = nodeOf(note, `${VF}publishes`);
  assert.deepEqual(intent["@type"], [`${VF}Intent`]);
  assert.equal(valueOf(intent, `${VF}action`), "deliverService");
  const quantity = nodeOf(intent, `${VF}resourceQuantity`);
  assert.ok(valueOf(quantity, `${OM2}hasNumericalValue`));
  assert.ok(nodeOf(note, `${VF}reciprocal`));
});

rule("no key is lost by expansion", async () => {
  const { create } = await stage();

  const node = await expanded(create.body);

  // JSON-LD drops what no context defines: each key must come back as an IRI.
  const kept = new Set(keysOf(node).map((key) => key.split(/[#/:]/).at(-1)));
  const meanings = { id: "@id", type: "@type", contentMap: "content" };
  for (const key of keysOf(create.body)) {
    const local = meanings[key] ?? key.split(":").at(-1);
    assert.ok(kept.has(local), `${key} is lost`);
  }
});

rule("the proof of a Create holds, and one changed letter breaks it", async () => {
  const { create, offer } = await stage();

  assert.equal(create.body.proof.verificationMethod, `${offer.author.uri}#ed25519-key`);
  assert.ok((await proved(create.body)) instanceof Create);
  const changed = structuredClone(create.body);
  changed.object.name = "Cours de Couture";
  assert.equal(await proved(changed), null);
});

rule("the hub announces it in both forms, both proved", async () => {
  const { peer, actor, offer, create } = await stage();

  const announces = (is) => (body) => body.type === "Announce" && is(body.object);
  const plain = await peer.wait("Announce{id}", announces((object) => object === offer.uri));
  const whole = await peer.wait("Announce{activity}", announces((object) => object.id === create.body.id));

  for (const announced of [plain, whole]) {
    assert.equal(announced.body.actor, actor.id.href);
    assert.equal(announced.signature.key.ownerId.href, actor.id.href);
    assert.ok((await proved(announced.body)) instanceof Announce);
  }
  assert.deepEqual(whole.body.object, create.body, "the activity is announced as it was said");
});

rule("an edit arrives as an Update, proved", async () => {
  const { peer, hub, bruno, offer, about } = await stage();

  await bruno.call("POST", `/proposals/${offer.id}`, { title: "Cours de broderie" });
  const update = await peer.wait("Update", about("Update"));

  assert.equal(update.body.object.name, "Cours de broderie");
  assert.ok(update.body.object.updated >= update.body.object.published);
  assert.ok((await proved(update.body)) instanceof Update);
  const served = await hub.document(offer.uri);
  assert.equal(served.name, "Cours de broderie");
});

rule("what is taken back arrives as a Delete, proved, and its address says so", async () => {
  const { peer, bruno, offer, about, create } = await stage();

  await bruno.call("DELETE", `/proposals/${offer.id}`);
  const deleted = await peer.wait("Delete", about("Delete"));

  const parsed = await proved(deleted.body);
  assert.ok(parsed instanceof Delete);
  assert.ok((await parsed.getObject(peer.context)) instanceof Tombstone);
  const status = async (url) => (await fetch(url, { headers: { accept: "application/activity+json" } })).status;
  assert.equal(await status(offer.uri), 410);
  assert.equal(await status(create.body.id), 410, "what was said of it is gone with it");
});

rule("what only the network may read is not sent to a follower", async () => {
  const { hub, peer, bruno } = await stage();

  const kept = await bruno.offer("Machine à coudre", { visibility: "network" });
  const told = await bruno.offer("Boutons");
  await peer.wait("Create", (body) => body.type === "Create" && body.object?.id === told.uri);

  const between = ({ created_at: at }) => at >= kept.published && at < told.published;
  assert.deepEqual((await hub.waitingFor(peer.origin)).filter(between), []);
  assert.ok(!peer.received.some(({ body }) => JSON.stringify(body).includes(kept.uri)));
  const answered = await fetch(kept.uri, { headers: { accept: "application/activity+json" } });
  assert.equal(answered.status, 404);
});
