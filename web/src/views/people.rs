//! Accounts and people: sign-in, invitation, devices, profile, keys for programs.

mod access;
mod samples;

pub use access::{AcceptInvitation, PASSWORD_MIN, SignIn};
