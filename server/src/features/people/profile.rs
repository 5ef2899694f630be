//! What a member says of themselves, and who may read each line. Pure.

use std::collections::BTreeMap;

use interkpa_web::Problem;
use interkpa_web::words::Audience;

use crate::features::people::accounts::check_name;

/// Longest text about oneself and longest list of skills, in characters.
const TEXT_CHARACTERS_MAX: usize = 2_000;
/// Longest line, in characters.
const LINE_CHARACTERS_MAX: usize = 200;

/// Who may read each line of a profile; a line without a consent of its own is private (I-11).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consents(BTreeMap<String, Audience>);

impl Consents {
    /// From the stored JSON; what cannot be read grants nothing.
    pub fn stored(text: &str) -> Self {
        let words: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
        let known = words
            .into_iter()
            .filter_map(|(field, word)| Some((field, Audience::from_code(&word)?)));
        Self(known.collect())
    }

    /// As stored.
    pub fn to_stored(&self) -> String {
        let words: BTreeMap<&str, &str> = self
            .0
            .iter()
            .map(|(field, audience)| (field.as_str(), audience.code()))
            .collect();
        serde_json::json!(words).to_string()
    }

    /// Who may read a line.
    pub fn of(&self, field: &str) -> Audience {
        self.0.get(field).copied().unwrap_or(Audience::Private)
    }

    /// Sets who may read a line.
    pub fn set(&mut self, field: &str, audience: Audience) {
        self.0.insert(field.to_owned(), audience);
    }

    /// Whether members of this hub may read a line.
    pub fn lets_members_of_this_hub(&self, field: &str) -> bool {
        self.of(field) != Audience::Private
    }
}

/// A profile as its owner edits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Name people read.
    pub name: String,
    /// A few words, Markdown.
    pub about: String,
    /// One a line.
    pub skills: String,
    /// As typed: `fr, ar`.
    pub languages: String,
    /// Town or district, never finer.
    pub place: String,
    /// Telephone as dialled.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Best moment and way.
    pub contact_note: String,
    /// Whether phone and e-mail go to the other party of an agreement.
    pub after_agreement: bool,
    /// Language of the pages: `fr` or `en`.
    pub locale: String,
    /// Whether others can follow the member as a Person.
    pub public_actor: bool,
    /// Who reads what.
    pub consents: Consents,
}

/// The fields with a consent of their own.
pub const CONSENTED: [&str; 6] = interkpa_web::views::people::Profile::CONSENTED;

impl Profile {
    /// Reads what was typed, over what is stored.
    ///
    /// # Errors
    /// Each field that breaks a rule, with what is wrong.
    pub fn parse<'a>(
        text: impl Fn(&str) -> &'a str,
        stored: &Self,
    ) -> Result<Self, Vec<(&'static str, Problem)>> {
        let mut problems = Vec::new();
        let name = check_name(text("name")).unwrap_or_else(|code| {
            let problem = if code == "required" {
                Problem::Required
            } else {
                Problem::TooLong { max: 100 }
            };
            problems.push(("name", problem));
            String::new()
        });
        let mut bounded = |field: &'static str, max: usize| {
            let value = text(field).replace("\r\n", "\n");
            if value.chars().count() > max {
                let max = u32::try_from(max).unwrap_or(u32::MAX);
                problems.push((field, Problem::TooLong { max }));
            }
            value
        };
        let mut profile = Self {
            name,
            about: bounded("about", TEXT_CHARACTERS_MAX),
            skills: bounded("skills", TEXT_CHARACTERS_MAX),
            languages: bounded("languages", LINE_CHARACTERS_MAX),
            place: bounded("place", LINE_CHARACTERS_MAX),
            phone: bounded("phone", 30),
            email: bounded("email", LINE_CHARACTERS_MAX),
            contact_note: bounded("contact_note", LINE_CHARACTERS_MAX),
            after_agreement: !text("contact_after_agreement").is_empty(),
            locale: if text("lang") == "en" { "en" } else { "fr" }.to_owned(),
            public_actor: stored.public_actor,
            consents: Consents::default(),
        };
        if !profile.phone.is_empty() && !is_phone(&profile.phone) {
            problems.push(("phone", Problem::NotAPhone));
        }
        if !profile.email.is_empty() && !is_email(&profile.email) {
            problems.push(("email", Problem::NotAnEmail));
        }
        for field in CONSENTED {
            let chosen = Audience::from_code(text(&format!("consent_{field}")));
            let audience = chosen.unwrap_or(Audience::Private);
            // A telephone and an address never go beyond the network.
            let narrow = matches!(field, "phone" | "email") && audience == Audience::Public;
            let audience = if narrow { Audience::Private } else { audience };
            profile.consents.set(field, audience);
        }
        if problems.is_empty() {
            Ok(profile)
        } else {
            Err(problems)
        }
    }
}

/// Figures, spaces and the usual signs, with 4 to 15 figures (ITU-T E.164).
fn is_phone(text: &str) -> bool {
    let figures = text.chars().filter(char::is_ascii_digit).count();
    let usual =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')' | '/');
    (4..=15).contains(&figures) && text.chars().all(usual)
}

/// One `@` between two parts without spaces, a dot in the second: the rest is for the mail server.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> Profile {
        Profile {
            name: "Karima".into(),
            about: String::new(),
            skills: String::new(),
            languages: "fr".into(),
            place: String::new(),
            phone: String::new(),
            email: String::new(),
            contact_note: String::new(),
            after_agreement: true,
            locale: "fr".into(),
            public_actor: false,
            consents: Consents::default(),
        }
    }

    #[test]
    fn a_line_nobody_consented_to_is_private() {
        let consents = Consents::stored("{\"about\":\"hub\",\"place\":\"everybody\"}");

        assert_eq!(consents.of("about"), Audience::Hub);
        assert_eq!(consents.of("place"), Audience::Private);
        assert_eq!(consents.of("phone"), Audience::Private);
        assert_eq!(Consents::stored("not json"), Consents::default());
    }

    #[test]
    fn a_telephone_is_never_shown_to_everybody() {
        let typed = |field: &str| match field {
            "name" => "Karima",
            "phone" => "06 00 00 00 00",
            "consent_phone" | "consent_about" => "public",
            _ => "",
        };

        let profile = Profile::parse(typed, &nothing()).unwrap();

        assert_eq!(profile.consents.of("phone"), Audience::Private);
        assert_eq!(profile.consents.of("about"), Audience::Public);
        assert!(!profile.after_agreement, "an empty box is a no");
    }

    #[test]
    fn each_wrong_line_is_named() {
        let typed = |field: &str| match field {
            "phone" => "call me",
            "email" => "a@b@c",
            _ => "",
        };

        let problems = Profile::parse(typed, &nothing()).unwrap_err();

        let fields: Vec<_> = problems.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["name", "phone", "email"]);
    }
}
