//! Votes of the network by the protocol UKV-1, « un KPA, une voix »: what every hub must compute alike.
//!
//! A poll, a ballot, a seal, minutes and the signatures over them are JSON objects that prove
//! themselves and are named by their hash; whoever holds them recounts without trusting a server.
//!
//! | module | holds |
//! |---|---|
//! | [`object`] | one governance object: strict reading, hash, signing, size limits |
//! | [`genesis`], [`rules`], [`effect`], [`register`] | the register: who has a voice, and what changes it |
//! | [`poll`], [`question`], [`rule`], [`ballot`], [`choice`] | what is asked, by which rule, and the answers |
//! | [`closing`], [`result`], [`rounds`], [`receipt`] | seals, the value, minutes, rereads and signatures, receipts |
//! | [`numbers`] | `n`, `Q`, `f` and `s` |
//! | [`electorate`] | the register at the notice instant of a poll, from certified decisions |
//! | [`counted`], [`tally`] | which ballots count, and the result |
//! | [`value`], [`clerks`] | what the minutes say, and whose turn it is to write them |
//! | [`agreement`] | the lock of a hub, when it may be left, and what adds up to a certificate |
//! | [`accuse`] | who is proved at fault by what was signed |
//! | [`ledger`] | what is held for one poll, and which of it is good |
//! | [`machine`] | one poll on one hub: sealing, minutes, rereading, signing |
//! | [`bundle`], [`verify`] | one file that proves a result, and who checks it without a network |
//! | [`recount`] | any list of ballots as JSON, and its result: `interkpa tally` |
//!
//! Absent on purpose: clocks, randomness, storage, delivery, pages, words for readers.

pub mod accuse;
pub mod agreement;
pub mod ballot;
pub mod body;
pub mod bundle;
pub mod choice;
pub mod clerks;
pub mod closing;
pub mod counted;
pub mod effect;
pub mod electorate;
pub mod error;
pub mod genesis;
pub mod hash;
pub mod hub_id;
pub mod ledger;
pub mod machine;
pub mod numbers;
pub mod object;
pub mod poll;
pub mod prove;
pub mod question;
pub mod receipt;
pub mod recount;
pub mod register;
pub mod result;
pub mod rounds;
pub mod rule;
pub mod rules;
pub mod tally;
pub mod value;
pub mod verify;

mod content;
mod fields;
mod members;

pub use content::composed;
