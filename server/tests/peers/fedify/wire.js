// Every request that leaves this process: names of this machine are resolved here, because Node
// asks a name server for `*.localhost` (RFC 6761 §6.3 says not to); each request is kept with its
// answer; a test may change a request on its way.

import { lookup } from "node:dns";
import { Agent, setGlobalDispatcher } from "undici";

// In their order: `{ method, url, headers, status }`.
const sent = [];

let onTheWay = null;

/** Names to addresses, as `net.connect` wants it. */
export function loopbackLookup(name, options, done) {
  if (!name.endsWith(".localhost")) return lookup(name, options, done);
  const address = { address: "127.0.0.1", family: 4 };
  return options.all ? done(null, [address]) : done(null, address.address, address.family);
}

/** Resolves names as above from now on, and believes these authorities beside Node's own. */
export function connectThrough({ authorities } = {}) {
  setGlobalDispatcher(new Agent({ connect: { lookup: loopbackLookup, ca: authorities } }));
}

/** Hands requests to `change` before they leave, while `during` runs. */
export async function changing(change, during) {
  onTheWay = change;
  try {
    return await during();
  } finally {
    onTheWay = null;
  }
}

/** What was sent while `during` ran, and what it gave. */
export async function watching(during) {
  const before = sent.length;
  const result = await during();
  return { result, requests: sent.slice(before) };
}

/** How a request is signed, by its headers. */
export function schemeOf(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  return headers.has("signature") ? "cavage" : "none";
}

const fetchOfNode = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  let request = new Request(input, init);
  if (onTheWay !== null) request = await onTheWay(request);
  const { method, url } = request;
  const headers = new Headers(request.headers);
  const answered = await fetchOfNode(request);
  sent.push({ method, url, headers, status: answered.status });
  return answered;
};
