// A certificate authority of the test, made anew each time, and a server name it vouches for.

import * as asn1 from "asn1js";
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  GeneralName,
  GeneralNames,
  setEngine,
} from "pkijs";

const DAY = 86_400_000;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

setEngine("node", new CryptoEngine({ name: "node", crypto }));

/** PEM of the authority, and certificate and key of a server of this name. */
export async function certified(name) {
  const [root, server] = [await keyPair(), await keyPair()];
  const constraints = new BasicConstraints({ cA: true }).toSchema().toBER();
  const basic = new Extension({ extnID: "2.5.29.19", critical: true, extnValue: constraints });
  const names = new GeneralNames({ names: [new GeneralName({ type: 2, value: name })] });
  const alternative = new Extension({ extnID: "2.5.29.17", extnValue: names.toSchema().toBER() });
  const authority = { name: "Inter-KPA test authority", keys: root };
  return {
    authority: await certificate(authority, authority, basic),
    certificate: await certificate({ name, keys: server }, authority, alternative),
    key: pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", server.privateKey)),
  };
}

async function keyPair() {
  return await crypto.subtle.generateKey(RSA, true, ["sign", "verify"]);
}

async function certificate(subject, issuer, extension) {
  const made = new Certificate();
  made.version = 2;
  made.serialNumber = new asn1.Integer({ value: crypto.getRandomValues(new Uint8Array([1]))[0] + 1 });
  made.subject.typesAndValues.push(commonName(subject.name));
  made.issuer.typesAndValues.push(commonName(issuer.name));
  made.notBefore.value = new Date(Date.now() - DAY);
  made.notAfter.value = new Date(Date.now() + DAY);
  made.extensions = [extension];
  await made.subjectPublicKeyInfo.importKey(subject.keys.publicKey);
  await made.sign(issuer.keys.privateKey, "SHA-256");
  return pem("CERTIFICATE", made.toSchema().toBER());
}

function commonName(name) {
  return new AttributeTypeAndValue({ type: "2.5.4.3", value: new asn1.Utf8String({ value: name }) });
}

function pem(label, bytes) {
  const lines = Buffer.from(bytes).toString("base64").match(/.{1,64}/g);
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
