//! One announcement: what its author says, what a reader may do, what the author decides.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::{HubTag, Link, Person, Photo};
use crate::words::{
    Audience, Category, Kind, ProposalState, Purpose, ResponseState, Settlement, Travel,
};

/// Who reads the page, and so which actions it offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// Not signed in: « Connectez-vous pour répondre ».
    Visitor,
    /// The author, or a facilitator acting for the author: answers, edit, withdraw.
    Author,
    /// A member who has not answered: the answer form, filled as typed.
    Member(Form),
    /// A member who has answered.
    Answered(MyResponse),
    /// Someone who may read but not answer (suspended account, guest server): a finished sentence.
    Silent(String),
}

/// The reader's own answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyResponse {
    /// Its path, `/reponses/<uuid>`; the form posts to `<href>/annuler`.
    pub href: String,
    /// What was written.
    pub message: SafeHtml,
    /// When it was sent.
    pub sent: Stamp,
    /// Where it stands.
    pub state: ResponseState,
    /// How far it has come, for an answer to another KPA.
    pub travel: Option<Travel>,
    /// A finished sentence when the other KPA does not answer.
    pub travel_note: Option<String>,
    /// The agreement, once accepted.
    pub agreement: Option<String>,
    /// The reason given with a refusal, plain.
    pub reason: Option<String>,
}

/// An answer as the author sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its path, `/reponses/<uuid>`; the forms post to `<href>/accepter` and `<href>/refuser` (field `reason`).
    pub href: String,
    /// Unique on the page, letters and figures: names the anchors.
    pub key: String,
    /// Who answers.
    pub who: Person,
    /// What they write.
    pub message: SafeHtml,
    /// The language of the message.
    pub lang: String,
    /// How many, for things in number, above one.
    pub quantity: Option<u32>,
    /// The date they propose, finished.
    pub proposed: Option<String>,
    /// When it arrived.
    pub sent: Stamp,
    /// Where it stands.
    pub state: ResponseState,
    /// The agreement, once accepted.
    pub agreement: Option<String>,
    /// True when the author decides at another KPA, which decides alone: no buttons here.
    pub decided_elsewhere: bool,
}

/// The dated copy of an announcement of another KPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The KPA it comes from.
    pub hub: HubTag,
    /// The original, at that KPA.
    pub original: String,
    /// When the copy was made.
    pub copied: Stamp,
}

/// A question or remark under an announcement, read by whoever reads the announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Unique on the page, letters and figures: names the anchor.
    pub key: String,
    /// Who says it.
    pub who: Person,
    /// What they say.
    pub text: SafeHtml,
    /// When.
    pub at: Stamp,
    /// True for somebody from a server outside the network: « réponse extérieure ».
    pub outside: bool,
    /// True while only the author and the team read it.
    pub waiting: bool,
}

/// How far an announcement has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// KPAs that have it.
    pub received: u32,
    /// KPAs it is meant for.
    pub total: u32,
    /// Names of those it waits for; at most 5.
    pub waiting: Vec<String>,
}

/// « D'abord mon KPA »: what comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widening {
    /// Who sees it next.
    pub next: Audience,
    /// When, finished.
    pub at: Stamp,
}

/// One announcement (`/objets/<uuid>`). Actions post to paths built on `href`: `reponses` (fields
/// `message`, `quantity`, `proposed`), `question` (field `question`), `retirer` (field `reason`),
/// `pourvu`, `elargir`, `masquer`, `suspendre`, `reprendre`; `modifier` and `signaler` are pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalPage {
    /// Its own path.
    pub href: String,
    /// Its full address, for sharing and the QR code.
    pub url: String,
    /// Offer or need.
    pub purpose: Purpose,
    /// What is exchanged.
    pub kind: Kind,
    /// Theme.
    pub category: Option<Category>,
    /// Title, cleaned.
    pub title: String,
    /// Text, safe.
    pub text: SafeHtml,
    /// Language of title and text.
    pub lang: String,
    /// Who published it; the KPA when it goes in its name.
    pub author: Person,
    /// Who entered it for the author, with consent: a name.
    pub entered_by: Option<String>,
    /// Code of the slip, for somebody without an account: `G-7K2`.
    pub slip_code: Option<String>,
    /// The copy's origin, if it belongs to another KPA.
    pub copy: Option<Copy>,
    /// Place in words.
    pub place: Option<String>,
    /// When, in words.
    pub when: Option<String>,
    /// Ways of settling.
    pub settlements: Vec<Settlement>,
    /// Finished price or hours: `12,00 €`, `2 h`.
    pub price: Option<String>,
    /// Places left, for things in number.
    pub places_left: Option<u32>,
    /// Who may see it; shown to the author.
    pub audience: Audience,
    /// True in mode `open`: a public announcement shows on other sites too.
    pub is_open_mode: bool,
    /// When it was published.
    pub published: Stamp,
    /// When it was last changed.
    pub changed: Option<Stamp>,
    /// Until when it is open.
    pub expires: Option<Stamp>,
    /// Photos of ours.
    pub photos: Vec<Photo>,
    /// Where it stands.
    pub state: ProposalState,
    /// Who reads.
    pub reader: Reader,
    /// Whether the author is asked « Encore d'actualité ? »: posts to `<href>/prolonger`.
    pub may_prolong: bool,
    /// Whether the forms that lead to an agreement ask the reader to show their number after it
    /// (fields `share_contact`, tick, and `share_asked`).
    pub asks_contact: bool,
    /// Members for whom somebody of the team may answer, by name: (value, name). Empty for others; the
    /// fields are `for_member` and `consent`.
    pub answer_for: Vec<(String, String)>,
    /// The answer form for somebody of the team who is not the author, filled as typed.
    pub team_answer: Option<Form>,
    /// Answers, for the author; oldest first.
    pub responses: Vec<Response>,
    /// How far it has come, for the author.
    pub spread: Option<Spread>,
    /// What comes next, for the author who chose « d'abord mon KPA ».
    pub widening: Option<Widening>,
    /// The QR code of the address, for the poster; see [`crate::qr::svg`].
    pub qr: Option<SafeHtml>,
    /// The next page of answers, if there are more.
    pub more_responses: Option<Link>,
    /// Questions and remarks, the oldest first.
    pub remarks: Vec<Remark>,
    /// The form of a question, for a signed-in reader; filled as typed.
    pub question: Option<Form>,
}

impl ProposalPage {
    fn is_open(&self) -> bool {
        self.state == ProposalState::Published
    }

    fn is_author(&self) -> bool {
        self.reader == Reader::Author
    }

    fn answer_for_choices(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let oneself = Choice::new("", l.into().t("answer-for-oneself"));
        let members = self
            .answer_for
            .iter()
            .map(|(id, name)| Choice::new(id, name));
        std::iter::once(oneself).chain(members).collect()
    }

    fn can_answer(&self) -> Option<&Form> {
        match &self.reader {
            Reader::Member(form) if self.is_open() => Some(form),
            Reader::Author if self.is_open() => self.team_answer.as_ref(),
            _ => None,
        }
    }

    fn my_response(&self) -> Option<&MyResponse> {
        match &self.reader {
            Reader::Answered(response) => Some(response),
            _ => None,
        }
    }

    fn silence(&self) -> Option<&str> {
        match &self.reader {
            Reader::Silent(sentence) => Some(sentence),
            _ => None,
        }
    }

    fn is_visitor(&self) -> bool {
        self.reader == Reader::Visitor
    }

    fn is_signed_in(&self) -> bool {
        !self.is_visitor()
    }

    fn sign_in_href(&self) -> String {
        format!(
            "{}?next={}",
            crate::routes::SIGN_IN,
            crate::routes::percent_encode(&self.href)
        )
    }

    fn share_text(&self, l: impl Into<Locale>) -> String {
        let l = l.into();
        format!("{}{}{}", l.t(self.purpose.key()), l.t("colon"), self.title)
    }

    fn whatsapp_href(&self, l: impl Into<Locale>) -> String {
        let l = l.into();
        let words = format!("{} {}", self.share_text(l), self.url);
        format!(
            "https://wa.me/?text={}",
            crate::routes::percent_encode(&words)
        )
    }
}

impl Page for ProposalPage {
    fn title(&self, l: Locale) -> String {
        let error = matches!(&self.reader, Reader::Member(form) if !form.is_fine())
            || self.question.as_ref().is_some_and(|form| !form.is_fine());
        let title = format!("{} ({})", self.title, l.t(self.purpose.key()));
        if error {
            l.t1("title-error", "title", title)
        } else {
            title
        }
    }

    body!(ProposalPage, "proposals/page.html");

    fn section(&self) -> Section {
        Section::Exchange
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js", "listen.js", "draft.js"]
    }

    fn twin(&self) -> Option<&str> {
        (self.copy.is_none() && self.audience == Audience::Public).then_some(self.href.as_str())
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::pages(l)
    }
}

/// « Retirer » : asks for confirmation and a reason (GET and POST `<href>/retirer`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawForm {
    /// The path of the announcement.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Answers that will be refused with the reason.
    pub open_responses: u32,
    /// Field: `reason`.
    pub form: Form,
}

impl Page for WithdrawForm {
    fn title(&self, l: Locale) -> String {
        l.t1("withdraw-title", "title", &self.title)
    }

    body!(WithdrawForm, "proposals/withdraw.html");

    fn section(&self) -> Section {
        Section::Exchange
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::withdraw()
    }
}

/// « Signaler » (GET and POST `<href>/signaler`): fields `reason` (a code), `words`, `forward`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportForm {
    /// The path of the announcement or the person.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The KPA it comes from, if another one: the report may be handed on to it.
    pub hub: Option<String>,
    /// The form.
    pub form: Form,
}

impl ReportForm {
    /// The reasons: codes of the field `reason`.
    pub const REASONS: [&'static str; 5] = ["spam", "unsafe", "hurtful", "personal_data", "other"];

    fn reasons(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        let label = |code| match code {
            "spam" => l.t("report-spam"),
            "unsafe" => l.t("report-unsafe"),
            "hurtful" => l.t("report-hurtful"),
            "personal_data" => l.t("report-personal-data"),
            _ => l.t("report-other"),
        };
        Self::REASONS
            .iter()
            .map(|code| Choice::new(*code, label(code)))
            .collect()
    }
}

impl Page for ReportForm {
    fn title(&self, l: Locale) -> String {
        l.t1("report-title", "title", &self.title)
    }

    body!(ReportForm, "proposals/report.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::report(l)
    }
}
