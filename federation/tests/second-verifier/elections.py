"""Random elections and their winners by two other packages: pref_voting and votelib.

`python elections.py NUMBER > elections.jsonl` draws so many elections of each method from fixed seeds
and prints them with the set of winners that both packages find. A ranking names groups of equals, best
first; options that it leaves out are last and equal. Each package is asked in its own terms. votelib
hides some ties of rankings behind a strict order, so there it has to name some of the winners, all of
them where there is one; otherwise both have to say the same, or the program stops. Needs `pip install pref_voting==1.18.2 votelib==0.4.0`.
"""

import json
import random
import sys
from collections import defaultdict
from fractions import Fraction

from pref_voting.grade_methods import score_voting
from pref_voting.grade_profiles import GradeProfile
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles_with_ties import ProfileWithTies
import votelib.convert
import votelib.evaluate.condorcet
import votelib.evaluate.core


def ranking(dice, options):
    left = options[:]
    dice.shuffle(left)
    left = left[: dice.randint(1, len(left))] if dice.random() < 0.4 else left
    groups = []
    while left:
        size = 2 if len(left) > 1 and dice.random() < 0.2 else 1
        groups.append(sorted(left[:size]))
        left = left[size:]
    return groups


def choice(method, dice, options):
    if method == "ranked":
        return ranking(dice, options)
    if method == "single":
        return [dice.choice(options)]
    if method == "multiple":
        return sorted(dice.sample(options, dice.randint(1, len(options))))
    return {name: dice.randint(-2, 3) for name in options}


def pref_voting_ranked(options, ballots):
    numbers = {name: number for number, name in enumerate(options)}
    rankings = [
        {numbers[name]: at for at, group in enumerate(ballot["choice"]) for name in group}
        for ballot in ballots
    ]
    counts = [ballot["count"] for ballot in ballots]
    profile = ProfileWithTies(rankings, counts, candidates=list(numbers.values()))
    # Options left out are below those named.
    profile.use_extended_strict_preference()
    found = beat_path(profile, strength_function=lambda one, other: profile.support(one, other))
    return sorted(options[number] for number in found)


def votelib_ranked(options, ballots):
    votes = defaultdict(int)
    for ballot in ballots:
        named = {name for group in ballot["choice"] for name in group}
        last = frozenset(options) - named
        groups = [frozenset(group) for group in ballot["choice"]] + ([last] if last else [])
        vote = tuple(next(iter(group)) if len(group) == 1 else group for group in groups)
        votes[vote] += ballot["count"]
    pairs = votelib.convert.RankedToCondorcetVotes().convert(dict(votes))
    found = votelib.evaluate.condorcet.Schulze().evaluate(pairs, 1)
    if not found:
        return sorted(options)
    first = found[0]
    return sorted(first) if isinstance(first, votelib.evaluate.core.Tie) else [first]


def sums(options, ballots):
    total = {name: 0 for name in options}
    for ballot in ballots:
        chosen = ballot["choice"]
        for name in chosen:
            total[name] += ballot["count"] * (chosen[name] if isinstance(chosen, dict) else 1)
    return total


def pref_voting_score(options, ballots):
    grades = [-2, -1, 0, 1, 2, 3]
    maps = []
    counts = []
    for ballot in ballots:
        chosen = ballot["choice"]
        given = chosen if isinstance(chosen, dict) else {name: int(name in chosen) for name in options}
        maps.append({number: given[name] for number, name in enumerate(options)})
        counts.append(ballot["count"])
    profile = GradeProfile(maps, grades, counts, candidates=list(range(len(options))))
    return sorted(options[number] for number in score_voting(profile, evaluation_method="sum"))


def votelib_score(options, ballots):
    total = {name: Fraction(number) for name, number in sums(options, ballots).items()}
    found = votelib.evaluate.core.Plurality().evaluate(total, 1)
    first = found[0]
    return sorted(first) if isinstance(first, votelib.evaluate.core.Tie) else [first]


WAYS = {
    "ranked": (pref_voting_ranked, votelib_ranked),
    "single": (pref_voting_score, votelib_score),
    "multiple": (pref_voting_score, votelib_score),
    "score": (pref_voting_score, votelib_score),
}


def election(method, seed):
    dice = random.Random(f"{method} {seed}")
    options = [f"o{number}" for number in range(1, dice.randint(2, 6) + 1)]
    ballots = [
        {"count": dice.randint(1, 4), "choice": choice(method, dice, options)}
        for _ in range(dice.randint(1, 9))
    ]
    found = [way(options, ballots) for way in WAYS[method]]
    hides_ties = method == "ranked" and set(found[1]) <= set(found[0])
    if found[0] != found[1] and not hides_ties:
        raise SystemExit(f"{method} {seed}: pref_voting {found[0]}, votelib {found[1]}: {ballots}")
    return {"method": method, "options": options, "ballots": ballots, "winners": found[0]}


def main(number):
    for method in WAYS:
        for seed in range(number):
            print(json.dumps(election(method, seed), separators=(",", ":")))


if __name__ == "__main__":
    main(int(sys.argv[1]))
