//! What surrounds every page: the name of the KPA, the navigation, who is signed in, the message of the
//! last action, the language switch, the footer.

use crate::locale::Locale;
use crate::words::Role;

/// The person signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Viewer {
    /// The name shown, cleaned by [`crate::markup::clean_name`].
    pub name: String,
    /// The handle without `@`.
    pub handle: String,
    /// Roles in this KPA.
    pub roles: Vec<Role>,
    /// The pages of the team that are open to this person.
    pub doors: Vec<Door>,
    /// Notifications not read yet.
    pub unread: u32,
}

/// A part of the site that only some members may enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Handle reports.
    Moderate,
    /// Invite people: « Accompagner ».
    Invite,
    /// Give a lost member the account back.
    Recover,
    /// Publish for somebody.
    ActOnBehalf,
    /// « À prévenir ».
    Tell,
    /// « Réglages du KPA ».
    Administer,
}

impl Viewer {
    /// True if « Signalements » is open to this person.
    pub fn may_moderate(&self) -> bool {
        self.doors.contains(&Door::Moderate)
    }

    /// True if « Accompagner » is open to this person.
    pub fn may_invite(&self) -> bool {
        self.doors.contains(&Door::Invite)
    }

    /// True if this person may give an account back.
    pub fn may_recover(&self) -> bool {
        self.doors.contains(&Door::Recover)
    }

    /// True if this person may publish for somebody.
    pub fn may_act_on_behalf(&self) -> bool {
        self.doors.contains(&Door::ActOnBehalf)
    }

    /// True if « À prévenir » is open to this person.
    pub fn may_tell(&self) -> bool {
        self.doors.contains(&Door::Tell)
    }

    /// True if « Réglages du KPA » is open to this person.
    pub fn may_administer(&self) -> bool {
        self.doors.contains(&Door::Administer)
    }

    /// True if any page of the team is open to this person.
    pub fn is_of_the_team(&self) -> bool {
        self.may_invite() || self.may_tell() || self.may_moderate() || self.may_administer()
    }
}

/// The message shown once after an action (303, then this).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// Which message.
    pub notice: Notice,
    /// True for an action that worked.
    pub good: bool,
    /// Where to go on, if there is an obvious next thing: (href, finished label).
    pub link: Option<(String, String)>,
}

impl Flash {
    /// The message of an action that worked.
    pub const fn good(notice: Notice) -> Self {
        Self {
            notice,
            good: true,
            link: None,
        }
    }

    /// The message of an action that did not.
    pub const fn bad(notice: Notice) -> Self {
        Self {
            notice,
            good: false,
            link: None,
        }
    }
}

crate::words::coded! {
    /// The messages of [`Flash`]. The code travels in the session or the address, never the text.
    Notice {
        /// An announcement was published.
        Published = "published", "notice-published", "check";
        /// An announcement was changed.
        Changed = "changed", "notice-changed", "check";
        /// An announcement was withdrawn.
        Withdrawn = "withdrawn", "notice-withdrawn", "check";
        /// An announcement was marked as found.
        Fulfilled = "fulfilled", "notice-fulfilled", "check";
        /// An announcement lives on.
        Prolonged = "prolonged", "notice-prolonged", "check";
        /// An announcement was widened to more readers.
        Widened = "widened", "notice-widened", "check";
        /// An answer was sent.
        Answered = "answered", "notice-answered", "send";
        /// An answer was accepted; an agreement exists.
        Accepted = "accepted", "notice-accepted", "check";
        /// An answer was refused.
        Refused = "refused", "notice-refused", "check";
        /// An answer was taken back.
        AnswerCancelled = "answer_cancelled", "notice-answer-cancelled", "check";
        /// A message of an agreement was sent.
        MessageSent = "message_sent", "notice-message-sent", "send";
        /// The exchange was declared done.
        DeclaredDone = "declared_done", "notice-declared-done", "check";
        /// The exchange was confirmed.
        Confirmed = "confirmed", "notice-confirmed", "check";
        /// The exchange was contested.
        Contested = "contested", "notice-contested", "check";
        /// The agreement was called off.
        AgreementCancelled = "agreement_cancelled", "notice-agreement-cancelled", "check";
        /// Welcome after signing in.
        SignedIn = "signed_in", "notice-signed-in", "check";
        /// Signed out.
        SignedOut = "signed_out", "notice-signed-out", "check";
        /// The account was created from an invitation.
        Welcome = "welcome", "notice-welcome", "check";
        /// A profile was saved.
        ProfileSaved = "profile_saved", "notice-profile-saved", "check";
        /// The password was changed.
        PasswordChanged = "password_changed", "notice-password-changed", "check";
        /// A member left.
        Left = "left", "notice-left", "check";
        /// A device was signed out.
        DeviceSignedOut = "device_signed_out", "notice-device-signed-out", "check";
        /// A key for programs was removed.
        TokenRevoked = "token_revoked", "notice-token-revoked", "check";
        /// A KPA is followed, or asked to be.
        Followed = "followed", "notice-followed", "check";
        /// A KPA is no longer followed.
        Unfollowed = "unfollowed", "notice-unfollowed", "check";
        /// An announcement is hidden for this reader.
        Hidden = "hidden", "notice-hidden", "check";
        /// A report was sent.
        Reported = "reported", "notice-reported", "check";
        /// A report was decided.
        Decided = "decided", "notice-decided", "check";
        /// An invitation was cancelled.
        InvitationCancelled = "invitation_cancelled", "notice-invitation-cancelled", "check";
        /// Another KPA was allowed.
        PeerAllowed = "peer_allowed", "notice-peer-allowed", "check";
        /// Another KPA was blocked.
        PeerBlocked = "peer_blocked", "notice-peer-blocked", "check";
        /// A delivery will be tried again now.
        RetryPlanned = "retry_planned", "notice-retry-planned", "clock";
        /// A delivery was given up.
        GivenUp = "given_up", "notice-given-up", "close";
        /// The roles of a member were changed.
        RolesChanged = "roles_changed", "notice-roles-changed", "check";
        /// The account of a member was suspended or opened again.
        MemberChanged = "member_changed", "notice-member-changed", "check";
        /// A second person approved.
        Approved = "approved", "notice-approved", "check";
        /// A second person refused.
        NotApproved = "not_approved", "notice-not-approved", "check";
        /// Someone was marked as told.
        Told = "told", "notice-told", "check";
        /// Notifications were marked as read.
        AllRead = "all_read", "notice-all-read", "check";
        /// The voice of this KPA was cast.
        Voted = "voted", "notice-voted", "check";
        /// A vote was opened.
        VoteOpened = "vote_opened", "notice-vote-opened", "check";
        /// A ballot waits for a second person.
        BallotWaiting = "ballot_waiting", "notice-ballot-waiting", "clock";
        /// The same form came twice: it had its effect once.
        AlreadyDone = "already_done", "notice-already-done", "check";
        /// The thing had changed in between.
        ChangedMeanwhile = "changed_meanwhile", "notice-changed-meanwhile", "warn";
    }
}

/// What surrounds a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chrome {
    /// The name of the KPA, without the word: `La Bobinette`.
    pub hub_name: String,
    /// The slug of the KPA, for `/@slug/suivre`.
    pub hub_slug: String,
    /// The network it belongs to: `KPA-Cité`. Empty for a hub of no network.
    pub network_name: String,
    /// The accent chosen by the KPA, 1 to 8 (web.md, section 9).
    pub accent: u8,
    /// Path and query of this page, without `lang`: the language switch adds its own.
    pub path: String,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// The message of the last action.
    pub flash: Option<Flash>,
    /// The token of the session, in each form.
    pub csrf: String,
    /// The idempotency token of this page's forms: the same twice has one effect.
    pub once: String,
    /// The telephone of the reception, as people dial it; empty if none.
    pub phone: String,
    /// Version shown in the footer, beside the link to the source.
    pub version: String,
    /// True for the demonstration: a line says that people and places are invented.
    pub is_demo: bool,
}

impl Chrome {
    /// The address of this page in another language.
    pub fn href_in(&self, locale: Locale) -> String {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.path, locale.code())
    }

    /// The accent class of `<html>`, always one of the eight.
    pub fn accent_class(&self) -> String {
        format!("accent-{}", self.accent.clamp(1, 8))
    }

    /// The telephone as a `tel:` link takes it: figures and `+`.
    pub fn phone_href(&self) -> String {
        crate::routes::tel(&self.phone)
    }

    /// The unread notifications, shown as at most `99+`.
    pub fn unread_badge(&self) -> Option<String> {
        match self.viewer.as_ref().map(|viewer| viewer.unread) {
            None | Some(0) => None,
            Some(count @ 1..=99) => Some(count.to_string()),
            Some(_) => Some("99+".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Chrome, Viewer};
    use crate::locale::Locale;

    #[test]
    fn the_language_switch_keeps_the_path_and_its_query() {
        let mut chrome = Chrome {
            path: "/entraide?q=v%C3%A9lo".into(),
            ..Chrome::default()
        };
        assert_eq!(chrome.href_in(Locale::En), "/entraide?q=v%C3%A9lo&lang=en");
        chrome.path = "/moi".into();
        assert_eq!(chrome.href_in(Locale::En), "/moi?lang=en");
    }

    #[test]
    fn the_accent_is_always_one_of_the_eight() {
        assert_eq!(Chrome::default().accent_class(), "accent-1");
        assert_eq!(
            Chrome {
                accent: 200,
                ..Chrome::default()
            }
            .accent_class(),
            "accent-8"
        );
    }

    #[test]
    fn the_badge_says_nothing_for_zero_and_stops_at_99() {
        let with = |unread| Chrome {
            viewer: Some(Viewer {
                unread,
                ..Viewer::default()
            }),
            ..Chrome::default()
        };
        assert_eq!(with(0).unread_badge(), None);
        assert_eq!(with(7).unread_badge().as_deref(), Some("7"));
        assert_eq!(with(100).unread_badge().as_deref(), Some("99+"));
        assert_eq!(Chrome::default().unread_badge(), None);
    }
}
