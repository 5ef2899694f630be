//! The rules of votes (UKV-1), from the bytes of one object to a result.

mod accuse;
mod agreement;
mod calm;
mod carrying;
mod counting;
mod dice;
mod elections;
mod electorate;
mod enumeration;
mod figures;
mod group_n;
mod network;
mod objects;
mod readings;
mod simulation;
mod strictness;
mod tally_properties;
mod tally_vectors;
mod thousand;
mod vectors;
mod verifying;
