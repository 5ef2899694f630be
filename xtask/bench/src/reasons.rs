//! Why an aim may be missed: what profiling found (docs/performance.md), printed beside the figure.

/// The reason found, by the name of the aim.
pub(crate) fn of(aim: &str) -> &'static str {
    REASONS
        .iter()
        .find(|(name, _)| *name == aim)
        .map_or("no reason found yet: profile it", |(_, reason)| reason)
}

const REASONS: &[(&str, &str)] = &[
    (
        "size of the binary",
        "rustls, aws-lc, image codecs, an HTML parser and both databases; link-time optimisation was not tried",
    ),
    (
        "inbox against the floor receiver",
        "ten statements through the multi connection (the floor has one), a savepoint with its full-text \
         entry, cleaning of HTML, the actor read for each request",
    ),
    (
        "deliveries against the signer's limit",
        "besides the signature: the hop to a blocking thread, the HTTP client, a claim and two writes for each peer and batch",
    ),
    (
        "publish to the last of 64 peers",
        "64 signatures are 16 ms of two cores; the rest is the wait for cores that others use",
    ),
    (
        "page with 20 offers, not kept rendered",
        "six statements whose text is built anew, 20 cards with their words, 37 kB written twice",
    ),
    (
        "memory, most under load",
        "file pages of the binary 24 MiB, page caches 12, rendered lists 4, the rest in arenas of the allocator",
    ),
    (
        "growth of the dearest cost with the tables",
        "no reason found yet: profile the dearest one",
    ),
];
