"""Which ballots count, and the result. Source: UKV-1, 4.9 (3), 4.11."""

from collections import Counter, defaultdict

from .register import notice_of
from .strict import instant


def numbers(n):
    """Q, f and s."""
    q = 2 * n // 3 + 1
    return q, n - q, n - q + 1


def named(entry):
    return entry.get("ikpa:conflict") or [entry["ikpa:ballot"]]


def counted(lists, enough, ballots):
    """For each voter its ballot, or "void"."""
    support = Counter()
    for entries in lists:
        supported = set()
        for entry in entries:
            for name in named(entry):
                while name is not None:
                    supported.add(name)
                    name = ballots[name].get("prev")
        support.update(supported)
    kept = defaultdict(list)
    for name, seals in support.items():
        if seals >= enough:
            kept[ballots[name]["hub"]].append(ballots[name])
    found = {}
    for hub, of_hub in kept.items():
        highest = max(ballot["seq"] for ballot in of_hub)
        best = [ballot for ballot in of_hub if ballot["seq"] == highest]
        found[hub] = best[0] if len(best) == 1 else "void"
    return found


def is_met(fraction, part, whole):
    have, want = fraction["ikpa:den"] * part, fraction["ikpa:num"] * whole
    return have > want if fraction["ikpa:strict"] else have >= want


def schulze(ids, rankings):
    """The winners by winning votes."""
    prefers = Counter()
    for ranking in rankings:
        place = {name: at for at, group in enumerate(ranking) for name in group}
        for one in ids:
            for other in ids:
                if place.get(one, len(ranking)) < place.get(other, len(ranking)):
                    prefers[one, other] += 1
    path = {
        (one, other): prefers[one, other] if prefers[one, other] > prefers[other, one] else 0
        for one in ids
        for other in ids
    }
    for middle in ids:
        for one in ids:
            for other in ids:
                through = min(path[one, middle], path[middle, other])
                path[one, other] = max(path[one, other], through)
    return sorted(
        one for one in ids if all(path[one, other] >= path[other, one] for other in ids)
    )


def own_outcome(poll, choices):
    """Outcome, counts and winners by the kind of question alone."""
    rule, kind, n = poll["rule"], poll["question"]["ikpa:kind"], len(poll["electorate"]["ikpa:members"])
    words = Counter(choice for choice in choices if isinstance(choice, str))
    abstain = words["abstain"]
    if kind == "approval":
        yes, no = words["approve"], words["oppose"]
        threshold = rule["ikpa:threshold"]
        whole = {"expressed": yes + no, "participants": yes + no + abstain, "electorate": n}
        is_half = threshold["ikpa:strict"] and 2 * threshold["ikpa:num"] == threshold["ikpa:den"]
        if yes > 0 and is_met(threshold, yes, whole[threshold["ikpa:base"]]):
            outcome = "adopted"
        else:
            outcome = "tie" if yes == no > 0 and is_half else "rejected"
        return outcome, {"approve": yes, "oppose": no, "abstain": abstain}, None
    if kind == "consent":
        yes, no = words["consent"], words["object"]
        outcome = "adopted" if yes > 0 and no <= rule["ikpa:maxObjections"] else "rejected"
        return outcome, {"consent": yes, "object": no, "abstain": abstain}, None
    ids = sorted(of["ikpa:id"] for of in poll["question"]["ikpa:options"])
    chosen = [choice for choice in choices if not isinstance(choice, str)]
    sums = {name: 0 for name in ids}
    if kind == "ranked":
        winners = schulze(ids, chosen) if chosen else []
        sums = {}
    else:
        for choice in chosen:
            for name in choice:
                sums[name] += choice[name] if kind == "score" else 1
        winners = [name for name in ids if chosen and sums[name] == max(sums.values())]
    outcome = {0: "rejected", 1: "adopted"}.get(len(winners), "tie")
    return outcome, {"abstain": abstain, "participants": len(choices), **sums}, winners


def tally(poll, n_certify, found, seals):
    """The result of a value, as it is signed."""
    choices = [ballot["choice"] for ballot in found.values() if ballot != "void"]
    outcome, counts, winners = own_outcome(poll, choices)
    n = len(poll["electorate"]["ikpa:members"])
    rule = poll["rule"]
    present = len(choices)
    if not rule["ikpa:abstainCountsInQuorum"]:
        present -= counts["abstain"]
    if not is_met(rule["ikpa:quorum"], present, n):
        outcome = "no_quorum"
    notice = notice_of(poll)
    late = sum(instant(seal["pollReceivedAt"]) > notice for seal in seals)
    cancel = sum("ikpa:cancelSeen" in seal.original for seal in seals)
    stale = sum("ikpa:stale" in seal.original for seal in seals)
    _, _, enough = numbers(n_certify)
    # The first that applies is written last.
    for reports, voids in ((late, "void_notice"), (stale, "void_electorate"), (cancel, "cancelled")):
        if reports >= enough:
            outcome = voids
    result = {
        "ikpa:outcome": outcome,
        "ikpa:electorate": n,
        "ikpa:void": sum(ballot == "void" for ballot in found.values()),
        "ikpa:late": late,
        "ikpa:cancel": cancel,
        "ikpa:stale": stale,
        "ikpa:counts": counts,
    }
    if winners is not None:
        result["ikpa:winners"] = winners
    return result
