//! What is tried against readers, in the manner of the lists of OWASP.

use std::sync::LazyLock;

/// Those with characters that a line of text cannot hold as they are.
const MORE: [&str; 5] = [
    "<img src=x\0 onerror\0=alert(1)>",
    "<a href=\"java\0script:alert(1)\">x</a>",
    "<\u{130}mg src=x onerror=alert(1)>",
    "<scrıpt>alert(1)</scrıpt>",
    "\u{202e}<script>alert(1)</script>\u{2066}",
];

/// Each is put in every field that is shown.
pub(crate) static ATTACKS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("attacks.txt").lines().chain(MORE).collect());

#[test]
fn there_are_at_least_a_hundred_and_twenty() {
    assert!(ATTACKS.len() >= 120, "{}", ATTACKS.len());
}
