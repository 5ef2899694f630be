"""The fields of every object, strictly. Source: UKV-1, 4.2 to 4.5, 4.11, 6.5."""

import re

from .strict import Bad, base58, hash_of, instant, key, sha256

CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v1",
    {"ikpa": "urn:interkpa:ns:"},
]


def need(is_so, what):
    if not is_so:
        raise Bad(what)


def text(value):
    need(isinstance(value, str), "no text")
    return value


def integer(value):
    need(isinstance(value, int) and not isinstance(value, bool), "no integer")
    return value


def count(value):
    need(integer(value) >= 0, "negative")
    return value


def boolean(value):
    need(isinstance(value, bool), "no boolean")
    return value


def true(value):
    need(value is True, "only true is written")
    return value


def hashed(value):
    need(isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value), "no hash")
    return value


def hub(value):
    key(text(value))
    return value


def time(value):
    instant(value)
    return value


def one_of(*words):
    def read(value):
        need(isinstance(value, str) and value in words, f"none of {words}")
        return value

    return read


def items(read):
    def of(value):
        need(isinstance(value, list), "no list")
        return [read(item) for item in value]

    return of


def is_set(values):
    return all(one < other for one, other in zip(values, values[1:]))


def set_of(read):
    def of(value):
        found = items(read)(value)
        need(is_set(found), "not sorted, or twice")
        return found

    return of


def members(required, optional=None):
    """An object with these keys of ours and no other."""
    optional = optional or {}

    def read(value):
        need(isinstance(value, dict), "no object")
        known = {"ikpa:" + name: reader for name, reader in {**required, **optional}.items()}
        need(set(value) <= set(known), f"unknown: {set(value) - set(known)}")
        need(all("ikpa:" + name in value for name in required), "a key is missing")
        for name, member in value.items():
            known[name](member)
        return value

    return read


def option(value):
    need(isinstance(value, str) and re.fullmatch("o[1-9][0-9]{0,2}", value), "no option")
    return value


# The rule of a poll, and of an entry of the rules.


def fraction(*bases):
    def read(value):
        members({"num": count, "den": count, "strict": boolean, "base": one_of(*bases)})(value)
        need(1 <= value["ikpa:den"] <= 1000 and value["ikpa:num"] <= value["ikpa:den"], "no fraction")
        return value

    return read


def threshold(value):
    fraction("expressed", "participants", "electorate")(value)
    need(value["ikpa:num"] > 0, "a threshold of nothing")


RULES_BY_KIND = {
    "approval": {"threshold": threshold},
    "consent": {"maxObjections": count},
    "single": {},
    "multiple": {},
    "ranked": {"method": one_of("schulze-wv"), "unranked": one_of("last")},
    "score": {},
}


def rule(kind):
    always = {"quorum": fraction("electorate"), "abstainCountsInQuorum": boolean}
    return members({**always, **RULES_BY_KIND[kind]})


def convocation(value):
    need(integer(value) in (1, 2, 3), "no convocation")


EFFECTS = (
    "charter.amend",
    "register.admit",
    "register.suspend",
    "register.key",
    "fund.contribution",
    "rule.change",
)


def decide(value):
    need(isinstance(value, dict) and value.get("ikpa:kind") in RULES_BY_KIND, "no kind")
    kind = value["ikpa:kind"]
    members(
        {"effect": one_of(*EFFECTS), "kind": text, "rule": rule(kind)},
        {"convocation": convocation},
    )(value)


def committee(value):
    hubs = set_of(hub)(value)
    need(13 <= len(hubs) <= 31 and len(hubs) % 3 == 1, "no committee")


def rules(value):
    members(
        {
            "minNoticeSec": count,
            "graceSec": count,
            "roundMs": count,
            "effectDelaySec": count,
            "observerSec": count,
            "decide": items(decide),
        },
        {"committee": committee},
    )(value)
    need(value["ikpa:roundMs"] > 0, "rounds of no time")


# Genesis and register.

HUB = {"hubId": hub, "key": hub, "actor": text, "name": text, "recoveryKey": hub}
HUB_OPTIONAL = {"delegateKey": hub, "hostedBy": text}


def is_named_by_its_key(value):
    need(value["ikpa:hubId"] == value["ikpa:key"], "a hub is named by its first key")


def founder(value):
    members(HUB, HUB_OPTIONAL)(value)
    is_named_by_its_key(value)
    return value


def genesis(value):
    members({"network": text, "heldAt": time, "founders": items(founder), "rules": rules})(value)
    hubs = [founder["ikpa:hubId"] for founder in value["ikpa:founders"]]
    need(hubs and is_set(hubs), "founders are a set")


def admission(value):
    sponsors = set_of(hub)
    members(
        {**HUB, "legalRef": text, "sponsors": sponsors},
        {**HUB_OPTIONAL, "assessment": hashed},
    )(value)
    is_named_by_its_key(value)
    need(len(value["ikpa:sponsors"]) >= 2, "two sponsors")


def amendment(question):
    if question["ikpa:kind"] != "ranked":
        return members({"amendment": hashed})
    ids = {of["ikpa:id"] for of in question["ikpa:options"]}

    def texts(value):
        need(isinstance(value, dict) and set(value) <= ids and len(value) == len(ids) - 1, "texts")
        for amended in value.values():
            hashed(amended)

    return members({"amendments": texts})


def payload(kind, question):
    return {
        "charter.amend": lambda: amendment(question),
        "register.admit": lambda: admission,
        "register.suspend": lambda: members(
            {"hubId": hub, "standing": one_of("member", "paused", "left")}
        ),
        "register.key": lambda: members(
            {"hubId": hub, "key": hub}, {"recoveryKey": hub, "delegateKey": hub}
        ),
        "fund.contribution": lambda: members(
            {
                "base": one_of("flat", "per_cooperant", "per_mille_turnover"),
                "amount_cents": count,
                "floor_cents": count,
                "cap_cents": count,
                "period": text,
            }
        ),
        "rule.change": lambda: members({"rules": rules}),
    }[kind]()


# Poll.


def poll_text(value):
    members({"format": one_of("text/plain", "text/markdown"), "sha256": hashed}, {"body": text, "link": text})(value)
    need(("ikpa:body" in value) != ("ikpa:link" in value), "body or link")
    if "ikpa:body" in value:
        need(sha256(value["ikpa:body"].encode()).hex() == value["ikpa:sha256"], "another text")


def member(value):
    return members({"hubId": hub, "key": hub, "actor": text}, {"delegateKey": hub})(value)


def electorate(value):
    members(
        {
            "genesis": hashed,
            "decisions": set_of(hashed),
            "members": items(member),
            "hash": hashed,
        }
    )(value)
    hubs = [of["ikpa:hubId"] for of in value["ikpa:members"]]
    need(hubs and is_set(hubs), "members are a set")
    need(hash_of(value["ikpa:members"]) == value["ikpa:hash"], "the hash of the members")


def options(value):
    found = items(members({"id": option, "label": text}))(value)
    ids = {of["ikpa:id"] for of in found}
    need(len(found) >= 2 and len(ids) == len(found), "options")


def scale(value):
    members({"min": integer, "max": integer})(value)
    need(-1000 <= value["ikpa:min"] < value["ikpa:max"] <= 1000, "no scale")


QUESTIONS = {
    "approval": {},
    "consent": {},
    "single": {"options": options},
    "multiple": {"options": options, "maxChoices": count},
    "ranked": {"options": options},
    "score": {"options": options, "scale": scale},
}


def question(value):
    need(isinstance(value, dict) and value.get("ikpa:kind") in QUESTIONS, "no kind")
    members({"kind": text, **QUESTIONS[value["ikpa:kind"]]})(value)
    if value["ikpa:kind"] == "multiple":
        need(1 <= value["ikpa:maxChoices"] <= len(value["ikpa:options"]), "maxChoices")


def certifiers(value):
    if value != "all":
        need(set_of(hub)(value), "nobody certifies")


def effect(asked):
    def read(value):
        need(isinstance(value, dict), "no effect")
        kind = value.get("ikpa:kind")
        if kind == "none":
            return members({"kind": text})(value)
        one_of(*EFFECTS)(kind)
        return members({"kind": text, "payload": payload(kind, asked), "base": hashed})(value)

    return read


def poll(value):
    asked = value.get("ikpa:question")
    question(asked)
    members(
        {
            "protocol": one_of("ukv-1"),
            "hub": hub,
            "title": text,
            "language": text,
            "text": poll_text,
            "opensAt": time,
            "closesAt": time,
            "graceSec": count,
            "minNoticeSec": count,
            "electorate": electorate,
            "certifiers": certifiers,
            "question": lambda value: value,
            "rule": rule(asked["ikpa:kind"]),
            "resultsHiddenUntilClose": boolean,
        },
        {"effect": effect(asked), "previousPoll": hashed, "convocation": convocation},
    )(value)
    notice = instant(value["ikpa:closesAt"]) - value["ikpa:minNoticeSec"]
    need(instant(value["ikpa:opensAt"]) <= notice, "opens after the notice")
    hubs = {of["ikpa:hubId"] for of in value["ikpa:electorate"]["ikpa:members"]}
    need(value["ikpa:hub"] in hubs, "the author has no voice")
    if value["ikpa:certifiers"] != "all":
        need(set(value["ikpa:certifiers"]) <= hubs, "certifiers without a voice")
    of = value.get("ikpa:effect", {"ikpa:kind": "none"})
    if of["ikpa:kind"] not in ("none", "charter.amend"):
        need(of["ikpa:base"] == value["ikpa:electorate"]["ikpa:genesis"], "another base")


# Ballot.


def choice(value):
    if isinstance(value, str):
        return one_of("approve", "oppose", "consent", "object", "abstain")(value)
    if isinstance(value, dict):
        need(value, "no score")
        for name, score in value.items():
            option(name)
            need(-1000 <= integer(score) <= 1000, "no score")
        return value
    need(isinstance(value, list) and value, "no choice")
    if not isinstance(value[0], list):
        return set_of(option)(value)
    for group in value:
        need(set_of(option)(group), "an empty group")
    named = [name for group in value for name in group]
    need(len(set(named)) == len(named), "an option twice")
    return value


def answers(value, asked):
    """Whether a choice answers the question."""
    kind = asked["ikpa:kind"]
    if isinstance(value, str):
        words = {"approval": ("approve", "oppose"), "consent": ("consent", "object")}
        return value == "abstain" or value in words.get(kind, ())
    if kind in ("approval", "consent"):
        return False
    ids = {of["ikpa:id"] for of in asked["ikpa:options"]}
    if isinstance(value, dict):
        low_and_high = asked.get("ikpa:scale")
        return (
            kind == "score"
            and set(value) == ids
            and all(low_and_high["ikpa:min"] <= score <= low_and_high["ikpa:max"] for score in value.values())
        )
    if isinstance(value[0], list):
        return kind == "ranked" and all(name in ids for group in value for name in group)
    most = {"single": 1, "multiple": asked.get("ikpa:maxChoices")}.get(kind)
    return most is not None and len(value) <= most and set(value) <= ids


def pair(value):
    need(len(set_of(hashed)(value)) == 2, "no pair")


def mandate(value):
    members(
        {"mode": one_of("consent", "majority", "delegate", "assembly"), "decidedAt": time},
        {
            "participants": count,
            "for": count,
            "against": count,
            "abstain": count,
            "minutesSha256": hashed,
            "localRef": text,
        },
    )(value)


def signature(value):
    need(len(base58(value)) == 64, "no signature")


def ballot(value):
    members(
        {"hub": hub, "poll": hashed, "seq": count, "choice": choice, "mandate": mandate},
        {"prev": hashed, "resolves": pair, "reason": text, "delegateProof": signature},
    )(value)
    need(1 <= value["ikpa:seq"] <= 16, "no number")
    need((value["ikpa:seq"] > 1) == ("ikpa:prev" in value), "prev")
    need(value["ikpa:choice"] != "object" or "ikpa:reason" in value, "an objection has a reason")


# Closing.


def entry(value):
    members({"hub": hub}, {"ballot": hashed, "conflict": pair})(value)
    need(len(value) == 2, "one ballot or a conflict")
    return value


def seal_list(value):
    members({"entries": items(entry)})(value)
    need(is_set([of["ikpa:hub"] for of in value["ikpa:entries"]]), "entries by hub")


def counts(value):
    need(isinstance(value, dict), "no counts")
    for number in value.values():
        integer(number)
    for words in (["approve", "oppose", "abstain"], ["consent", "object", "abstain"]):
        if set(value) == set(words):
            return [count(number) for number in value.values()]
    need({"abstain", "participants"} <= set(value), "counts")
    for name, number in value.items():
        count(number) if name in ("abstain", "participants") else option(name)
    return value


OUTCOMES = ("adopted", "rejected", "no_quorum", "tie", "void_notice", "void_electorate", "cancelled")


def result(value):
    members(
        {
            "outcome": one_of(*OUTCOMES),
            "electorate": count,
            "void": count,
            "late": count,
            "cancel": count,
            "stale": count,
            "counts": counts,
        },
        {"winners": set_of(option)},
    )(value)
    need(("participants" in value["ikpa:counts"]) == ("ikpa:winners" in value), "winners")


def value_or_nil(value):
    return value if value == "nil" else hashed(value)


def minutes(value):
    members(
        {"hub": hub, "poll": hashed, "round": count, "value": hashed},
        {"validRound": count, "validBy": set_of(hashed)},
    )(value)
    need(("ikpa:validRound" in value) == ("ikpa:validBy" in value), "both or neither")
    if "ikpa:validRound" in value:
        need(value["ikpa:validRound"] < value["ikpa:round"] and value["ikpa:validBy"], "validRound")


def reread(value):
    members(
        {"hub": hub, "poll": hashed, "round": count, "valueHash": value_or_nil},
        {"polRound": count},
    )(value)
    if "ikpa:polRound" in value:
        need(value["ikpa:polRound"] < value["ikpa:round"] and value["ikpa:valueHash"] != "nil", "polRound")


def rotation(value):
    members({"hub": hub, "old": hub, "new": hub})(value)
    need(value["ikpa:old"] != value["ikpa:new"], "the same key")


def pause(value):
    members({"hub": hub, "seq": count, "active": boolean})(value)
    need(value["ikpa:seq"] >= 1, "no number")


IN_A_POLL = {"hub": hub, "poll": hashed}

FIELDS = {
    "Genesis": genesis,
    "Poll": poll,
    "PollCancel": members(IN_A_POLL),
    "Ballot": ballot,
    "Ack": members({**IN_A_POLL, "received": set_of(hashed), "at": time}),
    "Seal": members(
        {**IN_A_POLL, "pollReceivedAt": time, "listSha256": hashed},
        {"cancelSeen": true, "stale": hashed},
    ),
    "SealList": seal_list,
    "Value": members({"poll": hashed, "seals": set_of(hashed), "result": result}),
    "Minutes": minutes,
    "Reread": reread,
    "Sign": members({**IN_A_POLL, "round": count, "valueHash": value_or_nil}),
    "KeyRotation": rotation,
    "Pause": pause,
}

LARGE = ("Genesis", "Poll", "SealList", "Value", "Minutes")
