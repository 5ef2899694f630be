//! Who may do what, in one place: roles, rights, and which role grants which right.
//!
//! Routes name a [`Right`] ([`Access`](crate::http::route::Access)); handlers ask [`Roles::may`]
//! for what depends on the thing itself. Source: product.md §4.0, decision 25.

use std::collections::BTreeSet;
use std::str::FromStr;

/// A role of a member in this hub, or a narrow permission added to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Usager·ère: exchanges, not a coopérant.
    User,
    /// Coopérant·e.
    Cooperant,
    /// Animateur·ice.
    Facilitator,
    /// Accompagnateur·ice.
    Counsellor,
    /// Référent·e administratif·ve.
    AdministrativeReferent,
    /// Trésorier·ère.
    Treasurer,
    /// Porte-parole.
    Spokesperson,
    /// Admin technique: configuration, peers, backups; no private content.
    TechnicalAdmin,
    /// Permission: guichet, entering on behalf of somebody.
    Desk,
    /// Permission: commandes.
    Orders,
    /// Permission: signalements.
    Moderate,
}

/// Something only some members may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Invite a person, print the sheet.
    Invite,
    /// Give a lost member the account back.
    Recover,
    /// Enter a publication or an answer for somebody else.
    ActOnBehalf,
    /// See « À prévenir » and mark people as told.
    TellPeople,
    /// Settle a contested fact.
    SettleDispute,
    /// Decide on reports and held replies.
    Moderate,
    /// Allow and block peers, see and retry deliveries.
    ManagePeers,
    /// Give and take roles, suspend accounts.
    ManageMembers,
    /// Read the audit trail.
    ReadAudit,
    /// Decide what this hub as such follows.
    SteerHub,
    /// Open votes of the network and prepare the ballot of this hub.
    Vote,
    /// Confirm, as a second person, the ballot that another one prepared.
    ConfirmVote,
}

impl Role {
    /// Every role, in the order lists show them.
    pub const ALL: [Self; 11] = [
        Self::User,
        Self::Cooperant,
        Self::Facilitator,
        Self::Counsellor,
        Self::AdministrativeReferent,
        Self::Treasurer,
        Self::Spokesperson,
        Self::TechnicalAdmin,
        Self::Desk,
        Self::Orders,
        Self::Moderate,
    ];

    /// The word stored and sent; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Cooperant => "cooperant",
            Self::Facilitator => "facilitator",
            Self::Counsellor => "counsellor",
            Self::AdministrativeReferent => "administrative_referent",
            Self::Treasurer => "treasurer",
            Self::Spokesperson => "spokesperson",
            Self::TechnicalAdmin => "technical_admin",
            Self::Desk => "desk",
            Self::Orders => "orders",
            Self::Moderate => "moderate",
        }
    }

    /// What the role grants beyond what every member may do.
    pub fn rights(self) -> &'static [Right] {
        match self {
            Self::Facilitator => &[
                Right::Invite,
                Right::Recover,
                Right::ActOnBehalf,
                Right::TellPeople,
                Right::SettleDispute,
                Right::Moderate,
                Right::ConfirmVote,
            ],
            Self::Spokesperson => &[
                Right::Invite,
                Right::Recover,
                Right::SteerHub,
                Right::Vote,
                Right::ConfirmVote,
            ],
            Self::TechnicalAdmin => &[
                Right::Invite,
                Right::ManagePeers,
                Right::ManageMembers,
                Right::ReadAudit,
                Right::SteerHub,
            ],
            Self::Desk => &[Right::ActOnBehalf, Right::TellPeople],
            Self::Moderate => &[Right::Moderate],
            Self::AdministrativeReferent | Self::Treasurer => &[Right::ConfirmVote],
            Self::User | Self::Cooperant | Self::Counsellor | Self::Orders => &[],
        }
    }

    /// Whether giving this account back needs a second person: its holder could do harm.
    pub fn needs_second_person(self) -> bool {
        matches!(
            self,
            Self::Facilitator | Self::Spokesperson | Self::TechnicalAdmin
        )
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

/// A word that names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such role")]
pub struct UnknownRole;

impl Right {
    /// The word that names it in descriptions and tables; never renamed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::Recover => "recover",
            Self::ActOnBehalf => "act_on_behalf",
            Self::TellPeople => "tell_people",
            Self::SettleDispute => "settle_dispute",
            Self::Moderate => "moderate",
            Self::ManagePeers => "manage_peers",
            Self::ManageMembers => "manage_members",
            Self::ReadAudit => "read_audit",
            Self::SteerHub => "steer_hub",
            Self::Vote => "vote",
            Self::ConfirmVote => "confirm_vote",
        }
    }

    /// Whether the right is about running the hub, which a token needs the scope `admin` for.
    pub fn steers(self) -> bool {
        matches!(
            self,
            Self::ManagePeers | Self::ManageMembers | Self::ReadAudit | Self::SteerHub
        )
    }

    /// Every right.
    pub const ALL: [Self; 12] = [
        Self::Invite,
        Self::Recover,
        Self::ActOnBehalf,
        Self::TellPeople,
        Self::SettleDispute,
        Self::Moderate,
        Self::ManagePeers,
        Self::ManageMembers,
        Self::ReadAudit,
        Self::SteerHub,
        Self::Vote,
        Self::ConfirmVote,
    ];
}

/// The roles one member holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Whether one of the roles grants the right.
    pub fn may(&self, right: Right) -> bool {
        self.0.iter().any(|role| role.rights().contains(&right))
    }
    /// Whether the member holds the role itself.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }
    /// The roles a holder may give with an invitation. Nobody raises anybody above the floor of the
    /// place by a link but who manages members.
    pub fn invitable(&self) -> Vec<Role> {
        if self.may(Right::ManageMembers) {
            let permission =
                |role: &Role| matches!(role, Role::Desk | Role::Orders | Role::Moderate);
            Role::ALL
                .into_iter()
                .filter(|role| !permission(role))
                .collect()
        } else if self.may(Right::Invite) {
            vec![Role::User, Role::Cooperant]
        } else {
            Vec::new()
        }
    }
    /// The roles in the order lists show them.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        Self(roles.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }

    #[test]
    fn every_right_is_granted_by_some_role() {
        for right in Right::ALL {
            assert!(
                Role::ALL.iter().any(|role| role.rights().contains(&right)),
                "{right:?}"
            );
        }
    }

    #[test]
    fn the_machines_administrator_reads_no_private_matter() {
        let roles = Roles::from_iter([Role::TechnicalAdmin]);

        assert!(!roles.may(Right::SettleDispute));
        assert!(!roles.may(Right::TellPeople));
        assert!(!roles.may(Right::Recover));
    }
}
