"""One object: read whole, named by its hash, its proofs verified. Source: UKV-1, 4.2."""

from . import fields, strict
from .fields import need
from .strict import Bad

PROOF = {
    "@context",
    "type",
    "cryptosuite",
    "verificationMethod",
    "proofPurpose",
    "created",
    "proofValue",
}


def bytes_max(kind):
    return {"Ballot": 16 * 1024}.get(kind, 256 * 1024 if kind in fields.LARGE else 4 * 1024)


class Object:
    """An object of good form."""

    def __init__(self, kind, document):
        self.kind = kind
        self.original = document
        bare = {name: value for name, value in document.items() if name != "proof"}
        need(bare.get("@context") == fields.CONTEXT, "another context")
        data = strict.canonical(bare)
        need(len(data) <= bytes_max(kind), "too long")
        self.digest = strict.sha256(data)
        self.hash = self.digest.hex()
        self.proofs = self.read_proofs(document)
        own = {name: value for name, value in bare.items() if name not in ("@context", "type")}
        fields.FIELDS[kind](own)

    def __getitem__(self, name):
        return self.original["ikpa:" + name]

    def get(self, name, default=None):
        return self.original.get("ikpa:" + name, default)

    def read_proofs(self, document):
        if self.kind in ("SealList", "Value"):
            need("proof" not in document, "nobody signs it")
            return []
        proof = document.get("proof")
        if self.kind in ("Genesis", "KeyRotation"):
            need(isinstance(proof, list), "several proofs")
            for one in proof:
                self.check_proof(one)
            need(fields.is_set([one["verificationMethod"] for one in proof]), "proofs are sorted")
            return proof
        self.check_proof(proof)
        return [proof]

    @staticmethod
    def check_proof(proof):
        need(isinstance(proof, dict) and set(proof) == PROOF, "not the seven members")
        need(proof["@context"] == fields.CONTEXT, "another context")
        need(proof["type"] == "DataIntegrityProof", "type")
        need(proof["cryptosuite"] == "eddsa-jcs-2022", "cryptosuite")
        need(proof["proofPurpose"] == "assertionMethod", "proofPurpose")
        fields.text(proof["verificationMethod"])
        strict.instant(proof["created"])
        need(len(strict.base58(proof["proofValue"])) == 64, "proofValue")

    def is_proved(self, proof, hub, key):
        """Whether that proof is of that hub with that key."""
        if proof["verificationMethod"] != f"{hub}#{key}":
            return False
        config = {name: value for name, value in proof.items() if name != "proofValue"}
        message = strict.sha256(strict.canonical(config)) + self.digest
        return strict.verifies(strict.key(key), message, strict.base58(proof["proofValue"]))

    def need_proof(self, hub, key):
        need(self.get("hub") == hub and self.is_proved(self.proofs[0], hub, key), "the proof")


def read(item):
    """The object of an item of a bundle; none when its type proves nothing."""
    need(isinstance(item, dict), "no object")
    kind = item.get("type")
    if not isinstance(kind, str) or not kind.startswith("ikpa:") or kind[5:] not in fields.FIELDS:
        return None
    return Object(kind[5:], item)


def member_of(poll, hub):
    for member in poll["electorate"]["ikpa:members"]:
        if member["ikpa:hubId"] == hub:
            return member
    return None


def certifiers_of(poll):
    chosen = poll["certifiers"]
    if chosen == "all":
        return [member["ikpa:hubId"] for member in poll["electorate"]["ikpa:members"]]
    return chosen


def need_in_poll(item, poll):
    """Proof and part of an object in its poll."""
    if item.kind in ("SealList", "Value"):
        return
    member = member_of(poll, item["hub"])
    need(member is not None, "no elector")
    if item.kind in ("Seal", "Minutes", "Reread", "Sign"):
        need(item["hub"] in certifiers_of(poll), "does not certify")
    if item.kind == "PollCancel":
        need(item["hub"] == poll["hub"], "only the author")
    item.need_proof(item["hub"], member["ikpa:key"])
    if item.kind == "Ballot":
        need(fields.answers(item["choice"], poll["question"]), "does not answer")
        need_delegate(item, member)


def need_delegate(ballot, member):
    key, proof = member.get("ikpa:delegateKey"), ballot.get("delegateProof")
    need((key is None) == (proof is None), "the delegate signs exactly when listed")
    if key is not None:
        bare = {
            name: value
            for name, value in ballot.original.items()
            if name not in ("proof", "ikpa:delegateProof")
        }
        message = b"ukv1-delegate:" + strict.hash_of(bare).encode()
        need(strict.verifies(strict.key(key), message, strict.base58(proof)), "the delegate")


def need_founders(genesis):
    founders = sorted(genesis["founders"], key=lambda of: of["ikpa:hubId"])
    need(len(genesis.proofs) == len(founders), "all founders sign")
    for proof, founder in zip(genesis.proofs, founders):
        hub = founder["ikpa:hubId"]
        need(genesis.is_proved(proof, hub, founder["ikpa:key"]), "a founder did not sign")


def need_rotation(rotation, recovery_key):
    hub, old, new = rotation["hub"], rotation["old"], rotation["new"]
    need(len(rotation.proofs) == 2, "two proofs")
    one, other = rotation.proofs

    def both(first, second):
        olds = [key for key in (old, recovery_key) if key != new]
        return rotation.is_proved(first, hub, new) and any(
            rotation.is_proved(second, hub, key) for key in olds
        )

    if not both(one, other) and not both(other, one):
        raise Bad("the rotation is not proved")
