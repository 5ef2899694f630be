// What Fedify's own tools say of a document of ours.

import { verifyObject } from "@fedify/fedify";
import { Activity } from "@fedify/vocab";
import { getDocumentLoader } from "@fedify/vocab-runtime";
import jsonld from "jsonld";

const loader = getDocumentLoader({ allowPrivateAddress: true });

/** Loads the documents of contexts that Fedify brings along; any other context is an error, so
 * that nothing of ours has to be fetched to be understood. */
export async function knownContexts(url) {
  if (new URL(url).hostname.endsWith("localhost")) throw new Error(`${url} is asked for as a context`);
  return await loader(url);
}

/** The activity when every proof in it holds and is its actor's; else null. */
export async function proved(document) {
  return await verifyObject(Activity, document, {
    documentLoader: loader,
    contextLoader: knownContexts,
  });
}

/** The expanded form: one node, every key an IRI. */
export async function expanded(document) {
  const [node] = await jsonld.expand(document, { documentLoader: knownContexts });
  return node;
}

/** The first node below an expanded key. */
export function nodeOf(node, iri) {
  return node[iri]?.[0];
}

/** The first value or address below an expanded key. */
export function valueOf(node, iri) {
  const first = nodeOf(node, iri);
  return first?.["@value"] ?? first?.["@id"];
}

/** Keys of a document, at every depth, but those of its contexts. */
export function keysOf(document) {
  if (Array.isArray(document)) return document.flatMap(keysOf);
  if (document === null || typeof document !== "object") return [];
  const own = Object.entries(document).filter(([key]) => key !== "@context");
  return own.flatMap(([key, value]) => (key.endsWith("Map") ? [key] : [key, ...keysOf(value)]));
}
