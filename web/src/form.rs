//! Forms: what was typed, what is wrong with it, and the controls that show both.
//!
//! A refused form comes back (422) with every value kept, a summary of the errors on top, and each error
//! beside its field. The server fills a [`Form`] from the request, adds problems while it parses, and
//! hands the same form to the view. Every control is drawn by `templates/_field.html`, which wires label,
//! hint and error by `for` and `aria-describedby`: a template never writes an `<input>` of its own
//! except hidden ones and buttons.
//!
//! Two hidden fields stand in each POST form (`templates/_tokens.html`): `_csrf`, the token of the
//! session, and `_once`, the idempotency token: the same `_once` twice has one effect.

use crate::locale::Locale;

mod field;
mod labels;
mod problem;

pub use field::{Choice, Field};
pub use problem::Problem;

/// One problem with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field, as in the form and in the JSON twin.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

/// The raw values of a form and what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
    note: Option<String>,
    name: Option<&'static str>,
}

impl Form {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// A form with these values, in order; a name may stand several times (boxes to tick).
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let values = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        Self {
            values,
            ..Self::default()
        }
    }

    /// The same form under a name: its fields get identifiers of their own, for a page with several forms.
    #[must_use]
    pub fn named(&self, name: &'static str) -> Self {
        Self {
            name: Some(name),
            ..self.clone()
        }
    }

    /// The identifier of a field's control, which the summary of errors links to.
    pub fn anchor(&self, field: &str) -> String {
        match self.name {
            Some(name) => format!("f-{name}-{field}"),
            None => format!("f-{field}"),
        }
    }

    /// Sets a value, replacing those of the same name; for a form filled with what is stored.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Takes every value of a name away.
    pub fn clear(&mut self, name: &str) {
        self.values.retain(|(known, _)| known != name);
    }

    /// Adds a value to a name that may have several.
    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.values.push((name.to_owned(), value.into()));
    }

    /// The first value of a name; empty if there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// The values of a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// True if this value of the name is among those given.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|known| known == value)
    }

    /// True if the name was given at all.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// Adds a problem to a field.
    pub fn refuse(&mut self, field: &str, problem: Problem) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            problem,
        });
    }

    /// A sentence above the form that is the fault of no field, such as « La page est restée ouverte trop
    /// longtemps ».
    pub fn set_note(&mut self, sentence: impl Into<String>) {
        self.note = Some(sentence.into());
    }

    /// The sentence above the form.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// True if nothing is wrong so far.
    pub fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }

    /// Every problem, in the order found.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The short name of a field, for the summary: « Prix ». The field's own name if no form uses it.
    pub(crate) fn label(field: &str, l: impl Into<Locale>) -> String {
        labels::label_key(field).map_or_else(|| field.to_owned(), |key| l.into().t(key))
    }

    /// The first problem of a field.
    pub fn error(&self, field: &str) -> Option<&Problem> {
        self.errors
            .iter()
            .find(|error| error.field == field)
            .map(|error| &error.problem)
    }

    /// A line of text.
    pub fn text<'a>(&'a self, l: impl Into<Locale>, name: &'a str, label: &'a str) -> Field<'a> {
        Field::new(self, l.into(), name, label)
    }

    /// Several lines of text.
    pub fn lines<'a>(&'a self, l: impl Into<Locale>, name: &'a str, label: &'a str) -> Field<'a> {
        Field::new(self, l.into(), name, label).lines()
    }

    /// One box to tick; its value is `1`.
    pub fn tick<'a>(&'a self, l: impl Into<Locale>, name: &'a str, label: &'a str) -> Field<'a> {
        Field::new(self, l.into(), name, label).tick()
    }

    /// One choice among a few, each a card with its icon.
    pub fn cards<'a>(
        &'a self,
        l: impl Into<Locale>,
        name: &'a str,
        label: &'a str,
        choices: &'a [Choice],
    ) -> Field<'a> {
        Field::new(self, l.into(), name, label).cards(choices)
    }

    /// Several choices among a few, each a card.
    pub fn ticks<'a>(
        &'a self,
        l: impl Into<Locale>,
        name: &'a str,
        label: &'a str,
        choices: &'a [Choice],
    ) -> Field<'a> {
        Field::new(self, l.into(), name, label).ticks(choices)
    }

    /// One choice in a list that opens.
    pub fn select<'a>(
        &'a self,
        l: impl Into<Locale>,
        name: &'a str,
        label: &'a str,
        choices: &'a [Choice],
    ) -> Field<'a> {
        Field::new(self, l.into(), name, label).select(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Problem};
    use crate::locale::Locale;

    #[test]
    fn a_refused_form_keeps_every_value_typed() {
        let mut form = Form::from_pairs([
            ("title", "Vélo"),
            ("settlement", "hours"),
            ("settlement", "gift"),
        ]);
        form.refuse("price", Problem::Required);

        assert_eq!(form.value("title"), "Vélo");
        assert!(form.holds("settlement", "gift"));
        assert!(!form.is_fine());
        assert_eq!(form.error("price"), Some(&Problem::Required));
        assert_eq!(form.error("title"), None);
    }

    #[test]
    fn two_forms_of_a_page_have_identifiers_of_their_own() {
        let form = Form::new();
        assert_eq!(form.anchor("reason"), "f-reason");
        assert_eq!(form.named("cancel").anchor("reason"), "f-cancel-reason");
    }

    #[test]
    fn setting_a_value_replaces_the_one_typed() {
        let mut form = Form::from_pairs([("title", "a"), ("title", "b")]);
        form.set("title", "c");
        assert_eq!(form.values("title").collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn every_problem_has_a_sentence_in_both_languages_and_a_code() {
        for problem in Problem::samples() {
            for locale in Locale::ALL {
                let sentence = problem.sentence(locale);
                assert!(!sentence.contains(crate::locale::MISSING), "{sentence}");
            }
            assert!(
                problem
                    .code()
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == '_')
            );
        }
    }
}
