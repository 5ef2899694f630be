//! Réglages du KPA: state, other KPAs, deliveries, invitations, members, journal. No private content here.

mod network;
mod people;
mod samples;
mod state;

pub use network::{Deliveries, Delivery, PeerLine, Peers};
pub use people::{InvitationLine, InvitationState, Invitations, MemberLine, MemberState, Members};
pub use state::{AdminHome, Audit, AuditFilter, AuditLine, Check, Health};
