//! What was typed or sent, as a proposal to be written. The same rules for the form and the API.

use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_federation::{Instant, Span};
use interkpa_web::form::{Form, Problem};
use interkpa_web::markup;
use interkpa_web::words::Category;
use unicode_normalization::UnicodeNormalization as _;

use crate::features::proposals::model::category::guess;
use crate::features::proposals::model::{LIFETIME_DAYS_MAX, LIFETIME_DEFAULT, visibility};
use crate::typed;

/// Shortest title, in characters.
pub const TITLE_MIN: u32 = 3;
/// Longest title, in characters.
pub const TITLE_MAX: u32 = 120;
/// Longest text, in characters.
pub const TEXT_MAX: u32 = 5_000;
/// Longest « quand » and longest place, in characters.
pub const LINE_MAX: u32 = 120;
/// Longest description of a photo, in characters.
pub const ALT_MAX: u32 = 200;
/// Most units of one proposal.
pub const QUANTITY_MAX: i64 = 9_999;
/// Length of the plain excerpt kept for lists, in characters.
const SUMMARY_CHARACTERS: usize = 180;

/// A proposal whose every field keeps the rules; nothing of it is stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// Offered or asked for.
    pub purpose: Purpose,
    /// What kind of agreement it leads to.
    pub kind: KindName,
    /// One line, cleaned.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// Ways of settling, at least one.
    pub settlements: Vec<Settlement>,
    /// Price of one unit, in cents.
    pub price_cents: Option<i64>,
    /// Duration of one unit, in minutes.
    pub minutes: Option<i64>,
    /// Units in all.
    pub quantity: i64,
    /// When, in the author's words.
    pub when_text: String,
    /// Commune.
    pub town: String,
    /// Theme, chosen or guessed.
    pub category: Category,
    /// How far it goes in the end.
    pub audience: Visibility,
    /// « D'abord mon KPA »: it goes there step by step.
    pub first_hub: bool,
    /// Its end.
    pub expires_at: Instant,
    /// BCP 47 language; empty when not said.
    pub lang: String,
}

/// What an edit may not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed {
    /// Offered or asked for.
    pub purpose: Purpose,
    /// What kind of agreement it leads to.
    pub kind: KindName,
    /// Units agreed upon already: the quantity never goes below them (I-01).
    pub taken: i64,
    /// The end it has now, kept when none is given.
    pub expires_at: Instant,
}

impl NewProposal {
    /// Reads a form; what is wrong is added to it and `None` answered.
    ///
    /// Fields and limits: [`interkpa_web::views::proposals::ProposalForm`], and `expires`, a day as
    /// typed, which wins over `expires_days`. `fixed` is given when an existing one is edited.
    pub fn parse(form: &mut Form, now: Instant, fixed: Option<&Fixed>) -> Option<Self> {
        let purpose = match fixed {
            Some(fixed) => Some(fixed.purpose),
            None => choice(form, "purpose", Purpose::parse),
        };
        let kind = match fixed {
            Some(fixed) => Some(fixed.kind),
            None => choice(form, "kind", KindName::parse),
        };
        let title = title(form);
        let description = description(form);
        let settlements = settlements(form);
        let price_cents = optional(form, "price", typed::cents);
        let minutes = optional(form, "minutes", typed::minutes);
        let least = fixed.map_or(1, |fixed| fixed.taken.max(1));
        let quantity = optional(form, "quantity", |text| {
            typed::whole(text, least, QUANTITY_MAX)
        });
        let when_text = line(form, "when");
        let town = line(form, "place");
        let category = optional(form, "category", |code| {
            Category::from_code(code).ok_or(Problem::UnknownChoice)
        });
        let audience = optional(form, "audience", |code| {
            Visibility::parse(code).ok_or(Problem::UnknownChoice)
        });
        let expires_at = expires(form, now, fixed);
        let lang = optional(form, "lang", language).unwrap_or_default();
        let (Some(purpose), Some(kind)) = (purpose, kind) else {
            return None;
        };
        if !form.is_fine() {
            return None;
        }
        let audience = audience.unwrap_or_else(|| visibility::default(purpose));
        Some(Self {
            category: category.unwrap_or_else(|| guess(&title, &description)),
            first_hub: !form.value("first_hub").is_empty() && visibility::leaves(audience),
            quantity: quantity.unwrap_or(least),
            purpose,
            kind,
            title,
            description,
            settlements,
            price_cents,
            minutes,
            when_text,
            town,
            audience,
            expires_at,
            lang,
        })
    }
}

/// The beginning of a plain text, for lists.
pub fn summary(plain: &str) -> String {
    markup::excerpt(plain, SUMMARY_CHARACTERS)
}

fn choice<T>(form: &mut Form, name: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
    let value = form.value(name).trim().to_owned();
    let found = parse(&value);
    if found.is_none() {
        let problem = if value.is_empty() {
            Problem::ChoiceRequired
        } else {
            Problem::UnknownChoice
        };
        form.refuse(name, problem);
    }
    found
}

fn optional<T>(
    form: &mut Form,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, Problem>,
) -> Option<T> {
    let value = form.value(name).trim().to_owned();
    if value.is_empty() {
        return None;
    }
    match parse(&value) {
        Ok(value) => Some(value),
        Err(problem) => {
            form.refuse(name, problem);
            None
        }
    }
}

fn title(form: &mut Form) -> String {
    let typed = form.value("title").to_owned();
    let length = characters(typed.trim());
    let title = markup::clean_name(&typed);
    if title.is_empty() {
        form.refuse("title", Problem::Required);
    } else if characters(&title) < TITLE_MIN {
        form.refuse("title", Problem::TooShort { min: TITLE_MIN });
    } else if length > TITLE_MAX {
        form.refuse("title", Problem::TooLong { max: TITLE_MAX });
    }
    title
}

fn line(form: &mut Form, name: &str) -> String {
    let typed = form.value(name).to_owned();
    if characters(typed.trim()) > LINE_MAX {
        form.refuse(name, Problem::TooLong { max: LINE_MAX });
    }
    markup::clean_name(&typed)
}

/// Several lines as typed: one kind of line end, composed characters, nothing around.
pub fn lines(text: &str) -> String {
    let text: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .nfc()
        .collect();
    text.trim().to_owned()
}

fn description(form: &mut Form) -> String {
    let text = lines(form.value("text"));
    if characters(&text) > TEXT_MAX {
        form.refuse("text", Problem::TooLong { max: TEXT_MAX });
    }
    text
}

/// The description of a photo, which none goes without.
pub fn photo_alt(form: &mut Form, field: &str) -> String {
    let alt = markup::clean_name(form.value(field));
    if alt.is_empty() {
        form.refuse(field, Problem::DescriptionRequired);
    } else if characters(&alt) > ALT_MAX {
        form.refuse(field, Problem::TooLong { max: ALT_MAX });
    }
    alt
}

fn settlements(form: &mut Form) -> Vec<Settlement> {
    let mut found = Vec::new();
    let mut unknown = false;
    for word in form.values("settlement") {
        match Settlement::parse(word.trim()) {
            Some(settlement) if !found.contains(&settlement) => found.push(settlement),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown {
        form.refuse("settlement", Problem::UnknownChoice);
    } else if found.is_empty() {
        form.refuse("settlement", Problem::ChoiceRequired);
    }
    found
}

fn expires(form: &mut Form, now: Instant, fixed: Option<&Fixed>) -> Instant {
    let day = optional(form, "expires", |text| {
        typed::end_of_day(text, now, LIFETIME_DAYS_MAX)
    });
    let days = optional(form, "expires_days", |text| {
        typed::whole(text, 1, i64::from(LIFETIME_DAYS_MAX))
    });
    // An end that has come is not kept: an edit is how an expired proposal lives again.
    let kept = fixed.map(|fixed| fixed.expires_at).filter(|end| *end > now);
    day.or(days.map(|days| now + Span::days(days)))
        .or(kept)
        .unwrap_or(now + LIFETIME_DEFAULT)
}

/// A language tag such as `fr`, `prs` or `pt-BR`.
fn language(tag: &str) -> Result<String, Problem> {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let well_formed = (2..=3).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && tag.len() <= 16
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    if well_formed {
        Ok(tag.to_owned())
    } else {
        Err(Problem::UnknownChoice)
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
