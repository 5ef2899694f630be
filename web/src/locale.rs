//! The two languages of the interface: texts, plural rules, dates, amounts.
//!
//! Texts are Fluent files in `locales/{fr,en}/`, embedded at build time; French is the source, English is
//! complete (a test compares the keys). Fluent's own `NUMBER()` and `DATETIME()` are not localised by
//! the Rust implementation and are forbidden in the files: see [`format`] for dates and amounts.
//! No clock here: `now` is always given.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

mod format;

pub use format::{Civil, Moment, Stamp};

include!(concat!(env!("OUT_DIR"), "/locales.rs"));

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// French, the language of the source texts.
    #[default]
    Fr,
    /// English.
    En,
}

/// What is shown for a key that does not exist; the page test refuses any page that holds it.
pub const MISSING: &str = "⟦?⟧";

struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    faults: Vec<String>,
}

static FRENCH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(Locale::Fr));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(Locale::En));

impl Catalogue {
    fn load(locale: Locale) -> Self {
        let language = match locale {
            Locale::Fr => langid!("fr"),
            Locale::En => langid!("en"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks would be copied and pasted with addresses and amounts.
        bundle.set_use_isolating(false);
        let mut faults = Vec::new();
        for (code, name, text) in FILES {
            if *code != locale.code() {
                continue;
            }
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) => resource,
                Err((resource, errors)) => {
                    faults.extend(errors.iter().map(|error| format!("{code}/{name}: {error}")));
                    resource
                }
            };
            if let Err(errors) = bundle.add_resource(resource) {
                faults.extend(errors.iter().map(|error| format!("{code}/{name}: {error}")));
            }
        }
        Self { bundle, faults }
    }
}

impl Locale {
    /// Both languages, French first.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The language tag: `fr` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language's own name, for the switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }

    /// The other language, offered by the switch on every page.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// The language of a tag such as `fr`, `en-GB`; nothing for a language we do not have.
    pub fn from_code(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or(tag).trim();
        Self::ALL
            .into_iter()
            .find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// The first language we have in an `Accept-Language` header, by its weights (RFC 9110, 12.5.4).
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for part in header.split(',').take(32) {
            let (tag, weight) = match part.split_once(';') {
                None => (part, 1000),
                Some((tag, weight)) => (tag, thousandths(weight)),
            };
            let Some(locale) = Self::from_code(tag.trim()) else {
                continue;
            };
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }

    /// The text of a key.
    pub fn t(self, key: &str) -> String {
        self.look_up(key, None)
    }

    /// The text of a key with one value.
    pub fn t1(self, key: &str, name: &'static str, value: impl Argument) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value.argument());
        self.look_up(key, Some(&args))
    }

    /// The text of a key with two values.
    pub fn t2(
        self,
        key: &str,
        first: &'static str,
        first_value: impl Argument,
        second: &'static str,
        second_value: impl Argument,
    ) -> String {
        let mut args = FluentArgs::new();
        args.set(first, first_value.argument());
        args.set(second, second_value.argument());
        self.look_up(key, Some(&args))
    }

    /// True if the key has a text in this language.
    pub fn has(self, key: &str) -> bool {
        self.catalogue().bundle.has_message(key)
    }

    /// What is wrong in the files of this language: syntax errors and keys written twice. Empty in a
    /// build that passed its tests.
    pub fn faults(self) -> &'static [String] {
        &self.catalogue().faults
    }

    fn look_up(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = &self.catalogue().bundle;
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("{MISSING}{key}");
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if errors.is_empty() {
            text.into_owned()
        } else {
            format!("{MISSING}{text}")
        }
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Fr => &FRENCH,
            Self::En => &ENGLISH,
        }
    }
}

/// A weight such as `q=0.8` in thousandths; one when it cannot be read.
fn thousandths(weight: &str) -> u32 {
    let Some(value) = weight.trim().strip_prefix("q=") else {
        return 1000;
    };
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value, ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    let whole: u32 = whole.trim().parse().unwrap_or(1);
    whole
        .saturating_mul(1000)
        .saturating_add(digits.parse().unwrap_or(0))
}

/// Templates hand arguments over by reference.
impl From<&Self> for Locale {
    fn from(locale: &Self) -> Self {
        *locale
    }
}

/// A value that may be put into a text. Numbers choose the plural form; they are shown without
/// thousands separators, so amounts are passed as finished text.
pub trait Argument {
    /// The value as Fluent wants it.
    fn argument(&self) -> FluentValue<'_>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn argument(&self) -> FluentValue<'_> {
        (**self).argument()
    }
}

impl Argument for str {
    fn argument(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Argument for String {
    fn argument(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self.as_str()))
    }
}

macro_rules! number_arguments {
    ($($number:ty),*) => {$(
        impl Argument for $number {
            fn argument(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        }
    )*};
}
number_arguments!(u8, u16, u32, u64, usize, i32, i64);

#[cfg(test)]
mod tests;
