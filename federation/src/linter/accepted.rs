//! Losses we accept, each with its reason. A loss that is not here fails the build.

/// Rule and reason.
pub const LOSSES: &[(&str, &str)] = &[
    (
        "gts/04",
        "GoToSocial shows the title as a content warning; the text is one click away and repeats it",
    ),
    (
        "gts/06",
        "an announced activity is not understood there; the plain announcement stands beside it",
    ),
    (
        "lemmy/05",
        "what a hub publishes for a member who did not opt in has the Group as author, which Lemmy \
         does not show; naming a person instead would break the member's choice",
    ),
    (
        "mastodon/07",
        "only title, summary and link of an article or event are shown; the link leads to the rest",
    ),
    (
        "mobilizon/02",
        "the instance actor is an Application; nobody follows it there",
    ),
    (
        "mobilizon/07",
        "an event of a member is not on the group's page; its author is the member, as Lemmy needs",
    ),
];

/// Why a loss is accepted; `None` when it is not.
pub fn reason(rule: &str) -> Option<&'static str> {
    LOSSES
        .iter()
        .find(|(accepted, _)| *accepted == rule)
        .map(|(_, reason)| *reason)
}
