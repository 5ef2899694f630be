//! Our own actors to JSON: the hub, a member who opted in, the instance.

use serde_json::{Value, json};

use super::ProfileField;
use crate::multikey::PublicKey;
use crate::vocabulary::proposal::{Attachment, Place};
use crate::vocabulary::write::{Object, context_actor};
use crate::{Instant, Uri};

/// The public halves of an actor's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorKeys {
    /// RSA public key, PEM, published as `#main-key` (decision 23).
    pub rsa_pem: String,
    /// Ed25519 public key of proofs, published as `#ed25519-key`.
    pub ed25519: PublicKey,
}

/// What an actor document of ours says, whichever of the three it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalActor {
    /// Address, `/hub`, `/actor` or `/members/<uuid>`; inbox, outbox and followers hang below it.
    pub id: Uri,
    /// The name before the `@`, of `[a-z0-9_]+([.-]+[a-z0-9_]+)*`.
    pub preferred_username: String,
    /// Displayed name.
    pub name: String,
    /// Self-description, HTML.
    pub summary_html: Option<String>,
    /// Picture.
    pub icon: Option<Attachment>,
    /// Commune.
    pub place: Option<Place>,
    /// Fields of the profile, at most 50.
    pub fields: Vec<ProfileField>,
    /// Since when.
    pub published: Instant,
    /// Last change.
    pub updated: Option<Instant>,
    /// Whether search engines of the fediverse may index it (FEP-5feb).
    pub indexable: bool,
    /// Its keys.
    pub keys: ActorKeys,
}

/// The Group actor of a hub.
pub fn hub(actor: &LocalActor) -> Value {
    let origin = actor.id.origin();
    profile("Group", actor)
        .uri_text("followers", &actor.id, "/followers")
        .set("ikpa:kind", "hub")
        .set("ikpa:directory", format!("{origin}/annuaire"))
        .set("ikpa:register", format!("{origin}/kpa"))
        .set("manuallyApprovesFollowers", false)
        .set("discoverable", true)
        .set("indexable", actor.indexable)
        .done()
}

/// The Person actor of a member who opted in; `hub` lists it back.
pub fn member(actor: &LocalActor, hub: &Uri) -> Value {
    profile("Person", actor)
        .uri_text("followers", &actor.id, "/followers")
        .uri("ikpa:memberOf", hub)
        .set("manuallyApprovesFollowers", false)
        .set("discoverable", true)
        .set("indexable", actor.indexable)
        .done()
}

/// The Application actor that signs our requests; always readable unsigned (federation.md 2.7).
pub fn instance(actor: &LocalActor) -> Value {
    profile("Application", actor)
        .set("manuallyApprovesFollowers", true)
        .set(
            "implements",
            json!([{
                "name": "RFC-9421: HTTP Message Signatures",
                "href": "https://datatracker.ietf.org/doc/html/rfc9421",
            }]),
        )
        .done()
}

fn profile(type_name: &str, actor: &LocalActor) -> Object {
    let id = &actor.id;
    let origin = id.origin();
    let fields = actor.fields.iter().map(|field| {
        Object::new("PropertyValue")
            .set("name", field.name.as_str())
            .set("value", field.value_html.as_str())
            .done()
    });
    Object::new(type_name)
        .set("@context", context_actor())
        .uri("id", id)
        .set("preferredUsername", actor.preferred_username.as_str())
        .set(
            "webfinger",
            format!("{}@{}", actor.preferred_username, origin.authority()),
        )
        .set("name", actor.name.as_str())
        .opt("summary", actor.summary_html.as_deref())
        .uri("url", id)
        .uri_text("inbox", id, "/inbox")
        .uri_text("outbox", id, "/outbox")
        .set(
            "endpoints",
            json!({"sharedInbox": format!("{origin}/inbox")}),
        )
        .set(
            "publicKey",
            json!({
                "id": format!("{id}#main-key"),
                "owner": id.as_str(),
                "publicKeyPem": actor.keys.rsa_pem,
            }),
        )
        .set(
            "assertionMethod",
            json!([{
                "id": format!("{id}#ed25519-key"),
                "type": "Multikey",
                "controller": id.as_str(),
                "publicKeyMultibase": actor.keys.ed25519.to_multibase(),
            }]),
        )
        .opt("icon", actor.icon.as_ref().map(Attachment::write))
        .opt("location", actor.place.as_ref().map(Place::write))
        .list("attachment", fields)
        .instant("published", actor.published)
        .opt_instant("updated", actor.updated)
}

impl Object {
    /// An address that hangs below another.
    fn uri_text(self, key: &str, base: &Uri, path: &str) -> Self {
        self.set(key, format!("{base}{path}"))
    }
}
