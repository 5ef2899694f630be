//! What every page is, and how it becomes a string.

use askama::Template;

use crate::assets::asset;
use crate::chrome::Chrome;
use crate::locale::Locale;
use crate::markup::SafeHtml;

/// The entry of the navigation bar a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Accueil.
    Home,
    /// Entraide.
    Exchange,
    /// Publier.
    Publish,
    /// Notifications.
    Notifications,
    /// Moi.
    Me,
    /// Les KPA (in the bar of visitors).
    Hubs,
    /// None of them.
    None,
}

/// How wide the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// One column of text or one form.
    Narrow,
    /// Cards and tables.
    Wide,
}

/// A named example of a page, for the tests, the gallery and the screenshots.
#[derive(Debug, Clone)]
pub struct Sample<P> {
    /// What this example shows: `empty`, `errors`, `of a visitor`. Kebab case, unique for the page.
    pub name: &'static str,
    /// The page.
    pub page: P,
    /// True if a signed-in person looks at it.
    pub signed_in: bool,
}

impl<P> Sample<P> {
    /// The page as a signed-in member sees it.
    pub const fn member(name: &'static str, page: P) -> Self {
        Self {
            name,
            page,
            signed_in: true,
        }
    }

    /// The page as somebody without an account sees it.
    pub const fn visitor(name: &'static str, page: P) -> Self {
        Self {
            name,
            page,
            signed_in: false,
        }
    }
}

/// A page of the site. Implemented by the structs of [`crate::views`].
pub trait Page: Sized {
    /// The title: what the page is, or the result first (« Erreur — Publier »).
    fn title(&self, l: Locale) -> String;

    /// The inside of `<main>`.
    ///
    /// # Errors
    /// Writing a template to memory fails only when a value refuses to be shown; none of ours does.
    fn body(&self, l: Locale, c: &Chrome) -> askama::Result<String>;

    /// The entry of the bar it belongs to.
    fn section(&self) -> Section {
        Section::None
    }

    /// How wide it is.
    fn width(&self) -> Width {
        Width::Narrow
    }

    /// The scripts it needs beside `app.js`: names of files in `assets/`.
    fn scripts(&self) -> &'static [&'static str] {
        &[]
    }

    /// True if search engines may keep it. No page with a person's data says yes.
    fn may_be_indexed(&self) -> bool {
        false
    }

    /// The ActivityPub twin at the same address, announced with `rel="alternate"`.
    fn twin(&self) -> Option<&str> {
        None
    }

    /// Examples that show every state of the page.
    fn samples(l: Locale) -> Vec<Sample<Self>>;
}

/// The whole page as HTML.
pub fn render<P: Page>(page: &P, locale: Locale, chrome: &Chrome) -> String {
    let rendered = page.body(locale, chrome).and_then(|body| {
        let bytes = body.len() + AROUND_BYTES;
        let layout = Layout {
            l: locale,
            c: chrome,
            title: page.title(locale),
            section: page.section(),
            wide: page.width() == Width::Wide,
            scripts: page.scripts(),
            indexed: page.may_be_indexed(),
            twin: page.twin(),
            body: SafeHtml::from_template(body),
        };
        written(&layout, bytes)
    });
    // Only a value whose `Display` fails could bring us here; ours never do. A blank page would be worse.
    rendered.unwrap_or_else(|_| {
        format!(
            "<!doctype html><title>{}</title>",
            locale.t("error-500-title")
        )
    })
}

/// Room for what surrounds a body.
const AROUND_BYTES: usize = 12 * 1_024;
/// Room for a body: that of a list with 20 entries.
pub(crate) const BODY_BYTES: usize = 32 * 1_024;

/// A template as text, in a buffer that need not grow: growing one to 40 KB by doubling costs as much as
/// writing it.
pub(crate) fn written(template: &impl Template, bytes: usize) -> askama::Result<String> {
    let mut text = String::with_capacity(bytes);
    template.render_into(&mut text)?;
    Ok(text)
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'a> {
    l: Locale,
    c: &'a Chrome,
    title: String,
    section: Section,
    wide: bool,
    scripts: &'static [&'static str],
    indexed: bool,
    twin: Option<&'a str>,
    body: SafeHtml,
}

/// Writes `fn body` of [`Page`]: the template sees the view as `p`, the language as `l`, the chrome as `c`.
macro_rules! body {
    ($view:ty, $path:tt) => {
        fn body(
            &self,
            l: $crate::locale::Locale,
            c: &$crate::chrome::Chrome,
        ) -> askama::Result<String> {
            #[derive(askama::Template)]
            #[template(path = $path)]
            struct Body<'a> {
                p: &'a $view,
                l: $crate::locale::Locale,
                c: &'a $crate::chrome::Chrome,
            }
            let body = Body { p: self, l, c };
            // Not every template needs all three.
            let _ = (body.p, body.l, body.c);
            $crate::page::written(&body, $crate::page::BODY_BYTES)
        }
    };
}
pub(crate) use body;

/// An icon of the sprite, always beside a word: hidden from screen readers.
pub(crate) fn icon(name: &str) -> SafeHtml {
    SafeHtml::from_template(format!(
        "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{}#{name}\"/></svg>",
        asset("icons.svg")
    ))
}
