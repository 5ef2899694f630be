import assert from "node:assert/strict";
import { once } from "node:events";
import { request as forward } from "node:http";
import { createServer } from "node:https";
import { Group } from "@fedify/vocab";
import { certified } from "../authority.js";
import { freePort, Hub } from "../hub.js";
import { Peer } from "../peer.js";
import { about, rule } from "../suite.js";
import { connectThrough } from "../wire.js";

about("over TLS");

const NAME = "bobinette.localhost";

rule("@handle@host leads to the hub, which is followed and answers", async () => {
  const made = await certified(NAME);
  const inside = await freePort();
  const proxy = createServer({ key: made.key, cert: made.certificate }, (asked, answer) => {
    const { method, url, headers } = asked;
    const passed = forward({ host: "127.0.0.1", port: inside, method, path: url, headers }, (answered) => {
      answer.writeHead(answered.statusCode, answered.headers);
      answered.pipe(answer);
    });
    asked.pipe(passed);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const host = `${NAME}:${proxy.address().port}`;
  const hub = await Hub.bare(`https://${host}`, inside);
  const peer = await Peer.start("prudente");

  await assert.rejects(fetch(hub.at("/hub")), "an authority that nobody named is not believed");
  connectThrough({ authorities: [made.authority] });
  const actor = await peer.context.lookupObject(`acct:bobinette@${host}`);
  assert.ok(actor instanceof Group);
  assert.equal(actor.id.href, `https://${host}/hub`);
  const { accept } = await peer.followAndWait(actor);
  assert.equal(accept.signature.key.ownerId.href, actor.id.href);

  connectThrough();
  proxy.close();
  proxy.closeAllConnections();
});
