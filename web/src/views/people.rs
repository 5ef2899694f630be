//! Accounts and people: sign-in, invitation, devices, profile, keys for programs, the page of a member.

mod access;
mod account;
mod me;
mod member;
mod samples;

pub use access::{AcceptInvitation, PASSWORD_MIN, SignIn};
pub use account::{Device, Devices, LeaveForm, PasswordForm, Token, Tokens};
pub use me::{Me, MyProposals, MyResponseLine, MyResponses, Profile};
pub use member::MemberPage;
