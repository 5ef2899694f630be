//! The words of the journal and of the deliveries, in the reader's language.

use interkpa_web::Locale;
use interkpa_web::words::{
    AgreementState, Permission, ProposalState, ResponseState, Role, Travel, Trust,
};

/// Commands and the sentence of each, in the order of the filter.
pub(super) const ACTIONS: [(&str, &str); 52] = [
    ("member_invite", "action-member-invite"),
    ("member_join", "action-member-join"),
    ("member_create", "action-member-create"),
    ("member_suspend", "action-member-suspend"),
    ("member_reopen", "action-member-reopen"),
    ("member_recover", "action-member-recover"),
    ("member_recover_approve", "action-member-recover-approve"),
    ("member_recover_refuse", "action-member-recover-refuse"),
    ("member_recovered", "action-member-recovered"),
    ("invitation_cancel", "action-invitation-cancel"),
    ("role_give", "action-role-give"),
    ("role_take", "action-role-take"),
    ("password_change", "action-password-change"),
    ("profile_save", "action-profile-save"),
    ("public_actor_open", "action-public-actor-open"),
    ("public_actor_close", "action-public-actor-close"),
    ("device_sign_out", "action-device-sign-out"),
    ("device_sign_out_others", "action-device-sign-out-others"),
    ("token_make", "action-token-make"),
    ("token_revoke", "action-token-revoke"),
    ("peer_allow", "action-peer-allow"),
    ("peer_block", "action-peer-block"),
    ("peer_forget", "action-peer-forget"),
    ("delivery_retry", "action-delivery-retry"),
    ("delivery_give_up", "action-delivery-give-up"),
    ("report_decide", "action-report-decide"),
    ("reply_decide", "action-reply-decide"),
    ("notification_tell", "action-notification-tell"),
    ("follow_ask", "action-follow-ask"),
    ("follow_leave", "action-follow-leave"),
    ("proposal_publish", "action-proposal-publish"),
    ("proposal_edit", "action-proposal-edit"),
    ("proposal_withdraw", "action-proposal-withdraw"),
    ("proposal_fulfil", "action-proposal-fulfil"),
    ("proposal_suspend", "action-proposal-suspend"),
    ("proposal_resume", "action-proposal-resume"),
    ("proposal_widen", "action-proposal-widen"),
    ("proposal_expire", "action-proposal-expire"),
    ("proposal_keep_back", "action-proposal-keep-back"),
    ("proposal_show_again", "action-proposal-show-again"),
    ("proposal_ask", "action-proposal-ask"),
    ("response_send", "action-response-send"),
    ("response_take_back", "action-response-take-back"),
    ("response_accept", "action-response-accept"),
    ("response_refuse", "action-response-refuse"),
    ("response_expire", "action-response-expire"),
    ("agreement_say", "action-agreement-say"),
    ("agreement_contest", "action-agreement-contest"),
    ("agreement_cancel", "action-agreement-cancel"),
    ("agreement_settle", "action-agreement-settle"),
    ("agreement_silence", "action-agreement-silence"),
    ("hub_restore", "action-hub-restore"),
];

/// Activity types and the word of each.
pub(super) const LETTERS: [(&str, &str); 10] = [
    ("Create", "letter-create"),
    ("Update", "letter-update"),
    ("Delete", "letter-delete"),
    ("Announce", "letter-announce"),
    ("Follow", "letter-follow"),
    ("Undo", "letter-undo"),
    ("Accept", "letter-accept"),
    ("Reject", "letter-reject"),
    ("Offer", "letter-offer"),
    ("Flag", "letter-flag"),
];

/// What somebody did; the command itself for one without a sentence.
pub(super) fn of_action(l: Locale, command: &str) -> String {
    let known = ACTIONS.iter().find(|(known, _)| *known == command);
    known.map_or_else(|| command.to_owned(), |(_, key)| l.t(key))
}

/// The choices of the filter: (command, label).
pub(super) fn actions(l: Locale) -> Vec<(String, String)> {
    let choice = |(command, key): &(&str, &str)| ((*command).to_owned(), l.t(key));
    ACTIONS.iter().map(choice).collect()
}

/// What is on its way, without its content.
pub(super) fn of_letter(l: Locale, kind: &str) -> String {
    let activity = kind.split([':', ' ']).next().unwrap_or_default();
    let known = LETTERS.iter().find(|(known, _)| *known == activity);
    known.map_or_else(|| l.t("letter-other"), |(_, key)| l.t(key))
}

/// The reason given. A role that an invitation gives is told in words.
pub(super) fn of_reason(l: Locale, command: &str, reason: Option<String>) -> Option<String> {
    let reason = reason?;
    if command == "member_invite"
        && let Some(role) = Role::from_code(&reason)
    {
        return Some(l.t(role.key()));
    }
    Some(interkpa_web::markup::clean_name(&reason))
}

/// From one state to another: « envoyée → acceptée ».
pub(super) fn of_change(
    l: Locale,
    subject: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Option<String> {
    let word = |state: Option<&str>| Some(l.t(key_of(subject, state?)?));
    match (word(old), word(new)) {
        (Some(old), Some(new)) => Some(format!("{old} → {new}")),
        (None, Some(new)) => Some(format!("→ {new}")),
        (Some(old), None) => Some(format!("{old} →")),
        (None, None) => None,
    }
}

fn key_of(subject: &str, state: &str) -> Option<&'static str> {
    match subject {
        "proposal" => ProposalState::from_code(state).map(ProposalState::key),
        "response" => ResponseState::from_code(state).map(ResponseState::key),
        "agreement" => AgreementState::from_code(state).map(AgreementState::key),
        "peer" => Trust::from_code(state).map(Trust::key),
        "delivery" | "delivery_peer" => match state {
            "waiting" => Some(Travel::Waiting.key()),
            "dead" => Some(Travel::Failed.key()),
            _ => None,
        },
        "invitation" => match state {
            "open" => Some("invitation-open"),
            "used" => Some("invitation-used"),
            "revoked" => Some("invitation-cancelled"),
            _ => None,
        },
        "member" => match state {
            "active" => Some("member-active"),
            "suspended" => Some("member-suspended"),
            other => Role::from_code(other)
                .map(Role::key)
                .or_else(|| Permission::from_code(other).map(Permission::key)),
        },
        "report" => match state {
            "kept" => Some("decision-nothing"),
            "hidden" => Some("decision-hide"),
            _ => None,
        },
        _ => None,
    }
}
