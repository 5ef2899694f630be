//! Signed inbox requests as raw bytes, made before the clock starts (performance.md §11.1, 4).

use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use interkpa_federation::signature::{
    BodyDigest, Method, OutgoingRequest, cavage_headers, cavage_signing_text,
};
use interkpa_federation::{Instant, Uri};
use serde_json::Value;

use crate::keys::Keys;
use crate::network::Network;
use crate::words::Words;

/// The activity that a hub sends when a member offers something: one of the documents that
/// `interkpa_federation` is tested with.
const OFFER: &str =
    include_str!("../../../federation/tests/it/fixtures/ours/offer_create_by_hub.json");
/// The origin it is written for.
const THEIRS: &str = "https://bobinette.example";

/// The present, for dates of documents and signatures.
pub(crate) fn now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Activities to sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// How many.
    pub(crate) count: usize,
    /// Names this batch: no two batches of a run share an id.
    pub(crate) batch: &'a str,
    /// Peers that send them in turn.
    pub(crate) peers: usize,
    /// Who says them.
    pub(crate) said_by: SaidBy<'a>,
}

/// Who says an activity.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SaidBy<'a> {
    /// The Group of each peer.
    Hubs,
    /// As many people as there are activities, under these names.
    People(&'a str),
}

/// A signed request and the activity in it.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) activity: String,
}

/// Signs the activities of a plan for the inbox of a hub, on all cores.
pub(crate) fn sign(
    network: &Network,
    keys: &Keys,
    hub: &str,
    plan: Plan<'_>,
) -> Result<Vec<Signed>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = plan.count.div_ceil(threads).max(1);
    let parts: Vec<Result<Vec<Signed>>> = thread::scope(|scope| {
        let running: Vec<_> = (0..plan.count)
            .step_by(part)
            .map(|first| {
                let places = first..(first + part).min(plan.count);
                scope.spawn(move || {
                    places
                        .map(|place| one(network, keys, hub, plan, place))
                        .collect()
                })
            })
            .collect();
        running
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow!("a thread that signs panicked")))
            })
            .collect()
    });
    let mut all = Vec::with_capacity(plan.count);
    for part in parts {
        all.extend(part?);
    }
    Ok(all)
}

/// The bytes alone, for the client.
pub(crate) fn bytes(signed: &[Signed]) -> Vec<Vec<u8>> {
    signed.iter().map(|request| request.bytes.clone()).collect()
}

fn one(network: &Network, keys: &Keys, hub: &str, plan: Plan<'_>, place: usize) -> Result<Signed> {
    let origin = network.origin(place % plan.peers.max(1));
    let actor = match plan.said_by {
        SaidBy::Hubs => format!("{origin}/hub"),
        SaidBy::People(names) => format!("{origin}/u/{names}-{place}"),
    };
    let (activity, body) = document(&origin, &actor, plan.batch, place)?;
    let target = Uri::parse(&format!("{hub}/inbox"))?;
    let key_id = Uri::parse(&format!("{actor}#main-key"))?;
    let request = OutgoingRequest {
        method: Method::Post,
        target: &target,
        date: now(),
        digest: Some(BodyDigest::of(body.as_bytes())),
        key_id: &key_id,
    };
    let signature = keys
        .of(&actor)
        .key
        .sign_pkcs1v15_sha256(cavage_signing_text(&request).as_bytes())?;
    let mut bytes = b"POST /inbox HTTP/1.1\r\n".to_vec();
    for (name, value) in cavage_headers(&request, &signature) {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    let rest = format!(
        "content-type: application/activity+json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    bytes.extend_from_slice(rest.as_bytes());
    bytes.extend_from_slice(body.as_bytes());
    Ok(Signed { bytes, activity })
}

/// Signed GETs of documents of a hub: in a network hub no stranger reads objects.
pub(crate) fn signed_get(
    network: &Network,
    keys: &Keys,
    hub: &str,
    path: &str,
    accept: &str,
) -> Result<Vec<u8>> {
    let actor = format!("{}/hub", network.origin(0));
    let target = Uri::parse(&format!("{hub}{path}"))?;
    let key_id = Uri::parse(&format!("{actor}#main-key"))?;
    let request = OutgoingRequest {
        method: Method::Get,
        target: &target,
        date: now(),
        digest: None,
        key_id: &key_id,
    };
    let signature = keys
        .of(&actor)
        .key
        .sign_pkcs1v15_sha256(cavage_signing_text(&request).as_bytes())?;
    let mut text = format!("GET {path} HTTP/1.1\r\naccept: {accept}\r\n");
    for (name, value) in cavage_headers(&request, &signature) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    Ok(text.into_bytes())
}

/// The fixture, said by another actor about another thing, with other words.
fn document(origin: &str, actor: &str, batch: &str, place: usize) -> Result<(String, String)> {
    let text = OFFER
        .replace(&format!("{THEIRS}/hub\""), &format!("{actor}\""))
        .replace(
            "0193a4f0-0102-7000-8000-000000000102",
            &format!("{batch}-{place}"),
        )
        .replace(
            "0193a4f0-0092-7000-8000-000000000092",
            &format!("{batch}-{place}"),
        )
        .replace(THEIRS, origin);
    let mut document: Value = serde_json::from_str(&text).context("the fixture")?;
    let words = Words::of(u64::try_from(place).unwrap_or(0));
    let object = document.get_mut("object").and_then(Value::as_object_mut);
    let object = object.context("the fixture has no object")?;
    object.insert("name".to_owned(), words.title.into());
    object.insert(
        "content".to_owned(),
        format!("<p>{}</p>", words.text).into(),
    );
    object.remove("contentMap");
    Ok((
        format!("{origin}/activites/{batch}-{place}"),
        document.to_string(),
    ))
}
