// A small server built on Fedify, as somebody would write it: one account that follows, hears,
// answers. At its door every delivery is kept, with what Fedify says of its HTTP signature.

import { once } from "node:events";
import { createServer } from "node:http";
import {
  createFederation,
  generateCryptoKeyPair,
  MemoryKvStore,
  verifyRequestDetailed,
} from "@fedify/fedify";
import { Activity, Follow, Group, Note, Person, PUBLIC_COLLECTION, Undo } from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";
import { schemeOf } from "./wire.js";

const ACCOUNT = "odile";
const WAIT_MAX = 20_000;

const keysMade = makeKeys();
const running = new Set();

/** One server with one account. */
export class Peer {
  /** Listens at `http://<name>.localhost:<free port>`; `firstKnock` is the scheme it signs with;
   * the account of a KPA is a Group that says so in the words of our vocabulary. */
  static async start(name, { firstKnock = "rfc9421", isKpa = false } = {}) {
    const peer = new Peer();
    peer.isKpa = isKpa;
    peer.received = [];
    peer.handled = [];
    peer.waiting = new Set();
    peer.refused = new Set();
    peer.keys = await keysMade;
    peer.server = createServer((asked, answer) => peer.serve(asked, answer));
    peer.port = 0;
    await peer.listen();
    peer.origin = `http://${name}.localhost:${peer.port}`;
    peer.federation = federation(peer, firstKnock);
    peer.context = peer.federation.createContext(new URL(peer.origin), undefined);
    peer.actor = peer.context.getActorUri(ACCOUNT);
    return peer;
  }

  /** Begins to listen, again on the same port. */
  async listen() {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = this.server.address().port;
    running.add(this);
  }

  /** Goes down: connections are refused from now on. */
  async goDown() {
    running.delete(this);
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  /** Answers 401 to deliveries signed with this scheme, `cavage` or `rfc9421`. */
  refuse(scheme) {
    this.refused.add(scheme);
  }

  async serve(asked, answer) {
    const request = await toRequest(asked);
    const isDelivery = request.method === "POST";
    const heard = isDelivery ? await this.hear(request) : null;
    const answered = heard?.refused
      ? new Response("another scheme, please", { status: 401 })
      : await this.answer(request);
    answer.writeHead(answered.status, Object.fromEntries(answered.headers));
    answer.end(Buffer.from(await answered.arrayBuffer()));
    if (heard === null) return;
    heard.status = answered.status;
    for (const look of this.waiting) look();
  }

  /** Fedify's answer; the document of a KPA gets the word that Fedify has no class for. */
  async answer(request) {
    const answered = await this.federation.fetch(request, { contextData: undefined });
    if (!this.isKpa || request.url !== this.actor.href || !answered.ok) return answered;
    const document = await answered.json();
    document["@context"].push({ ikpa: "urn:interkpa:ns:" });
    const headers = { "content-type": "application/activity+json" };
    return Response.json({ ...document, "ikpa:kind": "hub" }, { headers });
  }

  /** Keeps a delivery, and verifies its HTTP signature whatever proofs it carries. */
  async hear(request) {
    const { documentLoader, contextLoader } = this.context;
    const heard = {
      headers: new Headers(request.headers),
      scheme: schemeOf(request.headers),
      body: await request.clone().json(),
    };
    heard.refused = this.refused.has(heard.scheme);
    heard.signature = await verifyRequestDetailed(request.clone(), { documentLoader, contextLoader });
    this.received.push(heard);
    return heard;
  }

  /** Waits for a delivery that Fedify took in and of which `is` says yes. */
  async wait(what, is) {
    const find = () => this.received.find((heard) => heard.status === 202 && is(heard.body));
    const found = find();
    if (found !== undefined) return found;
    return await new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        const came = this.received.map(({ status, body }) => `${status} ${body.type} ${body.id}`);
        reject(new Error(`${what} did not arrive; there came:\n${came.join("\n")}`));
      }, WAIT_MAX);
      this.waiting.add(look);
    });
  }

  /** A new address of this server. */
  newId() {
    return new URL(`/things/${crypto.randomUUID()}`, this.origin);
  }

  /** Sends an activity to one actor; an answer other than 2xx is an error. */
  async send(recipient, activity) {
    await this.context.sendActivity({ identifier: ACCOUNT }, recipient, activity);
    return activity;
  }

  /** Follows an actor; the answer comes later. */
  async follow(followed) {
    const [id, actor] = [this.newId(), this.actor];
    const follow = new Follow({ id, actor, object: followed.id, to: followed.id });
    return await this.send(followed, follow);
  }

  /** Follows an actor and waits until it has accepted. */
  async followAndWait(followed) {
    const follow = await this.follow(followed);
    const answers = (body) => (body.object?.id ?? body.object) === follow.id.href;
    const accept = await this.wait("Accept", (body) => body.type === "Accept" && answers(body));
    return { follow, accept };
  }

  /** Takes a following back. */
  async unfollow(followed, follow) {
    const [id, actor] = [this.newId(), this.actor];
    return await this.send(followed, new Undo({ id, actor, object: follow, to: followed.id }));
  }

  /** A remark under something. */
  remark(target, words, { id = this.newId(), ...others } = {}) {
    const now = Temporal.Now.instant();
    return new Note({
      id,
      url: id,
      attribution: this.actor,
      replyTarget: target,
      content: `<p>${words}</p>`,
      published: now,
      to: PUBLIC_COLLECTION,
      ...others,
    });
  }

  /** Says something about a remark: `Create`, `Update` or `Delete`. */
  async say(Kind, recipient, object) {
    const [id, actor] = [this.newId(), this.actor];
    const [to, cc] = [PUBLIC_COLLECTION, recipient.id];
    return await this.send(recipient, new Kind({ id, actor, object, to, cc }));
  }

  /** The loader that signs its GETs as the account. */
  async signedLoader() {
    return await this.context.getDocumentLoader({ identifier: ACCOUNT });
  }

  /** RSA key and its address, for requests signed by hand. */
  async rsa() {
    const pairs = await this.context.getActorKeyPairs(ACCOUNT);
    return pairs.find((pair) => pair.privateKey.algorithm.name === "RSASSA-PKCS1-v1_5");
  }
}

/** Ends every server of this file. */
export async function endPeers() {
  for (const peer of running) await peer.goDown();
}

/** The keys of an account: RSA for requests, Ed25519 for proofs. */
export async function makeKeys() {
  return [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];
}

function federation(peer, firstKnock) {
  const made = createFederation({
    kv: new MemoryKvStore(),
    allowPrivateAddress: true,
    firstKnock,
  });
  made
    .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
      if (identifier !== ACCOUNT) return null;
      const keys = await context.getActorKeyPairs(identifier);
      const Account = peer.isKpa ? Group : Person;
      return new Account({
        id: context.getActorUri(identifier),
        preferredUsername: identifier,
        name: "Odile",
        inbox: context.getInboxUri(identifier),
        url: context.getActorUri(identifier),
        publicKey: keys[0].cryptographicKey,
        assertionMethods: keys.map((key) => key.multikey),
      });
    })
    .setKeyPairsDispatcher(() => peer.keys);
  made
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .on(Activity, (_context, activity) => {
      peer.handled.push(activity);
    });
  return made;
}

async function toRequest(asked) {
  const chunks = [];
  for await (const chunk of asked) chunks.push(chunk);
  const url = new URL(asked.url, `http://${asked.headers.host}`);
  const body = chunks.length === 0 ? undefined : Buffer.concat(chunks);
  return new Request(url, { method: asked.method, headers: asked.headers, body });
}
