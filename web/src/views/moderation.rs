//! Signalements: the queue, one report, its decision with a reason. Nobody handles their own case.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::markup::{SafeHtml, member_text};
use crate::page::{Page, Sample, body};
use crate::views::parts::{Link, Person};
use crate::views::proposals::samples::ago;

/// One report of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// Its page, `/moderation/<id>`.
    pub href: String,
    /// Title or name of what is reported.
    pub title: String,
    /// The reason's label key is found from its code; see [`crate::views::proposals::ReportForm::REASONS`].
    pub reason: String,
    /// Reports about the same thing.
    pub count: u32,
    /// The KPA it comes from, if another one.
    pub hub: Option<String>,
    /// When the first came.
    pub at: Stamp,
    /// The decision, once there is one: finished.
    pub decision: Option<String>,
}

impl ReportLine {
    fn reason_key(&self) -> &'static str {
        reason_key(&self.reason)
    }
}

fn reason_key(code: &str) -> &'static str {
    match code {
        "spam" => "report-spam",
        "unsafe" => "report-unsafe",
        "hurtful" => "report-hurtful",
        "personal_data" => "report-personal-data",
        _ => "report-other",
    }
}

/// Signalements (`/moderation`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportQueue {
    /// To handle, oldest first.
    pub open: Vec<ReportLine>,
    /// Handled, newest first; at most 20.
    pub closed: Vec<ReportLine>,
    /// The next page of those to handle.
    pub next: Option<Link>,
}

impl Page for ReportQueue {
    fn title(&self, l: Locale) -> String {
        l.t("moderation-title")
    }

    body!(ReportQueue, "moderation/queue.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let line = ReportLine {
            href: "/moderation/0192".into(),
            title: "Montres pas chères".into(),
            reason: "spam".into(),
            count: 3,
            hub: Some("Le Chevalement".into()),
            at: ago(l, 5),
            decision: None,
        };
        let closed = ReportLine {
            decision: Some(l.t("decision-hide")),
            hub: None,
            count: 1,
            ..line.clone()
        };
        let full = Self {
            open: vec![line],
            closed: vec![closed],
            next: None,
        };
        vec![
            Sample::member("full", full),
            Sample::member(
                "empty",
                Self {
                    open: Vec::new(),
                    closed: Vec::new(),
                    next: None,
                },
            ),
        ]
    }
}

/// What one person reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Who, or nothing when it came from another KPA without a name.
    pub by: Option<String>,
    /// The KPA it came from, if another one.
    pub hub: Option<String>,
    /// The code of the reason.
    pub reason: String,
    /// Their words, plain.
    pub words: String,
    /// When.
    pub at: Stamp,
}

impl Complaint {
    fn reason_key(&self) -> &'static str {
        reason_key(&self.reason)
    }
}

/// One report (`/moderation/<id>`). The decision posts to `<href>/decision`: fields `decision` (a code of
/// [`ReportPage::DECISIONS`]) and `reason`, which is sent to the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Its path.
    pub href: String,
    /// What is reported.
    pub title: String,
    /// The content as it stands, safe.
    pub content: SafeHtml,
    /// Language of the content.
    pub lang: String,
    /// Its author.
    pub author: Person,
    /// Where it is shown.
    pub about: Link,
    /// Who reported it and why.
    pub complaints: Vec<Complaint>,
    /// Earlier decisions about the same author: finished sentences.
    pub earlier: Vec<String>,
    /// The decision, once taken: finished sentence with name, date, reason.
    pub decided: Option<String>,
    /// True when the author asked for another look.
    pub is_appeal: bool,
    /// True when another KPA owns it: it can be told.
    pub is_elsewhere: bool,
    /// False for one's own case, or an appeal of one's own decision.
    pub may_decide: bool,
    /// Values and errors.
    pub form: Form,
}

impl ReportPage {
    /// The decisions: (code, key of the label).
    pub const DECISIONS: [(&'static str, &'static str); 3] = [
        ("nothing", "decision-nothing"),
        ("hide", "decision-hide"),
        ("forward", "decision-forward"),
    ];

    fn reason_hint(&self) -> &'static str {
        if self.is_elsewhere {
            "report-decision-forward-hint"
        } else {
            "report-decision-reason-hint"
        }
    }

    fn decisions(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        Self::DECISIONS
            .iter()
            .filter(|(code, _)| *code != "forward" || self.is_elsewhere)
            .map(|(code, key)| Choice::new(*code, l.t(key)))
            .collect()
    }
}

impl Page for ReportPage {
    fn title(&self, l: Locale) -> String {
        let title = l.t1("report-page-title", "title", &self.title);
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(ReportPage, "moderation/report.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let open = Self {
            href: "/moderation/0192".into(),
            title: "Montres pas chères".into(),
            content: member_text(
                "Montres **pas chères** <script>alert(1)</script> [ici](https://a.example)",
            ),
            lang: "fr".into(),
            author: Person::new("Marchand").from_hub("Le Chevalement"),
            about: Link::new("/objets/0192f0a0", "Montres pas chères"),
            complaints: vec![
                Complaint {
                    by: Some("Oumar".into()),
                    hub: None,
                    reason: "spam".into(),
                    words: "Toujours la même annonce.".into(),
                    at: ago(l, 5),
                },
                Complaint {
                    by: None,
                    hub: Some("La Criée Partagée".into()),
                    reason: "unsafe".into(),
                    words: String::new(),
                    at: ago(l, 6),
                },
            ],
            earlier: vec!["Masqué le 3 mars : publicité".into()],
            decided: None,
            is_appeal: true,
            is_elsewhere: true,
            may_decide: true,
            form: Form::new(),
        };
        let mut refused = open.clone();
        refused
            .form
            .refuse("decision", crate::form::Problem::ChoiceRequired);
        refused
            .form
            .refuse("reason", crate::form::Problem::Required);
        let own = Self {
            may_decide: false,
            is_appeal: false,
            earlier: Vec::new(),
            ..open.clone()
        };
        let decided = Self {
            decided: Some("Masqué par Karima, hier : publicité".into()),
            ..own.clone()
        };
        vec![
            Sample::member("open", open),
            Sample::member("errors", refused),
            Sample::member("own-case", own),
            Sample::member("decided", decided),
        ]
    }
}
