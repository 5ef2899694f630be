//! Proposals to JSON.

use serde_json::Value;

use super::{Attachment, Hashtag, Intent, Place, ProposalObject};
use crate::Uri;
use crate::vocabulary::delete;
use crate::vocabulary::terms::Settlement;
use crate::vocabulary::write::{Envelope, Object, activity, context_economic, title_block};

/// `Create` of a proposal.
pub fn publish(envelope: &Envelope, proposal: &ProposalObject) -> Value {
    activity(
        context_economic(),
        "Create",
        envelope,
        body(proposal).done(),
    )
    .done()
}

/// `Update` of a proposal; it needs `updated`.
pub fn change(envelope: &Envelope, proposal: &ProposalObject) -> Value {
    activity(
        context_economic(),
        "Update",
        envelope,
        body(proposal).done(),
    )
    .done()
}

/// `Delete` of a proposal: a tombstone with the kind it had.
pub fn withdraw(envelope: &Envelope, id: &Uri, kind: &str) -> Value {
    delete::delete(envelope, id, "Note", Some(kind))
}

/// The proposal as it is served at its own address.
pub fn object(proposal: &ProposalObject) -> Value {
    body(proposal).set("@context", context_economic()).done()
}

fn body(p: &ProposalObject) -> Object {
    let title = title_block(&p.title);
    let content = format!("{title}{}", p.description_html);
    let english = p
        .description_en_html
        .as_ref()
        .map(|en| format!("{title}{en}"));
    let texts = Object::default()
        .set("fr", content.as_str())
        .opt("en", english);
    Object::new("Note")
        .uri("id", &p.id)
        .set("ikpa:kind", p.purpose.note_kind())
        .set("ikpa:terms", p.kind.as_str())
        .set("purpose", p.purpose.as_str())
        .uri("attributedTo", &p.attributed_to)
        .uri("audience", &p.hub)
        .addressed(&p.to, &p.cc)
        .set("ikpa:visibility", p.visibility.as_str())
        .line("name", Some(&p.title))
        .set("content", content)
        .set("contentMap", texts.done())
        .uri("url", &p.url)
        .instant("published", p.published)
        .opt_instant("updated", p.updated)
        .opt_instant("endTime", p.expires_at)
        .opt("location", p.place.as_ref().map(Place::write))
        .line("ikpa:category", p.category.as_deref())
        .list("ikpa:rome", p.rome.iter().map(String::as_str))
        .list("ikpa:languages", p.languages.iter().map(String::as_str))
        .list("tag", p.hashtags.iter().map(Hashtag::write))
        .list("attachment", p.attachments.iter().map(Attachment::write))
        .list(
            "ikpa:settlement",
            p.settlements.iter().copied().map(Settlement::as_str),
        )
        .set("unitBased", p.unit_based)
        .set("publishes", p.primary.write())
        .one_or_list(
            "reciprocal",
            p.reciprocal.iter().map(Intent::write).collect(),
        )
}

impl Intent {
    fn write(&self) -> Value {
        Object::new("Intent")
            .uri("id", &self.id)
            .set("action", self.action.as_str())
            .opt("resourceConformsTo", self.conforms_to.as_deref())
            .set("resourceQuantity", self.quantity.write())
            .opt(
                "availableQuantity",
                self.available.map(super::Quantity::write),
            )
            .opt("minimumQuantity", self.minimum.map(super::Quantity::write))
            .opt_instant("hasBeginning", self.starts_at)
            .opt_instant("hasEnd", self.ends_at)
            .done()
    }
}

impl Place {
    pub(crate) fn write(&self) -> Value {
        Object::new("Place")
            .line("name", Some(&self.name))
            .line("ikpa:insee", self.insee.as_deref())
            .done()
    }
}

impl Hashtag {
    pub(crate) fn write(&self) -> Value {
        Object::new("Hashtag")
            .line("name", Some(&self.name))
            .opt_uri("href", self.href.as_ref())
            .done()
    }
}

impl Attachment {
    pub(crate) fn write(&self) -> Value {
        let image = self
            .media_type
            .as_deref()
            .is_some_and(|media_type| media_type.starts_with("image/"));
        Object::new(if image { "Image" } else { "Document" })
            .uri("url", &self.url)
            .opt("mediaType", self.media_type.as_deref())
            .line("name", self.name.as_deref())
            .done()
    }
}
