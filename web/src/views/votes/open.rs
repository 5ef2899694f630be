//! Opening a vote: what is asked, then a preview, since nothing changes after publication.

use super::samples;
use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, body};

/// What a spokesperson asks (`/decisions/ouvrir`). Posts to the same path for the preview; fields `title`,
/// `text`, `kind`, `options` (one a line), `choices_max`, `scale_min`, `scale_max`, `majority`, `quorum`,
/// `closes_on`, `closes_time`, `hidden`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenVoteForm {
    /// How many KPA will have a voice.
    pub voters: usize,
    /// Before this instant the rules of the network allow no close.
    pub earliest: Stamp,
    /// What was typed.
    pub form: Form,
}

impl OpenVoteForm {
    fn kinds(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        [
            ("approval", "vote-kind-approval"),
            ("consent", "vote-kind-consent"),
            ("single", "vote-kind-single"),
            ("multiple", "vote-kind-multiple"),
            ("ranked", "vote-kind-ranked"),
            ("score", "vote-kind-score"),
        ]
        .map(|(code, key)| Choice::new(code, l.t(key)))
        .to_vec()
    }

    fn majorities(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        [
            ("simple", "open-majority-simple"),
            ("two_thirds", "open-majority-two-thirds"),
            ("absolute", "open-majority-absolute"),
        ]
        .map(|(code, key)| Choice::new(code, l.t(key)))
        .to_vec()
    }

    fn quorums(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        [
            ("half", "open-quorum-half"),
            ("third", "open-quorum-third"),
            ("two_thirds", "open-quorum-two-thirds"),
            ("none", "open-quorum-none"),
        ]
        .map(|(code, key)| Choice::new(code, l.t(key)))
        .to_vec()
    }
}

impl Page for OpenVoteForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t("open-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(OpenVoteForm, "votes/open.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["draft.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::open_forms(l)
    }
}

/// The vote as every KPA will read it. Posts to `/decisions/publier`, or back to the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenVotePreview {
    /// Its title.
    pub title: String,
    /// The text voted on, safe.
    pub text: SafeHtml,
    /// The kind of question, finished.
    pub kind: String,
    /// The options.
    pub options: Vec<String>,
    /// The rule, in finished sentences.
    pub rules: Vec<String>,
    /// How many KPA will have a voice.
    pub voters: usize,
    /// When it closes.
    pub closes: Stamp,
    /// True if the answers are hidden until the close.
    pub is_hidden: bool,
    /// What was typed, by field: carried along unseen.
    pub fields: Vec<(String, String)>,
    /// Why it was not published, finished.
    pub refused: Option<String>,
}

impl Page for OpenVotePreview {
    fn title(&self, l: Locale) -> String {
        l.t1("open-preview-title", "title", self.title.as_str())
    }

    body!(OpenVotePreview, "votes/preview.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::previews(l)
    }
}
