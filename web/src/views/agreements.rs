//! Agreements: what two people agreed, how they reach each other, what was done.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::{Link, Person};
use crate::views::proposals::Copy;
use crate::words::{AgreementState, Settlement, Travel};

mod samples;

crate::words::coded! {
    /// The one thing to do now, or to wait for, as the reader sees it.
    NextStep {
        /// Agree on the day, do it, say so.
        DoIt = "do_it", "step-do-it", "hand";
        /// The other says it is done: check and confirm.
        Confirm = "confirm", "step-confirm", "check";
        /// The other has to confirm.
        Wait = "wait", "step-wait", "clock";
        /// A facilitator helps.
        Mediation = "mediation", "step-mediation", "people";
        /// Over.
        Over = "over", "step-over", "check";
        /// Called off.
        Cancelled = "cancelled", "step-cancelled", "close";
    }
}

/// What one side brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Who brings it.
    pub who: Person,
    /// What, finished: `2 h : Cours de couture`.
    pub what: String,
    /// True if it is the reader.
    pub is_mine: bool,
}

/// One way to reach the other person, which they agreed to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The icon: `phone`, `send`, `pin`.
    pub icon: &'static str,
    /// A `tel:`, `sms:`, `mailto:` or https link; nothing for words only.
    pub href: Option<String>,
    /// What is read.
    pub text: String,
}

/// One message of the private thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it.
    pub from: Person,
    /// True for the reader's own.
    pub is_mine: bool,
    /// The text, safe.
    pub text: SafeHtml,
    /// Its language.
    pub lang: String,
    /// When.
    pub at: Stamp,
    /// How far it has come, for one's own to another KPA.
    pub travel: Option<Travel>,
}

/// One fact: something that happened, as one side declared it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// A finished sentence: « Aïcha a donné 2 h à Bruno ».
    pub sentence: String,
    /// Who declared it.
    pub by: String,
    /// When it happened or was declared.
    pub at: Stamp,
}

/// A disagreement and, once there is one, its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Who does not agree.
    pub by: String,
    /// Why, plain.
    pub reason: String,
    /// Since when.
    pub opened: Stamp,
    /// How it ended, plain.
    pub outcome: Option<String>,
}

/// The forms the reader may use now. A form not offered is `None`; an offered one holds what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actions {
    /// « C'est fait »: posts to `<href>/fait`; fields `minutes`, `amount`, `quantity`, `happened_on`, `words`.
    pub declare: Option<Form>,
    /// « Je confirme »: posts to `<href>/confirmer`; no field.
    pub confirm: bool,
    /// « Je ne suis pas d'accord »: posts to `<href>/contester`; field `reason`.
    pub contest: Option<Form>,
    /// « Annuler l'accord »: posts to `<href>/annuler`; field `reason`.
    pub cancel: Option<Form>,
    /// A facilitator settles a disagreement: posts to `<href>/regler`; fields `outcome` (`confirmed` or
    /// `cancelled`), `minutes` (the right duration, in hours alone), `reason`.
    pub settle: Option<Form>,
    /// Writing to the other: posts to `<href>/messages`; field `words`.
    pub write: Option<Form>,
}

/// One agreement (`/accords/<uuid>`), for its two parties and a facilitator who mediates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementPage {
    /// Its own path.
    pub href: String,
    /// The title of the announcement, cleaned.
    pub title: String,
    /// The announcement, if it still exists.
    pub proposal: Option<String>,
    /// Where it stands.
    pub state: AgreementState,
    /// The one thing to do now, or to wait for.
    pub next_step: NextStep,
    /// Both sides.
    pub commitments: Vec<Commitment>,
    /// How it is settled.
    pub settlement: Settlement,
    /// Finished amount: `2 h`, `12,00 €`; nothing for a gift.
    pub amount: Option<String>,
    /// The date agreed on.
    pub planned: Option<Stamp>,
    /// True if the amount is in hours: asks `minutes`.
    pub in_hours: bool,
    /// The other person.
    pub other: Person,
    /// How to reach them: only once agreed, and only what they consented to.
    pub contacts: Vec<Contact>,
    /// True when the other has nobody to show: call the reception.
    pub through_reception: bool,
    /// For an agreement another KPA holds: where it lives and how old the copy is.
    pub copy: Option<Copy>,
    /// The private thread, oldest first.
    pub messages: Vec<Message>,
    /// What happened.
    pub facts: Vec<Fact>,
    /// The disagreement, if there is or was one.
    pub dispute: Option<Dispute>,
    /// For a gift: when it counts as confirmed without a word.
    pub silent_confirmation: Option<Stamp>,
    /// Every step so far, oldest first: the same shape as a fact.
    pub history: Vec<Fact>,
    /// What the reader may do.
    pub actions: Actions,
    /// The party for whom a facilitator acts: every form says so (field `for_member`).
    pub acting_for: Option<ActingFor>,
}

/// A member of this KPA for whom a facilitator acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingFor {
    /// The value of the field `for_member`.
    pub id: String,
    /// The name.
    pub name: String,
}

impl AgreementPage {
    fn outcomes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        vec![
            Choice::new("confirmed", l.t("settle-confirmed")).icon("check"),
            Choice::new("cancelled", l.t("settle-cancelled")).icon("close"),
        ]
    }

    fn forms(&self) -> impl Iterator<Item = &Form> {
        let actions = &self.actions;
        [
            &actions.declare,
            &actions.contest,
            &actions.cancel,
            &actions.settle,
            &actions.write,
        ]
        .into_iter()
        .flatten()
    }
}

impl Page for AgreementPage {
    fn title(&self, l: Locale) -> String {
        let title = l.t1("agreement-title", "title", &self.title);
        let is_fine = self.forms().all(Form::is_fine);
        if is_fine {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(AgreementPage, "agreements/page.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["draft.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::pages(l)
    }
}

/// One line of « Mes accords ».
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementLine {
    /// The agreement.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The other person.
    pub other: Person,
    /// Where it stands.
    pub state: AgreementState,
    /// True if the reader has to act.
    pub waits_for_me: bool,
    /// Last change.
    pub at: Stamp,
}

/// Mes accords (`/moi/accords`), those waiting for the reader first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementList {
    /// The lines of this page.
    pub lines: Vec<AgreementLine>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for AgreementList {
    fn title(&self, l: Locale) -> String {
        l.t("agreements-title")
    }

    body!(AgreementList, "agreements/list.html");

    fn section(&self) -> Section {
        Section::Me
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        samples::lists(l)
    }
}
