//! The tally vectors of UKV-1, counted through `recount`, the form that `interkpa tally` reads.
//!
//! Each agrees in two or more independent implementations. The notation is `ranking×count`.

use interkpa_federation::governance::recount::Recount;
use serde_json::{Value, json};

/// Counts rankings of one-letter options: `ACDB×8 BADC×2`, equals in brackets: `A[BC]D×10`.
fn schulze(ballots: &str) -> Value {
    let mut options: Vec<char> = ballots.chars().filter(char::is_ascii_alphabetic).collect();
    options.sort_unstable();
    options.dedup();
    let ballots: Vec<Value> = ballots.split(' ').map(ballot).collect();
    result(&json!({"method": "schulze-wv", "options": options, "ballots": ballots}))
}

fn ballot(text: &str) -> Value {
    let (ranking, count) = text.split_once('×').unwrap();
    let mut groups: Vec<Vec<char>> = vec![];
    let mut inside = false;
    for letter in ranking.chars() {
        match (letter, inside) {
            ('[', _) => {
                groups.push(vec![]);
                inside = true;
            }
            (']', _) => inside = false,
            (letter, true) => groups.last_mut().unwrap().push(letter),
            (letter, false) => groups.push(vec![letter]),
        }
    }
    json!({"count": count.parse::<u64>().unwrap(), "choice": groups})
}

fn result(list: &Value) -> Value {
    Recount::from_json(list).unwrap().result()
}

fn letters(value: &Value) -> String {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect()
}

/// Layers as `D A [BC]` would be read: `D A BC`.
fn order(result: &Value) -> String {
    let layers: Vec<String> = result["order"]
        .as_array()
        .unwrap()
        .iter()
        .map(letters)
        .collect();
    layers.join(" ")
}

fn assert_strengths(result: &Value, rows: &str) {
    for row in rows.split(", ") {
        let (from, cells) = row.split_once(':').unwrap();
        for cell in cells.split(' ') {
            let (to, strength) = cell.split_at(1);
            let found = &result["strengths"][from][to];
            assert_eq!(
                *found,
                json!(strength.parse::<u64>().unwrap()),
                "{from} to {to}"
            );
        }
    }
}

#[test]
fn v1_schulze_example_1() {
    let found = schulze("ACDB×8 BADC×2 CDBA×4 DBAC×4 DCBA×3");

    assert_eq!(letters(&found["winners"]), "D");
    assert_eq!(order(&found), "D A C B");
    assert_strengths(
        &found,
        "A:B14 C14 D12, B:A13 C13 D12, C:A13 B15 D12, D:A13 B19 C13",
    );
    assert_eq!(found["outcome"], "adopted");
}

#[test]
fn v2_schulze_example_2() {
    let found = schulze("ACDB×3 BACD×9 CDAB×8 DABC×5 DBCA×5");

    assert_eq!(order(&found), "C D B A");
    assert_strengths(
        &found,
        "A:B17 C17 D17, B:A18 C19 D19, C:A18 B20 D20, D:A18 B21 C19",
    );
}

#[test]
fn v3_schulze_example_3() {
    let found = schulze("ACBED×5 ADECB×5 BEDAC×8 CABED×3 CAEBD×7 CBADE×2 DCEBA×7 EBADC×8");

    assert_eq!(letters(&found["winners"]), "E");
    assert_eq!(order(&found), "E A C B D");
}

#[test]
fn v4_schulze_example_4_is_a_tie_of_two() {
    let found = schulze("ABCD×3 CBDA×2 DABC×2 DBCA×2");

    assert_eq!(letters(&found["winners"]), "BD");
    assert_eq!(order(&found), "BD AC");
    assert_eq!(found["outcome"], "tie");
}

#[test]
fn v5_schulze_example_5() {
    let found = schulze("ABCD×12 ADBC×6 BCDA×9 CDAB×15 DBAC×21");

    assert_eq!(order(&found), "D AB C");
}

#[test]
fn v6_schulze_example_13_is_a_tie_of_two() {
    let found = schulze("ABC×2 BCA×2 CAB×1");

    assert_eq!(letters(&found["winners"]), "AB");
    assert_eq!(found["outcome"], "tie");
}

#[test]
fn v8_tennessee() {
    let found = schulze("MNCK×42 NCKM×26 CKNM×15 KCNM×17");

    assert_eq!(letters(&found["winners"]), "N");
    assert_eq!(order(&found), "N C K M");
}

#[test]
fn v10_tideman_1987_example_5() {
    let found = schulze("vwxyz×7 zyvwx×3 yzwxv×6 wxvzy×3 zxvwy×5 yxvwz×3");

    assert_eq!(letters(&found["winners"]), "v");
}

#[test]
fn v11_a_cycle() {
    let found = schulze("ABC×40 BCA×35 CAB×25");

    assert_eq!(order(&found), "A B C");
}

#[test]
fn v13_bob_sue_and_bill_tie() {
    let found = result(&json!({
        "method": "ranked",
        "options": ["Bob", "Sue", "Bill"],
        "ballots": [
            {"count": 2, "choice": [["Bob"], ["Bill"], ["Sue"]]},
            {"count": 2, "choice": [["Sue"], ["Bob"], ["Bill"]]},
            {"count": 1, "choice": [["Bill"], ["Sue"], ["Bob"]]},
        ],
    }));

    assert_eq!(found["winners"], json!(["Bob", "Sue"]));
}

#[test]
fn v14_equal_preferences() {
    let found = schulze("A[BC]D×10");

    assert_eq!(order(&found), "A BC D");
}

#[test]
fn options_left_out_are_last_and_equal() {
    let short = schulze("A[BC]D×1 A×10 B×4 CD×4");
    let long = schulze("A[BC]D×1 A[BCD]×10 B[ACD]×4 CD[AB]×4");

    assert_eq!(short, long);
    assert_eq!(letters(&short["winners"]), "A");
}

/// Rows of the edge table: for, against, abstentions, electorate; then whether it is adopted by
/// simple majority, by two thirds reached, by two thirds passed, by more than half of the electorate.
const EDGES: [([u64; 4], [&str; 4]); 9] = [
    (
        [8, 7, 0, 15],
        ["adopted", "rejected", "rejected", "adopted"],
    ),
    ([7, 7, 1, 15], ["tie", "rejected", "rejected", "tie"]),
    (
        [10, 5, 0, 15],
        ["adopted", "adopted", "rejected", "adopted"],
    ),
    ([2, 1, 0, 3], ["adopted", "adopted", "rejected", "adopted"]),
    ([8, 0, 7, 15], ["adopted", "adopted", "adopted", "adopted"]),
    ([7, 0, 8, 15], ["adopted", "adopted", "adopted", "rejected"]),
    (
        [0, 0, 15, 15],
        ["rejected", "rejected", "rejected", "rejected"],
    ),
    ([9, 4, 2, 15], ["adopted", "adopted", "adopted", "adopted"]),
    (
        [1, 0, 14, 15],
        ["adopted", "adopted", "adopted", "rejected"],
    ),
];

#[test]
fn the_edge_table_of_approval() {
    let rules = [
        json!({"num": 1, "den": 2, "strict": true, "base": "expressed"}),
        json!({"num": 2, "den": 3, "strict": false, "base": "expressed"}),
        json!({"num": 2, "den": 3, "strict": true, "base": "expressed"}),
        json!({"num": 1, "den": 2, "strict": true, "base": "electorate"}),
    ];
    for ([approve, oppose, abstain, electorate], outcomes) in EDGES {
        for (threshold, outcome) in rules.iter().zip(outcomes) {
            let found = result(&json!({
                "method": "approval",
                "rule": {"threshold": threshold},
                "electorate": electorate,
                "ballots": [
                    {"count": approve, "choice": "approve"},
                    {"count": oppose, "choice": "oppose"},
                    {"count": abstain, "choice": "abstain"},
                ],
            }));
            assert_eq!(
                found["outcome"], outcome,
                "{approve}, {oppose}, {abstain}: {threshold}"
            );
        }
    }
}

#[test]
fn eight_of_sixteen_meets_half_and_not_more_than_half() {
    let of = |strict: bool, abstentions: bool| {
        let list = json!({
            "method": "approval",
            "rule": {
                "quorum": {"num": 1, "den": 2, "strict": strict},
                "abstainCountsInQuorum": abstentions,
            },
            "electorate": 16,
            "ballots": [{"count": 7, "choice": "approve"}, {"choice": "abstain"}],
        });
        result(&list)["outcome"].clone()
    };

    assert_eq!(of(false, true), "adopted");
    assert_eq!(of(true, true), "no_quorum");
    assert_eq!(of(false, false), "no_quorum");
}

#[test]
fn consent_asks_for_one_consent_and_no_more_objections_than_allowed() {
    let of = |consents: u64, objections: u64, most: u64| {
        let list = json!({
            "method": "consent",
            "rule": {"maxObjections": most},
            "ballots": [
                {"count": consents, "choice": "consent"},
                {"count": objections, "choice": "object"},
                {"count": 3, "choice": "abstain"},
            ],
        });
        result(&list)["outcome"].clone()
    };

    assert_eq!(of(5, 0, 0), "adopted");
    assert_eq!(of(5, 1, 0), "rejected");
    assert_eq!(of(5, 1, 1), "adopted");
    assert_eq!(of(0, 0, 0), "rejected");
}

#[test]
fn the_largest_number_wins_and_equal_ones_tie() {
    let single = |ballots: Value| {
        result(&json!({"method": "single", "options": ["Mai", "Juin"], "ballots": ballots}))
    };
    let score = result(&json!({
        "method": "score",
        "options": ["Mai", "Juin"],
        "scale": {"min": -2, "max": 2},
        "ballots": [{"choice": {"Mai": 2, "Juin": -2}}, {"count": 2, "choice": {"Mai": -1, "Juin": 0}}],
    }));
    let multiple = result(&json!({
        "method": "multiple",
        "options": ["a", "b", "c"],
        "maxChoices": 2,
        "ballots": [{"choice": ["c", "a"]}, {"choice": ["a"]}, {"choice": "abstain"}],
    }));

    assert_eq!(
        single(json!([{"choice": "Mai"}]))["winners"],
        json!(["Mai"])
    );
    let tie = single(json!([{"choice": "Mai"}, {"choice": ["Juin"]}]));
    assert_eq!(
        (&tie["winners"], &tie["outcome"]),
        (&json!(["Juin", "Mai"]), &json!("tie"))
    );
    let nobody = single(json!([{"choice": "abstain"}]));
    assert_eq!(
        (&nobody["winners"], &nobody["outcome"]),
        (&json!([]), &json!("rejected"))
    );
    assert_eq!(score["counts"]["options"], json!({"Mai": 0, "Juin": -2}));
    assert_eq!(score["winners"], json!(["Mai"]));
    assert_eq!(
        multiple["counts"],
        json!({"abstain": 1, "participants": 3, "options": {"a": 2, "b": 0, "c": 1}})
    );
}

#[test]
fn a_list_that_means_nothing_is_refused_with_a_code() {
    let two = json!(["a", "b"]);
    let cases = [
        (json!([]), "tally_invalid"),
        (json!({"method": "single", "options": two}), "tally_invalid"),
        (
            json!({"method": "borda", "options": two, "ballots": []}),
            "tally_invalid",
        ),
        (
            json!({"method": "single", "options": ["a"], "ballots": []}),
            "tally_invalid",
        ),
        (
            json!({"method": "single", "options": ["a", "a"], "ballots": []}),
            "tally_invalid",
        ),
        (
            json!({"method": "single", "options": two, "ballots": [], "more": 1}),
            "tally_invalid",
        ),
        (
            json!({"method": "approval", "rule": {"threshold": {"num": 0, "den": 1}}, "ballots": []}),
            "tally_invalid",
        ),
        (
            json!({"method": "ranked", "options": two, "rule": {"unranked": "first"}, "ballots": []}),
            "tally_invalid",
        ),
        (
            json!({"method": "single", "options": two, "ballots": [{"choice": "c"}]}),
            "ballot_invalid",
        ),
        (
            json!({"method": "single", "options": two, "ballots": [{"choice": ["a", "b"]}]}),
            "ballot_invalid",
        ),
        (
            json!({"method": "single", "options": two, "ballots": [{"choice": "a", "count": -1}]}),
            "ballot_invalid",
        ),
        (
            json!({"method": "ranked", "options": two, "ballots": [{"choice": [["a"], ["a"]]}]}),
            "ballot_invalid",
        ),
        (
            json!({"method": "score", "options": two, "ballots": [{"choice": {"a": 1}}]}),
            "ballot_invalid",
        ),
        (
            json!({"method": "single", "options": two, "ballots": [
            {"choice": "a", "count": 1_000_000_000_000_u64}, {"choice": "b"}]}),
            "too_long",
        ),
    ];
    for (list, code) in cases {
        assert_eq!(
            Recount::from_json(&list).unwrap_err().code(),
            code,
            "{list}"
        );
    }
    assert_eq!(Recount::parse(b"{").unwrap_err().code(), "bad_json");
}

#[test]
fn a_million_million_ballots_do_not_overflow() {
    let most = 1_000_000_000_000_u64;
    let found = result(&json!({
        "method": "score",
        "options": ["a", "b"],
        "ballots": [{"choice": {"a": 1000, "b": -1000}, "count": most}],
    }));

    assert_eq!(
        found["counts"]["options"],
        json!({"a": 1_000_000_000_000_000_i64, "b": -1_000_000_000_000_000_i64})
    );
}
