//! Invitations, members and their roles.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Width, body};
use crate::views::parts::{Link, Person};
use crate::words::{Permission, Role};

crate::words::coded! {
    /// Where an invitation stands.
    InvitationState {
        /// Works.
        Open = "open", "invitation-open", "clock";
        /// Used.
        Used = "used", "invitation-used", "check";
        /// Past its date.
        Expired = "expired", "invitation-expired", "clock";
        /// Cancelled.
        Cancelled = "cancelled", "invitation-cancelled", "close";
    }
}

/// One invitation; its secret is never shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLine {
    /// Its path, `/administration/invitations/<id>`; posts to `<href>/annuler`.
    pub href: String,
    /// For whom.
    pub name: String,
    /// Who invited.
    pub by: String,
    /// The role it gives.
    pub role: Role,
    /// Where it stands.
    pub state: InvitationState,
    /// When it was made.
    pub created: Stamp,
    /// Until when it works.
    pub expires: Stamp,
}

impl InvitationLine {
    fn is_open(&self) -> bool {
        self.state == InvitationState::Open
    }
}

/// Invitations (`/administration/invitations`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitations {
    /// Newest first.
    pub lines: Vec<InvitationLine>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for Invitations {
    fn title(&self, l: Locale) -> String {
        l.t("admin-invitations-title")
    }

    body!(Invitations, "administration/invitations.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::invitations(l)
    }
}

crate::words::coded! {
    /// Where an account stands.
    MemberState {
        /// Works.
        Active = "active", "member-active", "check";
        /// Closed for a time.
        Suspended = "suspended", "member-suspended", "pause";
        /// Gone.
        Deleted = "deleted", "member-deleted", "close";
    }
}

/// One member as the administration sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Its path, `/administration/membres/<id>`; posts to `<href>/roles` (fields `role`, `permission`, several
    /// each), `<href>/suspendre`, `<href>/rouvrir`.
    pub href: String,
    /// Letters and figures, unique on the page.
    pub key: String,
    /// The person.
    pub person: Person,
    /// The handle, without `@`.
    pub handle: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Permissions.
    pub permissions: Vec<Permission>,
    /// Where the account stands.
    pub state: MemberState,
    /// Last use; nothing if never.
    pub last_seen: Option<Stamp>,
    /// True for the reader: nobody changes their own roles.
    pub is_me: bool,
}

impl MemberLine {
    fn is_active(&self) -> bool {
        self.state == MemberState::Active
    }

    fn is_suspended(&self) -> bool {
        self.state == MemberState::Suspended
    }

    fn has_role(&self, role: impl std::borrow::Borrow<Role>) -> bool {
        self.roles.contains(role.borrow())
    }

    fn has_permission(&self, permission: impl std::borrow::Borrow<Permission>) -> bool {
        self.permissions.contains(permission.borrow())
    }
}

/// Membres et rôles (`/administration/membres`). Query: `q` (name or handle), `apres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// Words searched for.
    pub words: String,
    /// By name.
    pub lines: Vec<MemberLine>,
    /// Members in all, finished.
    pub total: String,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for Members {
    fn title(&self, l: Locale) -> String {
        l.t("admin-members-title")
    }

    body!(Members, "administration/members.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::members(l)
    }
}
