"""The second verifier of votes: bundles recounted without one line of the first.

`python verify.py FOLDER` prints, for each file of the folder in the order of their names, the name, a
tab and the one line of `interkpa verify --json`. Source: the protocol UKV-1, 4.10 and 4.15.
"""

import sys
from collections import defaultdict
from pathlib import Path

from ukv import objects, strict
from ukv.count import counted, named, numbers, tally
from ukv.fields import hashed, need
from ukv.register import need_register
from ukv.strict import Bad


class Absent(Exception):
    """Something needed is not there."""


class Judge:
    """A bundle being judged."""

    def __init__(self, items):
        self.copies = defaultdict(list)
        for item in items:
            read = objects.read(item)
            if read is not None:
                self.copies[read.hash].append(read)
        self.is_wrong = self.is_absent = self.is_double = False
        self.judged = {}

    def get(self, name):
        return self.copies[name][0] if name in self.copies else None

    def attempt(self, check, *arguments):
        """What a check gives; what it finds is noted."""
        try:
            return check(*arguments)
        except Bad:
            self.is_wrong = True
        except Absent:
            self.is_absent = True
        return None

    def every_object(self):
        for copies in list(self.copies.values()):
            for item in copies:
                self.attempt(self.need_good, item)

    def need_good(self, item):
        if item.kind == "Genesis":
            objects.need_founders(item)
        elif item.kind == "Poll":
            objects.need_in_poll(item, item)
        elif item.kind not in ("KeyRotation", "Pause", "SealList"):
            poll = self.get(item["poll"])
            if poll is not None:
                need(poll.kind == "Poll", "of something that is no poll")
                objects.need_in_poll(item, poll)
        if item.kind == "Ballot" and self.get(item.get("prev")) is not None:
            self.need_follows(item, self.get(item["prev"]))

    @staticmethod
    def need_follows(ballot, before):
        need(before.kind == "Ballot" and before["poll"] == ballot["poll"], "the ballot before")
        need(before["hub"] == ballot["hub"], "another hub before")
        need(before["seq"] + 1 == ballot["seq"], "the number before")

    def poll(self, name):
        """(value hash, result, rules) of a poll, if all of it is good."""
        if name not in self.judged:
            self.judged[name] = None
            self.judged[name] = self.attempt(self.judge, name)
        return self.judged[name]

    def judge(self, name):
        poll = self.needed(name, "Poll")
        rules = self.attempt(self.register, poll)
        certified = self.certificate(poll)
        if rules is None or certified is None:
            return None
        return (*certified, rules)

    def needed(self, name, kind):
        found = self.get(name)
        if found is None:
            raise Absent(name)
        need(found.kind == kind, f"no {kind}")
        return found

    def register(self, poll):
        genesis = self.attempt(self.needed, poll["electorate"]["ikpa:genesis"], "Genesis")
        behind = [self.attempt(self.decision, name) for name in poll["electorate"]["ikpa:decisions"]]
        if genesis is None or None in behind:
            return None
        return need_register(poll, genesis, behind)

    def decision(self, name):
        found = self.get(name)
        if found is None:
            raise Absent(name)
        if found.kind in ("KeyRotation", "Pause"):
            return found
        need(found.kind == "Value", "no decision")
        judged = self.poll(found["poll"])
        if judged is None:
            return None
        value, result, rules = judged
        if value != name:
            raise Absent("its signatures")
        return (self.get(found["poll"]), found["poll"], result["ikpa:outcome"], rules)

    def certificate(self, poll):
        signers = defaultdict(set)
        for copies in self.copies.values():
            for item in copies:
                if item.kind == "Sign" and item["poll"] == poll.hash and item["valueHash"] != "nil":
                    if self.is_in(item, poll):
                        signers[item["round"], item["valueHash"]].add(item["hub"])
        enough, _, _ = numbers(len(objects.certifiers_of(poll)))
        signed = {value for (_, value), hubs in signers.items() if len(hubs) >= enough}
        if not signed:
            raise Absent("signatures")
        results = {value: self.attempt(self.recount, poll, value) for value in sorted(signed)}
        if len(signed) > 1:
            self.is_double = True
        first = min(signed)
        return (first, results[first]) if results[first] is not None else None

    @staticmethod
    def is_in(item, poll):
        try:
            objects.need_in_poll(item, poll)
        except Bad:
            return False
        return True

    def recount(self, poll, name):
        value = self.needed(name, "Value")
        need(value["poll"] == poll.hash, "of another poll")
        certifiers = objects.certifiers_of(poll)
        seals, lists, is_absent = [], [], False
        for seal_name in value["seals"]:
            try:
                seal = self.needed(seal_name, "Seal")
                need(seal["poll"] == poll.hash, "a seal of another poll")
                need(self.is_in(seal, poll), "a seal that is not good")
                seals.append(seal)
                lists.append(self.entries(poll, seal))
            except Absent:
                is_absent = True
        if is_absent:
            raise Absent("something that it names")
        enough, _, to_count = numbers(len(certifiers))
        hubs = {seal["hub"] for seal in seals}
        need(len(hubs) == len(seals) >= enough, "too few seals, or two of one hub")
        ballots = {}
        for entries in lists:
            for entry in entries:
                for ballot in named(entry):
                    while ballot is not None and ballot not in ballots:
                        ballots[ballot] = self.get(ballot)
                        ballot = ballots[ballot].get("prev")
        found = counted(lists, to_count, ballots)
        need(tally(poll, len(certifiers), found, seals) == value["result"], "another result")
        return value["result"]

    def entries(self, poll, seal):
        entries = self.needed(seal["listSha256"], "SealList")["entries"]
        is_absent = False
        for entry in entries:
            ballots = []
            for name in named(entry):
                try:
                    ballots.append(self.chain(poll, name))
                except Absent:
                    is_absent = True
            for ballot in ballots:
                need(ballot["hub"] == entry["ikpa:hub"], "of another hub")
            need(len({ballot["seq"] for ballot in ballots}) <= 1, "no conflict")
        if is_absent:
            raise Absent("a ballot")
        return entries

    def chain(self, poll, name):
        ballot = self.needed(name, "Ballot")
        need(ballot["poll"] == poll.hash and self.is_in(ballot, poll), "a ballot that is not good")
        if ballot.get("prev") is not None:
            before = self.chain(poll, ballot["prev"])
            self.need_follows(ballot, before)
        return ballot


def verify(data, genesis=None):
    """The one line of a bundle."""
    try:
        bundle = strict.parse(data)
        need(isinstance(bundle, dict) and set(bundle) == {"ukv", "poll", "objects"}, "no bundle")
        need(bundle["ukv"] == 1 and bundle["ukv"] is not True, "another version")
        name = hashed(bundle["poll"])
        need(isinstance(bundle["objects"], list), "no objects")
        judge = Judge(bundle["objects"])
    except Bad:
        return {"exit": 2}
    judge.every_object()
    judged = judge.poll(name)
    poll = judge.get(name)
    if genesis is not None and poll is not None and poll.kind == "Poll":
        judge.is_wrong |= poll["electorate"]["ikpa:genesis"] != genesis
    if judge.is_wrong:
        return {"exit": 2, "poll": name}
    if judge.is_double:
        return {"exit": 4, "poll": name}
    if judge.is_absent or judged is None:
        return {"exit": 3, "poll": name}
    return {"exit": 0, "poll": name, "valueHash": judged[0], "result": judged[1]}


def main(folder):
    for path in sorted(Path(folder).iterdir()):
        line = strict.canonical(verify(path.read_bytes())).decode()
        print(f"{path.name}\t{line}")


if __name__ == "__main__":
    main(sys.argv[1])
