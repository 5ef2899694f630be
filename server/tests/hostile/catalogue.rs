//! The numbering of the catalogue of bad inputs (`security.md` §8), copied here so that no case is
//! forgotten: what is run, and what is not yet, with the reason.

/// Groups of the catalogue: letter, what it is about, first and last number.
pub(crate) const GROUPS: &[(char, &str, u8, u8)] = &[
    ('S', "transport and signature", 1, 21),
    ('O', "origin and ownership", 22, 38),
    ('F', "outbound fetch", 39, 51),
    ('R', "parsing and limits", 52, 62),
    ('X', "content", 63, 70),
    ('U', "uploads", 71, 79),
    ('W', "local accounts and web", 80, 95),
    ('V', "visibility and privacy", 96, 103),
    ('N', "network votes", 104, 110),
    ('L', "exchanges, ledger, bookings", 111, 114),
    ('T', "floods and loops", 115, 121),
];

const VOTES: &str = "votes are not part of this capability: governance objects are kept as they came and change nothing";
const KILLS: &str = "a promise about kill -9 and partitions (P1–P3): measured by the kill suites on the real binary";

/// What is not run here, and why.
pub(crate) const NOT_YET: &[(u8, &str)] = &[
    (
        76,
        "no archive or plan is taken in: the only upload is a photo",
    ),
    (55, "no collection of another server is walked"),
    (79, "no account is imported"),
    (
        85,
        "no mail is sent: access is given back with a link handed over by a person",
    ),
    (89, "no mail is sent"),
    (92, "no export, import or download link exists"),
    (93, "no external sign-in exists"),
    (
        103,
        "no position is published: a place is the name of a commune",
    ),
    (104, VOTES),
    (105, VOTES),
    (106, VOTES),
    (107, VOTES),
    (108, VOTES),
    (109, VOTES),
    (110, VOTES),
    (
        112,
        "machines and loans by the slot are not part of this capability",
    ),
    (113, KILLS),
    (
        114,
        "euros are not recorded: hours are, and their facts are signed by both hubs",
    ),
    (
        121,
        "a figure of load (P10): measured by the bench on a quiet machine",
    ),
];

/// The letter of a case.
pub(crate) fn letter(number: u8) -> char {
    let of = GROUPS
        .iter()
        .find(|(_, _, first, last)| (*first..=*last).contains(&number));
    of.unwrap_or_else(|| panic!("D{number} is in no group")).0
}

#[test]
fn the_groups_cover_d1_to_d121_without_a_gap() {
    let mut next = 1;
    for (letter, _, first, last) in GROUPS {
        assert_eq!(*first, next, "{letter}");
        next = last + 1;
    }
    assert_eq!(next, 122);
    for (number, why) in NOT_YET {
        assert!((1..=121).contains(number) && !why.is_empty(), "D{number}");
    }
}
