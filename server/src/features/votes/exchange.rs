//! Comparing what is held with another hub, and asking for what is missing: by GET alone, so that a
//! hub that nobody reaches still catches up. Source: votes.md 4.7.

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::{Kind, Object};
use interkpa_federation::json::{JsonLimits, strict_json};
use interkpa_federation::{Origin, Uri};
use serde_json::Value;
use tracing::debug;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::intake::{self, NotTaken, Taken};
use crate::features::votes::store::objects;

/// Most objects taken over from one hub in one comparison.
const MISSING_MAX: usize = 2_000;
/// Most pages of a list that are read.
const PAGES_MAX: usize = 40;
/// Objects of one transaction.
const BATCH: usize = 32;
/// How often what was not wanted is offered again: a list is wanted once its seal is there, and so on.
const PASSES_MAX: usize = 4;
/// Kinds in the order in which one makes the next wanted.
const ORDER: [Kind; 8] = [
    Kind::PollCancel,
    Kind::Ballot,
    Kind::Seal,
    Kind::SealList,
    Kind::Minutes,
    Kind::Reread,
    Kind::Sign,
    Kind::Value,
];

/// What is held for a poll, in one hash. Source: votes.md 4.3, `ikpa:Digest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Summary {
    /// How many objects.
    pub(super) count: u64,
    /// SHA-256 of the canonical list of their hashes.
    pub(super) digest: ObjectHash,
}

/// What this hub holds for a poll.
pub(super) fn summary(conn: &mut Conn, poll: ObjectHash) -> Result<Summary, StoreError> {
    let mut hashes: Vec<String> = vec![];
    let mut after = None;
    loop {
        let page = objects::held_hashes(conn, poll, after, None, i64::MAX)?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(*last);
        hashes.extend(page.iter().map(ToString::to_string));
    }
    let count = u64::try_from(hashes.len()).unwrap_or(u64::MAX);
    // Hexadecimal digits need no escape: this is the canonical form.
    let text = Value::from(hashes).to_string();
    Ok(Summary {
        count,
        digest: ObjectHash::of(text.as_bytes()),
    })
}

/// Asks a hub for one object; none when it does not give that very object.
pub(super) async fn fetch(app: &App, from: &Origin, hash: ObjectHash) -> Option<Object> {
    let uri = Uri::parse(&format!("{from}/gov/objects/{hash}")).ok()?;
    let bytes = match app.client.governance(&uri).await {
        Ok(bytes) => bytes,
        Err(error) => {
            debug!(%from, %hash, %error, "not fetched");
            return None;
        }
    };
    let object = Object::parse(&bytes).ok()?;
    (object.hash() == hash).then_some(object)
}

/// One entry of a list of another hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listed {
    hash: ObjectHash,
    kind: Kind,
}

/// A list of another hub, page by page; what is no entry is passed over.
async fn list(app: &App, from: &Origin, path: &str) -> Vec<Listed> {
    let mut found = vec![];
    let mut after = String::new();
    for _ in 0..PAGES_MAX {
        let mark = if path.contains('?') { '&' } else { '?' };
        let Ok(uri) = Uri::parse(&format!("{from}{path}{mark}after={after}")) else {
            break;
        };
        let Ok(bytes) = app.client.governance(&uri).await else {
            break;
        };
        let Ok(page) = strict_json(&bytes, JsonLimits::DOCUMENT) else {
            break;
        };
        let items = page.get("items").and_then(Value::as_array);
        found.extend(items.into_iter().flatten().filter_map(listed));
        match page.get("next").and_then(Value::as_str) {
            Some(next) if ObjectHash::parse(next).is_some() && found.len() < MISSING_MAX => {
                next.clone_into(&mut after);
            }
            _ => break,
        }
    }
    found
}

fn listed(item: &Value) -> Option<Listed> {
    let text = |name| item.get(name).and_then(Value::as_str);
    Some(Listed {
        hash: ObjectHash::parse(text("hash")?)?,
        kind: Kind::parse(text("kind")?)?,
    })
}

/// Takes over what another hub holds for a poll and this one does not; how many objects came.
///
/// # Errors
/// Those of the store. A hub that does not answer gives nothing.
pub(super) async fn compare(
    app: &App,
    poll: ObjectHash,
    from: &Origin,
) -> Result<usize, StoreError> {
    let own = app.store.read(move |conn| summary(conn, poll)).await?;
    if theirs(app, poll, from).await == Some(own) {
        return Ok(0);
    }
    take_over(app, poll, from, "").await
}

/// Takes over what another hub holds of one signer for a poll; none when it does not answer.
///
/// # Errors
/// Those of the store.
pub(super) async fn of_signer(
    app: &App,
    poll: ObjectHash,
    from: &Origin,
    signer: &str,
) -> Result<Option<usize>, StoreError> {
    if theirs(app, poll, from).await.is_none() {
        return Ok(None);
    }
    let taken = take_over(app, poll, from, &format!("?signer={signer}")).await?;
    Ok(Some(taken))
}

/// What another hub says that it holds for a poll.
async fn theirs(app: &App, poll: ObjectHash, from: &Origin) -> Option<Summary> {
    let uri = Uri::parse(&format!("{from}/gov/polls/{poll}/digest")).ok()?;
    let bytes = app.client.governance(&uri).await.ok()?;
    let object = Object::parse(&bytes).ok()?;
    match object.body() {
        Body::Digest(digest) if digest.poll == poll => Some(Summary {
            count: digest.count,
            digest: digest.digest,
        }),
        _ => None,
    }
}

async fn take_over(
    app: &App,
    poll: ObjectHash,
    from: &Origin,
    query: &str,
) -> Result<usize, StoreError> {
    let path = format!("/gov/polls/{poll}/objects{query}");
    let mut listed = list(app, from, &path).await;
    listed.truncate(MISSING_MAX);
    let asked: Vec<ObjectHash> = listed.iter().map(|one| one.hash).collect();
    let missing = app
        .store
        .read(move |conn| -> Result<Vec<ObjectHash>, StoreError> {
            let mut missing = vec![];
            for hash in asked {
                if !objects::is_held_for(conn, poll, hash)? {
                    missing.push(hash);
                }
            }
            Ok(missing)
        })
        .await?;
    listed.retain(|one| missing.contains(&one.hash));
    listed.sort_by_key(|one| ORDER.iter().position(|kind| *kind == one.kind));
    let mut fetched = vec![];
    for one in listed {
        fetched.extend(fetch(app, from, one.hash).await);
    }
    offer(app, from, fetched).await
}

/// Offers objects to their machines, those that were not wanted again while something new came.
async fn offer(app: &App, from: &Origin, objects: Vec<Object>) -> Result<usize, StoreError> {
    let (mut left, mut taken) = (objects, 0);
    for _ in 0..PASSES_MAX {
        let before = taken;
        let mut unwanted = vec![];
        for batch in left.chunks(BATCH) {
            let (app_in, carrier, batch) = (app.clone(), from.as_str().to_owned(), batch.to_vec());
            let done = app
                .write(move |tx| -> Result<_, StoreError> {
                    offer_batch(&app_in, tx, &carrier, batch)
                })
                .await?;
            taken += done.0;
            unwanted.extend(done.1);
        }
        left = unwanted;
        if left.is_empty() || taken == before {
            break;
        }
    }
    Ok(taken)
}

/// How many were kept, and those that nothing wanted.
fn offer_batch(
    app: &App,
    tx: &mut Conn,
    carrier: &str,
    batch: Vec<Object>,
) -> Result<(usize, Vec<Object>), StoreError> {
    let (mut taken, mut unwanted) = (0, vec![]);
    for object in batch {
        match intake::take(app, tx, app.now(), object.clone(), carrier) {
            Ok(Taken::Kept) => taken += 1,
            Ok(Taken::Ignored("not_wanted")) => unwanted.push(object),
            Ok(_) => {}
            Err(NotTaken::Refused(code)) => {
                debug!(carrier, code, hash = %object.hash(), "refused");
            }
            Err(NotTaken::Store(error)) => return Err(error),
        }
    }
    Ok((taken, unwanted))
}

/// Asks a hub for one object and takes it in; false when it does not give it.
///
/// # Errors
/// Those of the store.
pub(super) async fn pull(app: &App, from: &Origin, hash: ObjectHash) -> Result<bool, StoreError> {
    let Some(object) = fetch(app, from, hash).await else {
        return Ok(false);
    };
    let value_of = match object.body() {
        Body::Value(value) => Some(value.poll),
        _ => None,
    };
    offer(app, from, vec![object]).await?;
    if let Some(poll) = value_of {
        // A decision counts once it is certified here: its poll and all that was said in it.
        if let Some(asked) = fetch(app, from, poll).await {
            offer(app, from, vec![asked]).await?;
        }
        compare(app, poll, from).await?;
    }
    Ok(true)
}

/// Takes over the polls and statements that another hub knows and this one does not.
///
/// # Errors
/// Those of the store.
pub(super) async fn catch_up(app: &App, from: &Origin) -> Result<usize, StoreError> {
    let mut taken = 0;
    for path in ["/gov/statements", "/gov/polls"] {
        let asked: Vec<ObjectHash> = list(app, from, path)
            .await
            .iter()
            .map(|one| one.hash)
            .collect();
        let unknown = app
            .store
            .read(move |conn| -> Result<Vec<ObjectHash>, StoreError> {
                let mut unknown = vec![];
                for hash in asked {
                    if !objects::is_held(conn, hash)? {
                        unknown.push(hash);
                    }
                }
                Ok(unknown)
            })
            .await?;
        for hash in unknown.into_iter().take(MISSING_MAX) {
            if let Some(object) = fetch(app, from, hash).await {
                taken += offer(app, from, vec![object]).await?;
            }
        }
    }
    Ok(taken)
}
