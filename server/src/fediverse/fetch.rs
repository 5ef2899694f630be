//! What other servers publish: documents, accounts, software, pictures; and the sending of ours.
//!
//! Everything here goes through [`Client::exchange`]. A document comes back only from the address
//! it calls itself by. Not here: what it means (`interkpa_federation`), whether it is stored.

use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::nodeinfo::{self, NodeInfo};
use interkpa_federation::signature::SignatureScheme;
use interkpa_federation::webfinger::{self, Handle};
use interkpa_federation::{Instant, Origin, Uri};
use serde_json::Value;

use super::address::Reach;
use super::client::{Answer, Client, NetError, Payload, Purpose, Request, Signer};

/// A document of another server, fetched from its own address.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its `id`, equal to the address that answered.
    pub id: Uri,
    /// The whole document, an object.
    pub value: Value,
    /// When it was fetched.
    pub fetched_at: Instant,
}

/// A picture of another server, not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What the server says it is: `image/webp`, `image/jpeg` or `image/png`.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Client {
    /// Fetches an ActivityPub document, signed by the instance actor.
    ///
    /// The document's `id` must be the address that answered, after redirects. If it is another
    /// address of the same origin (a key of GoToSocial answers with its actor), that address is
    /// asked, once; then they must be equal (security.md D15, D25, D44, D50). All of it within one
    /// deadline. Failures of [`Purpose::Actor`] and [`Purpose::Key`], which strangers can cause, are
    /// remembered for a few minutes.
    ///
    /// # Errors
    /// [`NetError`]; [`NetError::Gone`] is a 410, which the caller confirms before it believes it.
    pub async fn document(&self, uri: &Uri, purpose: Purpose) -> Result<Document, NetError> {
        let remembers = matches!(purpose, Purpose::Actor | Purpose::Key);
        if remembers && self.failed_recently(uri) {
            return Err(NetError::Remembered);
        }
        let asked = tokio::time::timeout(
            self.settings().total_max,
            Box::pin(self.document_by_its_id(uri, purpose)),
        );
        let fetched = asked.await.unwrap_or(Err(NetError::TooSlow));
        if let (true, Err(error)) = (remembers, &fetched) {
            self.note_failure(uri, *error);
        }
        fetched
    }

    async fn document_by_its_id(&self, uri: &Uri, purpose: Purpose) -> Result<Document, NetError> {
        let (answered, first) = self.object(uri, purpose).await?;
        if first.id == answered {
            return Ok(first);
        }
        if first.id.origin() != answered.origin() {
            return Err(NetError::Id);
        }
        let (answered, second) = self.object(&first.id, purpose).await?;
        if second.id == answered && answered == first.id {
            return Ok(second);
        }
        Err(NetError::Id)
    }

    /// The address that answered and what it said, which may call itself by another one.
    async fn object(&self, uri: &Uri, purpose: Purpose) -> Result<(Uri, Document), NetError> {
        let answer = self.get(uri, purpose).await?;
        let value = object_of(&answer)?;
        let id = value
            .get("id")
            .and_then(Value::as_str)
            .and_then(|id| Uri::parse(id).ok())
            .ok_or(NetError::Id)?;
        let document = Document {
            id,
            value,
            fetched_at: self.now(),
        };
        Ok((answer.uri, document))
    }

    /// The address of the actor behind a handle (RFC 7033).
    ///
    /// The answer must be about that handle and name one actor on the same host
    /// ([`webfinger::read`], security.md D48). The caller then fetches the actor and compares its
    /// `preferredUsername`.
    ///
    /// # Errors
    /// [`NetError::WebFinger`] when the answer is not believed.
    pub async fn actor_of_handle(&self, handle: &Handle) -> Result<Uri, NetError> {
        let answer = self.account(handle).await?;
        webfinger::read(&answer, handle).map_err(NetError::WebFinger)
    }

    /// The page of an account's own server where it can follow `actor` (web.md §13).
    ///
    /// # Errors
    /// [`NetError::WebFinger`] when the answer is not believed or names no such page.
    pub async fn follow_page(&self, handle: &Handle, actor: &Uri) -> Result<Uri, NetError> {
        let answer = self.account(handle).await?;
        webfinger::follow_page(&answer, handle, actor).map_err(NetError::WebFinger)
    }

    /// What a server says about an account (RFC 7033).
    async fn account(&self, handle: &Handle) -> Result<Value, NetError> {
        let scheme = match self.settings().reach {
            Reach::Internet => "https",
            Reach::Loopback => "http",
        };
        let question = handle.question(scheme).map_err(NetError::WebFinger)?;
        object_of(&self.get(&question, Purpose::WebFinger).await?)
    }

    /// What a server says about its software (NodeInfo 2.1, else 2.0).
    ///
    /// The link must stay on the server that gives it (CVE-2026-62857).
    ///
    /// # Errors
    /// [`NetError`]; [`NetError::Json`] when it is no NodeInfo.
    pub async fn nodeinfo(&self, server: &Origin) -> Result<NodeInfo, NetError> {
        let index = Uri::parse(&format!("{server}/.well-known/nodeinfo"))
            .map_err(|_not_an_address| NetError::Id)?;
        let index = object_of(&self.get(&index, Purpose::NodeInfo).await?)?;
        let document = nodeinfo::choose(&index, server).ok_or(NetError::Id)?;
        let document = object_of(&self.get(&document, Purpose::NodeInfo).await?)?;
        NodeInfo::read(&document).map_err(|_refusal| NetError::Json)
    }

    /// Fetches an object of the votes, or a list of them, as it was sent: it has no `id`, its hash and
    /// its proof are for the caller to check (votes.md 4.2).
    ///
    /// # Errors
    /// [`NetError`].
    pub async fn governance(&self, uri: &Uri) -> Result<Vec<u8>, NetError> {
        let answer = self.get(uri, Purpose::Governance).await?;
        Ok(answer.body)
    }

    /// Fetches a picture, to be decoded and measured by the caller.
    ///
    /// # Errors
    /// [`NetError`].
    pub async fn picture(&self, uri: &Uri) -> Result<Picture, NetError> {
        let answer = self.get(uri, Purpose::Media).await?;
        Ok(Picture {
            content_type: answer.content_type,
            bytes: answer.body,
        })
    }

    /// Sends a document to an inbox, once, signed by `signer`.
    ///
    /// The answer has a status, whatever it is, and the wait that the server asks for: what they
    /// mean for the next attempt is `interkpa_federation::delivery`'s to say.
    ///
    /// # Errors
    /// [`NetError`] when there is no answer, or a redirect.
    pub async fn deliver(
        &self,
        inbox: &Uri,
        payload: &Payload,
        signer: &Signer,
        scheme: SignatureScheme,
    ) -> Result<Answer, NetError> {
        self.exchange(Request {
            uri: inbox,
            purpose: Purpose::Delivery,
            payload: Some(payload),
            signer,
            scheme,
        })
        .await
    }

    async fn get(&self, uri: &Uri, purpose: Purpose) -> Result<Answer, NetError> {
        self.exchange(Request {
            uri,
            purpose,
            payload: None,
            signer: self.instance(),
            scheme: SignatureScheme::Cavage,
        })
        .await
    }
}

fn object_of(answer: &Answer) -> Result<Value, NetError> {
    let value =
        strict_json(&answer.body, JsonLimits::DOCUMENT).map_err(|_refusal| NetError::Json)?;
    value.is_object().then_some(value).ok_or(NetError::Json)
}
