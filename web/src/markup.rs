//! What people and other servers wrote, made safe to show.
//!
//! - [`member_text`]: the small Markdown our members write.
//! - [`remote_html`]: HTML received from another server.
//! - [`clean_name`]: names, titles and labels, always plain text.
//! - [`plain_text`]: the words of either, for excerpts and reading aloud.
//!
//! The allowed elements are those Mastodon keeps (p span br a del pre code em strong b i u ul ol li
//! blockquote); no heading, no picture, no style, no class. Links go to http or https only and carry
//! `rel="nofollow noopener ugc"`. A link whose text names another host shows its real host after it.
//! This is the only module that makes [`SafeHtml`] out of foreign text.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::LazyLock;

use askama::filters::HtmlSafe;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization as _;

mod links;

/// The most bytes of a text that are read; the rest is cut at a character.
pub const TEXT_MAX: usize = 64 * 1024;
/// The most characters of a name that are kept.
pub const NAME_MAX: usize = 200;

/// HTML that may be written into a page as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// HTML written by our own templates.
    pub(crate) const fn from_template(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True if there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

const TAGS: [&str; 17] = [
    "p",
    "span",
    "br",
    "a",
    "del",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "ul",
    "ol",
    "li",
    "blockquote",
    "s",
];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "noscript",
        ]))
        .link_rel(Some("nofollow noopener ugc"))
        .strip_comments(true)
        // The serialiser leaves `<` and `>` alone inside an attribute: without them, no reader of our HTML,
        // `links` included, can be misled about where a tag ends.
        .attribute_filter(|_, attribute, value| match attribute {
            "href" => web_address(value).map(Into::into),
            _ => Some(value.into()),
        });
    builder
});

/// Keeps no element at all: made once, since making one costs as much as a short text.
static BARE: LazyLock<ammonia::Builder<'static>> = LazyLock::new(ammonia::Builder::empty);

/// An address with its scheme and host spelled out; `https:evil.example`, which a browser would accept, is
/// not one.
fn web_address(value: &str) -> Option<String> {
    let (scheme, rest) = value.trim().split_once("://")?;
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    (is_web && !rest.is_empty()).then(|| {
        value
            .trim()
            .replace('<', "%3C")
            .replace('>', "%3E")
            .replace('"', "%22")
    })
}

/// The Markdown of a member: paragraphs, emphasis, lists, quotes, code, links. Headings become bold
/// paragraphs, pictures become their description, HTML is shown as the text it is.
pub fn member_text(markdown: &str) -> SafeHtml {
    let text = cut(markdown);
    let events =
        Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
            Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
            Event::SoftBreak => Some(Event::HardBreak),
            other => Some(other),
        });
    let mut html = String::with_capacity(text.len() + text.len() / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    clean(&html)
}

/// HTML of another server, reduced to the allowed elements.
pub fn remote_html(html: &str) -> SafeHtml {
    clean(cut(html))
}

/// The words of an HTML text, without any markup: for excerpts, page descriptions and reading aloud.
pub fn plain_text(html: &SafeHtml) -> String {
    let spaced = html
        .as_str()
        .replace("<br>", "\n")
        .replace("</p>", "</p>\n")
        .replace("</li>", "</li>\n");
    let bare = BARE.clean(&spaced).to_string();
    // What turns the direction of a line, or cannot be seen, has no place in a line made of words
    // (security.md D69); joiners do, for emoji and some scripts.
    let words: String = unescape(&bare)
        .chars()
        .filter(|c| c.is_whitespace() || !is_hidden(*c) || matches!(c, '\u{200c}' | '\u{200d}'))
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, cut at a word, with « … » if something is left out.
pub fn excerpt(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(characters).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ':', '.', ' ']))
}

/// A name, a title or a label: one line, normalised to NFC, without control characters, direction
/// overrides and invisible characters, at most [`NAME_MAX`] characters. The joiners that emoji and some
/// scripts need are kept between two visible characters only.
pub fn clean_name(name: &str) -> String {
    let mut clean = String::with_capacity(name.len().min(NAME_MAX * 4));
    let mut kept = 0_usize;
    let mut joiner = None;
    for character in name.chars().take(NAME_MAX * 8).nfc() {
        match character {
            '\u{200c}' | '\u{200d}' => joiner = clean.chars().last().map(|_| character),
            c if c.is_whitespace() => {
                joiner = None;
                if !clean.is_empty() && !clean.ends_with(' ') {
                    clean.push(' ');
                    kept += 1;
                }
            }
            c if is_hidden(c) => {}
            c => {
                if let Some(joiner) = joiner.take()
                    && needs_joiner(c)
                {
                    clean.push(joiner);
                }
                clean.push(c);
                kept += 1;
            }
        }
        if kept >= NAME_MAX {
            break;
        }
    }
    clean.trim_end().to_owned()
}

/// True for characters nobody sees: controls, direction marks and overrides, zero-width characters, tags,
/// the deprecated format characters (UAX #9, UTS #39).
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Emoji, and the scripts whose letters change shape around a joiner.
fn needs_joiner(character: char) -> bool {
    matches!(character,
        '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{2190}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

/// Text made safe inside an element or a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&#60;"),
            '>' => safe.push_str("&#62;"),
            '&' => safe.push_str("&#38;"),
            '"' => safe.push_str("&#34;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Cleans any bytes as a stranger's HTML and as a member's Markdown: the entry for fuzzing. Panics nowhere;
/// both results hold only allowed elements, which the caller may check.
pub fn fuzz(bytes: &[u8]) -> (SafeHtml, SafeHtml) {
    let text = String::from_utf8_lossy(bytes);
    let name = clean_name(&text);
    debug_assert!(
        !name
            .chars()
            .any(|c| is_hidden(c) && !matches!(c, '\u{200c}' | '\u{200d}'))
    );
    (remote_html(&text), member_text(&text))
}

fn clean(html: &str) -> SafeHtml {
    SafeHtml(links::show_hosts(CLEANER.clean(html).to_string()))
}

/// At most [`TEXT_MAX`] bytes, cut between two characters.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

/// The five entities ammonia writes, back to characters.
fn unescape(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
