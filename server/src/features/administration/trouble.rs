//! Why something did not arrive, in plain words.

use interkpa_web::Locale;

/// Stable codes of `fediverse::deliver`, and their sentences.
pub(super) const SENTENCES: [(&str, &str); 17] = [
    ("unreachable", "trouble-unreachable"),
    ("timeout", "trouble-timeout"),
    ("tls_failed", "trouble-tls"),
    ("connection_broken", "trouble-broken"),
    ("peer_failed", "trouble-failed"),
    ("slow_down", "trouble-slow-down"),
    ("signature_refused", "trouble-signature"),
    ("not_heard", "trouble-not-heard"),
    ("sender_refused", "trouble-sender"),
    ("gone", "trouble-gone"),
    ("refused", "trouble-refused"),
    ("given_up", "trouble-given-up"),
    ("given_up_here", "trouble-given-up-here"),
    ("blocked", "trouble-blocked"),
    ("not_sendable", "trouble-not-sendable"),
    ("busy", "trouble-ours"),
    ("signing", "trouble-ours"),
];

/// The sentence of a code, with the status that was answered.
pub(super) fn sentence(locale: Locale, code: &str, status: Option<i32>) -> String {
    let key = SENTENCES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("trouble-other", |(_, key)| key);
    let words = locale.t(key);
    match status {
        Some(status) => format!("{words} ({status})"),
        None => words,
    }
}
