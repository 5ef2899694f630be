//! The floor receiver (performance.md §11.3, F5): body digest, signature with a parsed key, JSON, one
//! writer that commits all that waits in one durable transaction, 202 after the commit. No rules.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use interkpa_federation::signature::{BodyDigest, digest_header};
use interkpa_server::fediverse::rsa::VerifyingKey;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::out;

diesel::table! {
    received (id) {
        id -> Text,
        actor -> Text,
        body -> Text,
        at -> BigInt,
    }
}

const TABLE: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;
    CREATE TABLE IF NOT EXISTS received (id TEXT NOT NULL PRIMARY KEY, actor TEXT NOT NULL, \
    body TEXT NOT NULL, at BIGINT NOT NULL);
    CREATE INDEX IF NOT EXISTS received_page ON received (at DESC, id DESC);";
/// Rows in one transaction.
const BATCH_MAX: usize = 256;

struct Row {
    id: String,
    actor: String,
    body: String,
    done: oneshot::Sender<bool>,
}

#[derive(Clone)]
struct Receiver {
    keys: Arc<HashMap<String, VerifyingKey>>,
    queue: mpsc::Sender<Row>,
}

pub(super) async fn serve(folder: &Path) -> Result<()> {
    let texts = std::fs::read_to_string(folder.join("keys.json"))?;
    let texts: HashMap<String, String> = serde_json::from_str(&texts)?;
    let mut keys = HashMap::new();
    for (id, pem) in texts {
        keys.insert(id, VerifyingKey::from_pem(&pem)?);
    }
    let (queue, rows) = mpsc::channel(1_024);
    let mut conn = open(folder)?;
    std::thread::spawn(move || write(&mut conn, rows));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    out::line(&listener.local_addr()?.to_string());
    let receiver = Receiver {
        keys: Arc::new(keys),
        queue,
    };
    let router = Router::new()
        .route("/inbox", post(take))
        .with_state(receiver);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Rows stored in a folder.
pub(super) fn count(folder: &Path) -> Result<i64> {
    let mut conn = open(folder)?;
    Ok(received::table
        .select(diesel::dsl::count_star())
        .first(&mut conn)?)
}

fn open(folder: &Path) -> Result<SqliteConnection> {
    let path = folder.join("floor.db");
    let path = path.to_str().context("a folder that is no text")?;
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(TABLE)?;
    Ok(conn)
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let Some(row) = verified(&receiver, &headers, &body) else {
        return StatusCode::UNAUTHORIZED;
    };
    let (done, stored) = oneshot::channel();
    let (id, actor, body) = row;
    let row = Row {
        id,
        actor,
        body,
        done,
    };
    if receiver.queue.send(row).await.is_ok() && stored.await == Ok(true) {
        StatusCode::ACCEPTED
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// Digest, signature, JSON: id, actor and text of what was said.
fn verified(
    receiver: &Receiver,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<(String, String, String)> {
    let header = |name: &str| headers.get(name)?.to_str().ok();
    if header("digest")? != digest_header(BodyDigest::of(body)) {
        return None;
    }
    let parameters: HashMap<&str, &str> = header("signature")?
        .split("\",")
        .filter_map(|part| part.split_once("=\""))
        .map(|(name, value)| (name, value.trim_end_matches('"')))
        .collect();
    let mut lines = Vec::new();
    for name in parameters.get("headers")?.split(' ') {
        lines.push(match name {
            "(request-target)" => "(request-target): post /inbox".to_owned(),
            name => format!("{name}: {}", header(name)?),
        });
    }
    let signature = STANDARD.decode(parameters.get("signature")?).ok()?;
    let key = receiver.keys.get(*parameters.get("keyId")?)?;
    if !key.verify(lines.join("\n").as_bytes(), &signature) {
        return None;
    }
    let text = std::str::from_utf8(body).ok()?;
    let activity: Value = serde_json::from_str(text).ok()?;
    let member = |name: &str| Some(activity.get(name)?.as_str()?.to_owned());
    Some((member("id")?, member("actor")?, text.to_owned()))
}

/// The one writer.
fn write(conn: &mut SqliteConnection, mut queue: mpsc::Receiver<Row>) {
    let mut waiting = Vec::with_capacity(BATCH_MAX);
    while queue.blocking_recv_many(&mut waiting, BATCH_MAX) > 0 {
        let committed = conn.immediate_transaction(|conn| {
            for row in &waiting {
                diesel::insert_into(received::table)
                    .values((
                        received::id.eq(&row.id),
                        received::actor.eq(&row.actor),
                        received::body.eq(&row.body),
                        received::at.eq(0),
                    ))
                    .on_conflict_do_nothing()
                    .execute(conn)?;
            }
            QueryResult::Ok(())
        });
        for row in waiting.drain(..) {
            // Nobody may be waiting any more.
            let _unheard = row.done.send(committed.is_ok());
        }
    }
}
