//! Why an aim may be missed: what profiling found (docs/performance.md), printed beside the figure.

/// The reason found, by the name of the aim.
pub(crate) fn of(aim: &str) -> &'static str {
    REASONS
        .iter()
        .find(|(name, _)| *name == aim)
        .map_or("no reason found yet: profile it", |(_, reason)| reason)
}

const REASONS: &[(&str, &str)] = &[];
