//! Handles and WebFinger (RFC 7033, RFC 7565, FEP-d556): parse what people type, write what others
//! ask for, believe an answer only about what was asked.

use std::fmt;

use serde_json::{Value, json};
use url::Url;

use crate::vocabulary::read::Fields;
use crate::{Origin, Uri};

/// Longest user part of a handle, in bytes.
pub const USER_BYTES_MAX: usize = 128;
/// Longest handle taken in, in bytes.
pub const HANDLE_BYTES_MAX: usize = 400;
/// Most links read of one answer.
pub const LINKS_MAX: usize = 50;

/// The type of a `self` link, as every server reads it.
pub const ACTIVITY_JSON: &str = "application/activity+json";
const LD_JSON: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";

/// An account name `user@host[:port]`: ASCII user of `[a-z0-9_]+([.-]+[a-z0-9_]+)*` in any case,
/// host in lower case and IDNA form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    user: String,
    authority: String,
}

/// Why a text is no handle, or an answer about a handle is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebfingerError {
    /// The text is not `user@host` (security.md D49).
    #[error("not an account name of the form user@host")]
    Handle,
    /// The resource asked for is not of this server.
    #[error("the resource belongs to another server")]
    Elsewhere,
    /// The answer is not a JRD.
    #[error("the answer is not a JSON resource descriptor")]
    Answer,
    /// The answer speaks about another account (security.md D48).
    #[error("the answer is about another account")]
    Subject,
    /// The answer has no usable `self` link, several, or one on another server.
    #[error("the answer does not name one actor on the same server")]
    SelfLink,
}

impl WebfingerError {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Handle => "handle_invalid",
            Self::Elsewhere => "not_found",
            Self::Answer | Self::Subject | Self::SelfLink => "webfinger_invalid",
        }
    }
}

/// What somebody asks our WebFinger about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// `acct:user@host` of this server; the user in lower case.
    Account(String),
    /// An address of this server, or its root (FEP-d556).
    Address(Uri),
}

impl Handle {
    /// Reads `user@host`, `@user@host` or `acct:user@host`.
    ///
    /// # Errors
    /// [`WebfingerError::Handle`].
    pub fn parse(text: &str) -> Result<Self, WebfingerError> {
        let error = WebfingerError::Handle;
        if text.len() > HANDLE_BYTES_MAX {
            return Err(error);
        }
        let bare = text.strip_prefix("acct:").unwrap_or(text);
        let bare = bare.strip_prefix('@').unwrap_or(bare);
        let (user, host) = bare.split_once('@').ok_or(error)?;
        if !is_user(user) {
            return Err(error);
        }
        // No character that could end the host, so that what is parsed is what was written.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(error);
        }
        let uri = Uri::parse(&format!("https://{host}/")).map_err(|_shape| error)?;
        Ok(Self {
            user: user.to_owned(),
            authority: uri.authority(),
        })
    }

    /// The handle of an actor of ours.
    ///
    /// # Errors
    /// [`WebfingerError::Handle`] when the user part is not of the form above.
    pub fn of(user: &str, origin: &Origin) -> Result<Self, WebfingerError> {
        if !is_user(user) {
            return Err(WebfingerError::Handle);
        }
        Ok(Self {
            user: user.to_owned(),
            authority: origin.authority().to_owned(),
        })
    }

    /// The part before the `@`.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Host and port.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Whether both name one account: users compare without case.
    pub fn same(&self, other: &Self) -> bool {
        self.authority == other.authority && self.user.eq_ignore_ascii_case(&other.user)
    }

    /// Whether the host has an internationalised label, which may look like another host; the
    /// page then warns and shows the ASCII form (security.md D28).
    pub fn is_confusable(&self) -> bool {
        self.authority
            .split('.')
            .any(|label| label.starts_with("xn--"))
    }

    /// The address to ask, encoded so that no part of the handle becomes a parameter.
    ///
    /// `scheme` is that of the network: `https`, or `http` in the loopback profile.
    ///
    /// # Errors
    /// [`WebfingerError::Handle`] when the host makes no address.
    pub fn question(&self, scheme: &str) -> Result<Uri, WebfingerError> {
        let base = format!("{scheme}://{}/.well-known/webfinger", self.authority);
        let mut url = Url::parse(&base).map_err(|_shape| WebfingerError::Handle)?;
        url.query_pairs_mut().append_pair("resource", &self.acct());
        Uri::from_url(url).map_err(|_shape| WebfingerError::Handle)
    }

    /// `acct:user@host`.
    pub fn acct(&self) -> String {
        format!("acct:{}@{}", self.user, self.authority)
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}@{}", self.user, self.authority)
    }
}

/// Whether a text may be the user part of a handle: what Mastodon accepts, in any case.
pub fn is_user(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let bytes = text.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    text.len() <= USER_BYTES_MAX
        && ends.iter().all(|end| end.is_some_and(|b| word(*b)))
        && bytes.iter().all(|b| word(*b) || matches!(b, b'.' | b'-'))
}

impl Resource {
    /// Reads the `resource` parameter of a question to us.
    ///
    /// # Errors
    /// [`WebfingerError::Handle`] for what is neither, [`WebfingerError::Elsewhere`] for what is not ours.
    pub fn parse(text: &str, ours: &Origin) -> Result<Self, WebfingerError> {
        if text.starts_with("https://") || text.starts_with("http://") {
            let uri = Uri::parse(text).map_err(|_shape| WebfingerError::Handle)?;
            return if uri.origin() == *ours {
                Ok(Self::Address(uri))
            } else {
                Err(WebfingerError::Elsewhere)
            };
        }
        let handle = Handle::parse(text)?;
        if handle.authority != ours.authority() {
            return Err(WebfingerError::Elsewhere);
        }
        Ok(Self::Account(handle.user.to_ascii_lowercase()))
    }
}

/// Our answer about one of our actors, as `application/jrd+json`.
///
/// `page` is the profile page for people, when there is one.
pub fn write(handle: &Handle, actor: &Uri, page: Option<&Uri>) -> Value {
    let mut links = vec![json!({"rel": "self", "type": ACTIVITY_JSON, "href": actor.as_str()})];
    if let Some(page) = page {
        links.push(json!({
            "rel": "http://webfinger.net/rel/profile-page",
            "type": "text/html",
            "href": page.as_str(),
        }));
    }
    json!({"subject": handle.acct(), "aliases": [actor.as_str()], "links": links})
}

/// The actor that an answer names for the handle that was asked.
///
/// The subject must be the handle, and the one ActivityPub `self` link must lie on its host. The
/// caller then fetches the actor and compares its `preferredUsername`.
///
/// # Errors
/// [`WebfingerError`] says what is not believed.
pub fn read(answer: &Value, asked: &Handle) -> Result<Uri, WebfingerError> {
    let fields = Fields::of(answer, "jrd").map_err(|_shape| WebfingerError::Answer)?;
    let subject = fields
        .get("subject")
        .and_then(Value::as_str)
        .ok_or(WebfingerError::Subject)?;
    let subject = Handle::parse(subject).map_err(|_shape| WebfingerError::Subject)?;
    if !subject.same(asked) {
        return Err(WebfingerError::Subject);
    }
    let links = fields.items("links").iter().take(LINKS_MAX);
    let mut actors: Vec<&str> = links.filter_map(actor_link).collect();
    actors.dedup();
    let [href] = actors.as_slice() else {
        return Err(WebfingerError::SelfLink);
    };
    let uri = Uri::parse(href).map_err(|_shape| WebfingerError::SelfLink)?;
    if uri.authority() != asked.authority {
        return Err(WebfingerError::SelfLink);
    }
    Ok(uri)
}

/// Relations under which a server names its page for following somebody: the intent of FEP-3b86,
/// then the older OStatus one.
const FOLLOW_RELATIONS: [&str; 2] = [
    "https://w3id.org/fep/3b86/Follow",
    "http://ostatus.org/schema/1.0/subscribe",
];

/// The page of an account's own server that lets it follow `actor`.
///
/// The template stands in `template` or `href`: both are read. Placeholders other than those of the
/// actor are replaced by nothing. Only an address of the scheme of `actor` is given (web.md §13).
///
/// # Errors
/// [`WebfingerError`] when the answer is about another account or names no such page.
pub fn follow_page(answer: &Value, asked: &Handle, actor: &Uri) -> Result<Uri, WebfingerError> {
    let fields = Fields::of(answer, "jrd").map_err(|_shape| WebfingerError::Answer)?;
    let subject = fields.get("subject").and_then(Value::as_str);
    let subject = subject.and_then(|subject| Handle::parse(subject).ok());
    if !subject.is_some_and(|subject| subject.same(asked)) {
        return Err(WebfingerError::Subject);
    }
    let links = fields.items("links");
    FOLLOW_RELATIONS
        .iter()
        .find_map(|relation| {
            let mut links = links.iter().take(LINKS_MAX);
            links.find_map(|link| {
                let text = |key: &str| link.get(key).and_then(Value::as_str);
                let template = text("template").or_else(|| text("href"))?;
                let filled = (text("rel") == Some(relation)).then(|| fill(template, actor))?;
                let page = Uri::parse(&filled).ok()?;
                (page.as_url().scheme() == actor.as_url().scheme()).then_some(page)
            })
        })
        .ok_or(WebfingerError::SelfLink)
}

/// Puts the actor's address, percent-encoded, in the place of `{uri}` and `{object}`.
fn fill(template: &str, actor: &Uri) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(actor.as_str().as_bytes()).collect();
    let mut filled = String::with_capacity(template.len() + encoded.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        if matches!(name, "uri" | "object") {
            filled.push_str(&encoded);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

fn actor_link(link: &Value) -> Option<&str> {
    let media_type = link.get("type")?.as_str()?;
    let is_self = link.get("rel")?.as_str()? == "self";
    let is_actor = media_type == ACTIVITY_JSON || media_type == LD_JSON;
    (is_self && is_actor).then(|| link.get("href")?.as_str())?
}

#[cfg(test)]
mod tests;
