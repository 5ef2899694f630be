"""The register at the notice instant of a poll, replayed. Source: UKV-1, 6.4, 6.5."""

from . import objects
from .fields import need
from .strict import Bad, instant

CHANGES = ("register.admit", "register.suspend", "register.key", "rule.change")
CERTIFY_ALL_MAX = 50


def notice_of(poll):
    return instant(poll["closesAt"]) - poll["minNoticeSec"]


class Hub:
    def __init__(self, of, is_observed):
        self.key = of["ikpa:key"]
        self.keys = [self.key]
        self.recovery_key = of["ikpa:recoveryKey"]
        self.delegate_key = of.get("ikpa:delegateKey")
        self.standing = "member"
        self.is_observed = is_observed
        self.is_away = False

    def take(self, key):
        self.key = key
        if key not in self.keys:
            self.keys.append(key)

    def has_voice(self):
        return self.standing == "member" and self.is_observed and not self.is_away


class Register:
    def __init__(self, genesis):
        self.hubs = {of["ikpa:hubId"]: Hub(of, True) for of in genesis["founders"]}
        self.rules = genesis["rules"]

    def apply(self, payload, kind, rules, effective, notice):
        hub = self.hubs.get(payload.get("ikpa:hubId"))
        if kind == "rule.change":
            self.rules = payload["ikpa:rules"]
        elif kind == "register.admit" and hub is None:
            is_observed = effective + rules["ikpa:observerSec"] <= notice
            self.hubs[payload["ikpa:hubId"]] = Hub(payload, is_observed)
        elif kind == "register.suspend" and hub is not None:
            hub.standing = payload["ikpa:standing"]
        elif kind == "register.key" and hub is not None:
            hub.take(payload["ikpa:key"])
            hub.recovery_key = payload.get("ikpa:recoveryKey", hub.recovery_key)
            hub.delegate_key = payload.get("ikpa:delegateKey", hub.delegate_key)

    def known(self, statement):
        need(statement["hub"] in self.hubs, "an unknown hub")
        return self.hubs[statement["hub"]]

    def rotate(self, rotations):
        olds = [(of["hub"], of["old"]) for of in rotations]
        for of in rotations:
            objects.need_rotation(of, self.known(of).recovery_key)
        need(len(set(olds)) == len(olds), "two rotations of one key")
        by_old = {(of["hub"], of["old"]): of["new"] for of in rotations}
        for name, hub in self.hubs.items():
            while by_old.get((name, hub.key), hub.key) not in hub.keys:
                hub.take(by_old[(name, hub.key)])

    def pause(self, pauses):
        numbers = [(of["hub"], of["seq"]) for of in pauses]
        need(len(set(numbers)) == len(numbers), "two pauses of one number")
        for of in pauses:
            keys = self.known(of).keys
            proof = of.proofs[0]
            need(any(of.is_proved(proof, of["hub"], key) for key in keys), "the pause")
        for of in sorted(pauses, key=lambda of: of["seq"]):
            self.known(of).is_away = of["active"]


def need_register(poll, genesis, decisions):
    """The rules in force, when the poll says what the register says.

    Each decision is (poll, poll hash, outcome, rules of that poll) or a statement.
    """
    notice = notice_of(poll)
    certified = [of for of in decisions if isinstance(of, tuple)]
    for of, _, outcome, rules in certified:
        need(outcome == "adopted", "not adopted")
        need(of["electorate"]["ikpa:genesis"] == poll["electorate"]["ikpa:genesis"], "another network")
        need(of.get("effect", {}).get("ikpa:kind") in CHANGES, "does not change the register")
        need(instant(of["closesAt"]) + rules["ikpa:effectDelaySec"] <= notice, "does not bind yet")
    register = Register(genesis)
    for of, _, _, rules in sorted(certified, key=lambda one: (instant(one[0]["closesAt"]), one[1])):
        effect = of["effect"]
        effective = instant(of["closesAt"]) + rules["ikpa:effectDelaySec"]
        register.apply(effect["ikpa:payload"], effect["ikpa:kind"], rules, effective, notice)
    statements = [of for of in decisions if not isinstance(of, tuple)]
    register.rotate([of for of in statements if of.kind == "KeyRotation"])
    register.pause([of for of in statements if of.kind == "Pause"])
    need_poll_of(register, poll)
    return register.rules


def need_poll_of(register, poll):
    rules = register.rules
    electors = [
        (name, hub.key, hub.delegate_key)
        for name, hub in sorted(register.hubs.items())
        if hub.has_voice()
    ]
    listed = [
        (of["ikpa:hubId"], of["ikpa:key"], of.get("ikpa:delegateKey"))
        for of in poll["electorate"]["ikpa:members"]
    ]
    need(listed == electors, "the members are not those of the register")
    hubs = {name for name, _, _ in listed}
    chosen = "all"
    if "ikpa:committee" in rules and len(hubs) > CERTIFY_ALL_MAX:
        chosen = [hub for hub in rules["ikpa:committee"] if hub in hubs]
    need(poll["certifiers"] == chosen, "the certifiers are not those of the rules")
    delays = (poll["graceSec"], poll["minNoticeSec"])
    need(delays == (rules["ikpa:graceSec"], rules["ikpa:minNoticeSec"]), "the delays")
    kind = poll.get("effect", {}).get("ikpa:kind", "none")
    if kind != "none" and not any(allows(entry, kind, poll) for entry in rules["ikpa:decide"]):
        raise Bad("the rules do not allow it")


def allows(entry, kind, poll):
    return (
        entry["ikpa:effect"] == kind
        and entry["ikpa:kind"] == poll["question"]["ikpa:kind"]
        and entry["ikpa:rule"] == poll["rule"]
        and entry.get("ikpa:convocation") == poll.get("convocation")
    )
