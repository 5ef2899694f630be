//! The second verifier: a program in Python that shares no line and no library with the first recounts
//! bundles, and agrees on verdict, value and result.
//!
//! `cargo xtask test --only second-verifier` prepares its Python; `cargo xtask simulate --bundles N` runs
//! more.

#[cfg(test)]
mod bundles;
#[cfg(test)]
#[expect(dead_code, reason = "shared with the simulator, which uses all of it")]
#[path = "../it/governance/dice.rs"]
mod dice;
#[cfg(test)]
#[path = "../it/governance/figures.rs"]
mod figures;
#[cfg(test)]
#[expect(
    dead_code,
    reason = "shared with the tests of the rules, which use all of it"
)]
#[path = "../it/governance/network.rs"]
mod network;
#[cfg(test)]
mod recount;
