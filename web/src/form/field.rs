//! One control with its label, its hint and its error.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Form;
use crate::locale::Locale;

/// One answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value sent.
    pub value: String,
    /// The finished label.
    pub label: String,
    /// A finished sentence under the label.
    pub hint: Option<String>,
    /// The icon beside the label.
    pub icon: Option<&'static str>,
}

impl Choice {
    /// A choice without hint or icon.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
            icon: None,
        }
    }

    /// With a sentence under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With an icon beside the label.
    #[must_use]
    pub fn icon(mut self, icon: &'static str) -> Self {
        self.icon = Some(icon);
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    Line(&'static str),
    Lines(u8),
    Tick,
    Cards,
    Ticks,
    Select,
    File,
}

/// Whether the field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Plain,
    Required,
    Optional,
}

/// How the label shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabelStyle {
    Plain,
    Big,
    Quiet,
}

/// A control ready to be shown: `{{ p.form.text(l, "title", "publish-what").required() }}`.
/// It knows its value and its error from the form.
#[derive(Debug, Clone, Template)]
#[template(path = "_field.html")]
pub struct Field<'a> {
    form: &'a Form,
    l: Locale,
    name: &'a str,
    label: &'a str,
    label_text: Option<&'a str>,
    hint: Option<&'a str>,
    hint_text: Option<String>,
    placeholder: Option<&'a str>,
    control: Control,
    choices: &'a [Choice],
    need: Need,
    max: Option<u32>,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    accept: Option<&'static str>,
    label_style: LabelStyle,
    dir_auto: bool,
    unit: Option<&'a str>,
}

impl HtmlSafe for Field<'_> {}

impl<'a> Field<'a> {
    pub(super) fn new(form: &'a Form, l: Locale, name: &'a str, label: &'a str) -> Self {
        Self {
            form,
            l,
            name,
            label,
            label_text: None,
            hint: None,
            hint_text: None,
            placeholder: None,
            control: Control::Line("text"),
            choices: &[],
            need: Need::Plain,
            max: None,
            autocomplete: None,
            inputmode: None,
            accept: None,
            label_style: LabelStyle::Plain,
            dir_auto: false,
            unit: None,
        }
    }

    /// A finished label, where it is what somebody wrote: an option of a vote.
    #[must_use]
    pub const fn label_text(mut self, text: &'a str) -> Self {
        self.label_text = Some(text);
        self
    }

    /// The key of a sentence under the label.
    #[must_use]
    pub fn hint(mut self, key: &'a str) -> Self {
        self.hint = Some(key);
        self
    }

    /// A finished sentence under the label.
    #[must_use]
    pub fn hint_text(mut self, text: impl Into<String>) -> Self {
        self.hint_text = Some(text.into());
        self
    }

    /// The key of an example shown in the empty field; never the only place of an instruction.
    #[must_use]
    pub fn example(mut self, key: &'a str) -> Self {
        self.placeholder = Some(key);
        self
    }

    /// The field must be filled.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    /// The label says that the field may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.need = Need::Optional;
        self
    }

    /// At most so many characters.
    #[must_use]
    pub fn max(mut self, characters: u32) -> Self {
        self.max = Some(characters);
        self
    }

    /// Written in the user's own words: its direction follows the text.
    #[must_use]
    pub fn own_words(mut self) -> Self {
        self.dir_auto = true;
        self
    }

    /// The `autocomplete` token (HTML, autofill).
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// The keyboard a phone shows: `numeric`, `decimal`, `tel`, `url`.
    #[must_use]
    pub fn keyboard(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// A line whose `type` is `kind`: `password`, `search`, `date`, `datetime-local`, `tel`, `url`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.control = Control::Line(kind);
        self
    }

    /// A file of these types.
    #[must_use]
    pub fn file(mut self, accept: &'static str) -> Self {
        self.control = Control::File;
        self.accept = Some(accept);
        self
    }

    /// A key shown after the field: « € », « h ».
    #[must_use]
    pub fn unit(mut self, key: &'a str) -> Self {
        self.unit = Some(key);
        self
    }

    /// Keeps the label for screen readers only: where a heading or an icon already says it.
    #[must_use]
    pub fn quiet_label(mut self) -> Self {
        self.label_style = LabelStyle::Quiet;
        self
    }

    /// The main question of the page.
    #[must_use]
    pub fn big(mut self) -> Self {
        self.label_style = LabelStyle::Big;
        self
    }

    /// So many lines of text.
    #[must_use]
    pub fn rows(mut self, rows: u8) -> Self {
        self.control = Control::Lines(rows);
        self
    }

    pub(super) fn lines(self) -> Self {
        self.rows(4).own_words()
    }

    pub(super) fn tick(mut self) -> Self {
        self.control = Control::Tick;
        self
    }

    pub(super) fn cards(mut self, choices: &'a [Choice]) -> Self {
        self.control = Control::Cards;
        self.choices = choices;
        self
    }

    pub(super) fn ticks(mut self, choices: &'a [Choice]) -> Self {
        self.control = Control::Ticks;
        self.choices = choices;
        self
    }

    pub(super) fn select(mut self, choices: &'a [Choice]) -> Self {
        self.control = Control::Select;
        self.choices = choices;
        self
    }

    fn id(&self) -> String {
        self.form.anchor(self.name)
    }

    fn error(&self) -> Option<String> {
        self.form
            .error(self.name)
            .map(|problem| problem.sentence(self.l))
    }

    fn hint_sentence(&self) -> Option<String> {
        self.hint_text
            .clone()
            .or_else(|| self.hint.map(|key| self.l.t(key)))
    }

    /// The ids of the hint and the error, for `aria-describedby`.
    fn described_by(&self) -> Option<String> {
        let id = self.id();
        let hint = self.hint_sentence().map(|_| format!("{id}-hint"));
        let error = self.form.error(self.name).map(|_| format!("{id}-error"));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{error} {hint}")),
            (hint, error) => hint.or(error),
        }
    }

    fn line_kind(&self) -> Option<&'static str> {
        match self.control {
            Control::Line(kind) => Some(kind),
            _ => None,
        }
    }

    fn row_count(&self) -> Option<u8> {
        match self.control {
            Control::Lines(rows) => Some(rows),
            _ => None,
        }
    }

    fn is_tick(&self) -> bool {
        self.control == Control::Tick
    }

    fn is_required(&self) -> bool {
        self.need == Need::Required
    }

    fn is_optional(&self) -> bool {
        self.need == Need::Optional
    }

    fn is_big(&self) -> bool {
        self.label_style == LabelStyle::Big
    }

    fn label_words(&self) -> String {
        self.label_text
            .map_or_else(|| self.l.t(self.label), ToOwned::to_owned)
    }

    fn hides_label(&self) -> bool {
        self.label_style == LabelStyle::Quiet
    }

    fn is_file(&self) -> bool {
        self.control == Control::File
    }

    fn is_select(&self) -> bool {
        self.control == Control::Select
    }

    /// `radio` or `checkbox` for the choices shown as cards.
    fn group(&self) -> Option<&'static str> {
        match self.control {
            Control::Cards => Some("radio"),
            Control::Ticks => Some("checkbox"),
            _ => None,
        }
    }

    fn is_radio(&self) -> bool {
        self.control == Control::Cards
    }

    /// Pictograms in a grid; choices that need a sentence stay in a list.
    fn has_pictograms(&self) -> bool {
        self.choices.iter().any(|choice| choice.icon.is_some())
            && self.choices.iter().all(|choice| choice.hint.is_none())
    }

    /// A password is never sent back to the browser.
    fn shown_value(&self) -> &str {
        if self.line_kind() == Some("password") {
            ""
        } else {
            self.form.value(self.name)
        }
    }
}
