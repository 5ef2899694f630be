//! Proposals from JSON.

use serde_json::Value;

use super::{Attachment, Hashtag, Intent, Place, ProposalObject, RECIPROCAL_MAX};
use crate::Uri;
use crate::vocabulary::error::ParseError;
use crate::vocabulary::quantity::Quantity;
use crate::vocabulary::read::{Fields, ITEMS_MAX, owner_or};
use crate::vocabulary::recipients::Recipients;
use crate::vocabulary::terms::{Action, KindName, Purpose, Settlement, Visibility};
use crate::vocabulary::write::title_block;

impl ProposalObject {
    /// Reads the object of a `Create` or `Update` sent by `actor`.
    ///
    /// # Errors
    /// [`ParseError`] names the key.
    pub fn read(value: &Value, actor: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, "object")?;
        let id = fields.uri_needed("id")?;
        let title = fields
            .line("name")?
            .ok_or(ParseError::Missing { field: "name" })?;
        let content = fields.html("content")?.unwrap_or_default();
        let to = Recipients::read(fields.get("to"), "to")?;
        let cc = Recipients::read(fields.get("cc"), "cc")?;
        let hub = fields.uri("audience")?.unwrap_or_else(|| actor.clone());
        if hub.origin() != actor.origin() {
            return Err(ParseError::Wrong { field: "audience" });
        }
        let published = fields.instant_needed("published")?;
        let updated = fields.instant("updated")?;
        if updated.is_some_and(|updated| updated < published) {
            return Err(ParseError::Date { field: "updated" });
        }
        Ok(Self {
            purpose: fields.word_needed("purpose", Purpose::parse)?,
            kind: fields.word_needed("ikpa:terms", KindName::parse)?,
            attributed_to: owner_or(fields, actor)?,
            hub,
            visibility: visibility(fields, &to, &cc)?,
            description_html: without_title(&content, &title).to_owned(),
            description_en_html: translation(fields, "en", &title)?,
            url: fields.uri_if_good("url").unwrap_or_else(|| id.clone()),
            published,
            updated,
            expires_at: fields.instant("endTime")?,
            place: Place::read(fields)?,
            category: fields.line("ikpa:category")?,
            rome: fields.lines("ikpa:rome", ITEMS_MAX)?,
            languages: fields.lines("ikpa:languages", ITEMS_MAX)?,
            hashtags: hashtags(fields),
            attachments: attachments(fields),
            settlements: settlements(fields)?,
            unit_based: fields.flag_if_good("unitBased").unwrap_or(false),
            primary: Intent::read(
                fields
                    .get("publishes")
                    .ok_or(ParseError::Missing { field: "publishes" })?,
                "publishes",
                &id,
            )?,
            reciprocal: reciprocal(fields, &id)?,
            id,
            title,
            to,
            cc,
        })
    }
}

impl Intent {
    fn read(value: &Value, field: &'static str, proposal: &Uri) -> Result<Self, ParseError> {
        let fields = Fields::of(value, field)?;
        let id = fields.uri_needed("id")?;
        if id.without_fragment() != *proposal {
            return Err(ParseError::Wrong { field });
        }
        let quantity = |key| {
            fields
                .get(key)
                .map(|measure| Quantity::read(measure, key))
                .transpose()
        };
        Ok(Self {
            id,
            action: fields.word_needed("action", Action::parse)?,
            conforms_to: fields.line("resourceConformsTo")?,
            quantity: quantity("resourceQuantity")?.ok_or(ParseError::Missing {
                field: "resourceQuantity",
            })?,
            available: quantity("availableQuantity")?,
            minimum: quantity("minimumQuantity")?,
            starts_at: fields.instant("hasBeginning")?,
            ends_at: fields.instant("hasEnd")?,
        })
    }
}

impl Place {
    pub(crate) fn read(fields: Fields<'_>) -> Result<Option<Self>, ParseError> {
        let Some(value) = fields.get("location") else {
            return Ok(None);
        };
        let Ok(place) = Fields::of(value, "location") else {
            return Ok(None);
        };
        let insee = place.line_if_good("ikpa:insee")?;
        Ok(place.line_if_good("name")?.map(|name| Self { name, insee }))
    }
}

/// The declared visibility, never wider than the addresses say.
fn visibility(
    fields: Fields<'_>,
    to: &Recipients,
    cc: &Recipients,
) -> Result<Visibility, ParseError> {
    let addressed = if to.public || cc.public {
        Visibility::Public
    } else {
        Visibility::Network
    };
    let declared = fields.word("ikpa:visibility", Visibility::parse)?;
    Ok(declared.map_or(addressed, |declared| declared.min(addressed)))
}

fn settlements(fields: Fields<'_>) -> Result<Vec<Settlement>, ParseError> {
    let field = "ikpa:settlement";
    let words = fields.lines(field, ITEMS_MAX)?;
    let parse = |word: &String| Settlement::parse(word).ok_or(ParseError::Wrong { field });
    words.iter().map(parse).collect()
}

fn reciprocal(fields: Fields<'_>, id: &Uri) -> Result<Vec<Intent>, ParseError> {
    let items = fields.items("reciprocal");
    if items.len() > RECIPROCAL_MAX {
        return Err(ParseError::TooMany {
            field: "reciprocal",
            max: RECIPROCAL_MAX,
        });
    }
    let read = |item| Intent::read(item, "reciprocal", id);
    items.iter().map(read).collect()
}

fn translation(
    fields: Fields<'_>,
    language: &'static str,
    title: &str,
) -> Result<Option<String>, ParseError> {
    let Some(map) = fields.get("contentMap") else {
        return Ok(None);
    };
    let Ok(map) = Fields::of(map, "contentMap") else {
        return Ok(None);
    };
    let html = map.html_if_good(language)?;
    Ok(html.map(|html| without_title(&html, title).to_owned()))
}

/// The content without its first block when that repeats the title.
fn without_title<'a>(content: &'a str, title: &str) -> &'a str {
    content
        .strip_prefix(title_block(title).as_str())
        .unwrap_or(content)
}

pub(crate) fn hashtags(fields: Fields<'_>) -> Vec<Hashtag> {
    let tags = fields.items("tag").iter().take(ITEMS_MAX);
    let read = |tag: &Value| {
        let tag = Fields::of(tag, "tag").ok()?;
        if tag.type_name(|name| name == "Hashtag")? != "Hashtag" {
            return None;
        }
        let name = tag.line_if_good("name").ok()??;
        let word = name.strip_prefix('#').unwrap_or(&name);
        let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        plain.then(|| Hashtag {
            name: format!("#{word}"),
            href: tag.uri_if_good("href"),
        })
    };
    tags.filter_map(read).collect()
}

pub(crate) fn attachments(fields: Fields<'_>) -> Vec<Attachment> {
    let items = fields.items("attachment").iter().take(ITEMS_MAX);
    let read = |item: &Value| {
        let item = Fields::of(item, "attachment").ok()?;
        let url = item
            .uri_if_good("url")
            .or_else(|| item.uri_if_good("href"))?;
        Some(Attachment {
            url,
            media_type: item.line_if_good("mediaType").ok()?,
            name: item.line_if_good("name").ok()?,
        })
    };
    items.filter_map(read).collect()
}
