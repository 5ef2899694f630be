#!/usr/bin/env python3
"""Makes ../it/fixtures/vectors/apsig.json with apsig, a signature library independent of ours.

    python3 -m venv /tmp/apsig && /tmp/apsig/bin/pip install apsig==0.6.0
    /tmp/apsig/bin/python federation/tests/vectors/make_apsig.py

Everything is fixed (keys, times, bodies) and both algorithms are deterministic, so a second run
writes the same file. The RSA key beside this file signs nothing but these vectors.
"""

import base64
import copy
import datetime
import hashlib
import json
import pathlib
import types

import apsig
import apsig.rfc9421
from apsig.draft.sign import Signer
from apsig.draft.tools import build_string
from apsig.proof.sign import ProofSigner
from apsig.proof.verify import ProofVerifier
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from multiformats import multibase, multicodec

APSIG = "0.6.0"
HERE = pathlib.Path(__file__).parent
OUT = HERE.parent / "it" / "fixtures" / "vectors" / "apsig.json"

NOW = datetime.datetime(2026, 11, 25, 8, 0, 0, tzinfo=datetime.timezone.utc)
DATE = "Wed, 25 Nov 2026 08:00:00 GMT"
OWN = "http://bobinette.localhost:8401"
HOST = "bobinette.localhost:8401"
ACTOR = "http://criee.localhost:8403/hub"
KEY_ID = ACTOR + "#main-key"
PROOF_KEY_ID = ACTOR + "#ed25519-key"
BODY = '{"type":"Follow","id":"http://criee.localhost:8403/activites/1","titre":"Café à la criée"}'

RSA = serialization.load_pem_private_key((HERE / "test_rsa_key.pem").read_bytes(), None)
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class FixedClock(datetime.datetime):
    """The library reads the clock; here it always shows the same time."""

    @classmethod
    def now(cls, tz=None):
        return NOW


apsig.rfc9421.dt = types.SimpleNamespace(
    datetime=FixedClock, timezone=datetime.timezone, timedelta=datetime.timedelta
)


def cavage(name, method, path, body, covered=None):
    """One draft-cavage request, exactly as the library sends it."""
    signer = Signer(
        headers={"Host": HOST, "Date": DATE},
        private_key=RSA,
        method=method,
        url=OWN + path,
        key_id=KEY_ID,
        body=body.encode(),
        signed_headers=covered,
    )
    headers = signer.sign()
    text = build_string(
        {**signer.raw_headers, "(request-target)": signer.request_target},
        headers=signer.signed_headers,
    )
    return {
        "name": name,
        "scheme": "cavage",
        "method": method,
        "target": path,
        "headers": [[key.lower(), value] for key, value in headers.items()],
        "body": body,
        "signed_text": text,
        "covered": signer.signed_headers,
    }


def rfc9421(name, method, path, body, covered):
    """One RFC 9421 request. The library writes `content-digest` after signing and with the label of
    the old header inside; what it signed is the header passed in, which is what we keep."""
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    given = {
        "host": HOST,
        "date": DATE,
        "content-type": "application/activity+json",
        "content-length": str(len(body.encode())),
        "content-digest": f"sha-256=:{digest}:",
    }
    signer = apsig.rfc9421.RFC9421Signer(RSA, KEY_ID)
    if covered:
        signer.sign_headers = covered
    headers = signer.sign(method, path, HOST, given, body.encode())
    headers["content-digest"] = given["content-digest"]
    text = signer._RFC9421Signer__build_signature_base(
        {"@method": method, "@path": path, "@authority": HOST}, given
    )
    return {
        "name": name,
        "scheme": "rfc9421",
        "method": method,
        "target": path,
        "headers": [[key.lower(), value] for key, value in headers.items()],
        "body": body,
        "signed_text": text.decode(),
        "covered": signer.sign_headers,
    }


def proof(name, document):
    """One proved document, verified by the library itself before it is written."""
    proved = ProofSigner(ED25519).sign(
        document,
        {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "verificationMethod": PROOF_KEY_ID,
            "proofPurpose": "assertionMethod",
            "created": "2026-11-25T08:00:00Z",
        },
    )
    # The verifier takes the value out of the document it is given.
    assert ProofVerifier(ED25519.public_key()).verify(copy.deepcopy(proved)) == PROOF_KEY_ID
    return {"name": name, "document": proved}


CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v1",
    {"ikpa": "urn:interkpa:ns:"},
]


def main():
    assert apsig.__version__ == APSIG, f"install apsig=={APSIG}"
    ours = ["(request-target)", "host", "date", "digest"]
    public = ED25519.public_key().public_bytes_raw()
    vectors = {
        "made_by": f"apsig {APSIG}",
        "now": int(NOW.timestamp()),
        "own": OWN,
        "key_id": KEY_ID,
        "rsa_public_key_pkcs1": base64.b64encode(
            RSA.public_key().public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.PKCS1
            )
        ).decode(),
        "ed25519_seed": bytes(range(32)).hex(),
        "ed25519_multibase": multibase.encode(
            multicodec.wrap("ed25519-pub", public), "base58btc"
        ),
        "proof_key_id": PROOF_KEY_ID,
        "http": [
            cavage("delivery", "POST", "/inbox", BODY),
            cavage("delivery in our order", "POST", "/inbox", BODY, ours),
            cavage("read", "GET", "/hub", ""),
            cavage("digest only", "POST", "/inbox", BODY, ["digest"]),
            rfc9421(
                "delivery",
                "POST",
                "/inbox",
                BODY,
                ["@method", "@path", "@authority", "content-digest", "date"],
            ),
            rfc9421("read", "GET", "/hub", "", ["@method", "@path", "@authority"]),
            rfc9421("what the library covers by default", "POST", "/inbox", BODY, None),
        ],
        "proofs": [
            proof(
                "recognition",
                {
                    "@context": CONTEXT,
                    "id": "http://criee.localhost:8403/objets/1",
                    "type": "Note",
                    "ikpa:kind": "recognition",
                    "attributedTo": ACTOR,
                    "content": "Merci à Ava : l'établi est d'équerre — « bravo » \U0001f528",
                    "ikpa:minutes": 90,
                    "ikpa:done": True,
                    "tag": [],
                },
            ),
            proof(
                "foreign note with a place and a null",
                {
                    "@context": CONTEXT[:2],
                    "type": "Note",
                    "content": "Rendez-vous",
                    "summary": None,
                    "location": {"type": "Place", "latitude": 50.6365, "longitude": 3.0635},
                },
            ),
        ],
    }
    OUT.write_text(json.dumps(vectors, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
