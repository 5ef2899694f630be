//! A network is founded on the command line, as at a meeting: cards, one act, signatures, fingerprint.

use super::{done, folder, init, objects, run, talk};

#[test]
fn two_kpa_found_a_network_and_one_says_that_it_is_away() {
    let (one, other) = (folder("founding-one"), folder("founding-other"));
    let file = |name: &str| one.with_file_name(name).to_str().unwrap().to_owned();
    let (first_card, second_card) = (file("one.card"), file("other.card"));
    let (draft, signed, act) = (file("draft"), file("signed"), file("act"));
    for (data, card) in [(&one, &first_card), (&other, &second_card)] {
        init(data);
        done(data, &["register", "found", "card", "-o", card]);
    }

    let drafted = done(
        &one,
        &[
            "register",
            "found",
            "draft",
            "--network",
            "Essai",
            &first_card,
            &second_card,
            "-o",
            &draft,
        ],
    );
    done(
        &other,
        &["register", "found", "sign", &draft, "-o", &signed],
    );
    let joined = done(
        &one,
        &["register", "found", "join", &draft, &signed, "-o", &act],
    );
    let fingerprint = joined.trim();
    assert_eq!(drafted, joined, "one fingerprint from the draft to the act");
    let import = |text: &str| {
        run(
            &one,
            &["register", "found", "import", &act, "--genesis", text],
        )
    };
    let zeros = format!("sha256:{}", "0".repeat(64));
    let wrong = import(&zeros);
    assert!(talk(&wrong).contains("fingerprint"), "{}", talk(&wrong));
    let half = run(
        &one,
        &[
            "register",
            "found",
            "import",
            &draft,
            "--genesis",
            fingerprint,
        ],
    );
    assert!(!half.status.success(), "not signed by all");
    assert!(import(fingerprint).status.success());

    done(&one, &["register", "pause"]);

    let shown = objects(&one, &["register", "show", "--json"]);
    let hubs = shown[0]["hubs"].as_array().unwrap();
    let voices = hubs.iter().filter(|hub| hub["voice"] == true).count();
    assert_eq!((hubs.len(), voices), (2, 1));
    assert_eq!(shown[0]["decisions"].as_array().unwrap().len(), 1);
    assert!(objects(&one, &["audit", "--json"]).is_empty());
}
