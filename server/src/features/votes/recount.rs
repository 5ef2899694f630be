//! Whether what is shown as certified still holds: each result is recounted from its signed originals
//! alone, with the verifier that anybody may run. Source: votes.md S13, 4.15 (`interkpa audit`).

use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::verify::{Verdict, verify};
use tracing::{error, info};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::votes::store::certificates;
use crate::features::votes::store::certificates::Certificate;
use crate::features::votes::{bundle, register};

/// Certificates recounted in one transaction.
const PAGE: i64 = 20;

/// What a recount found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounted {
    /// The poll.
    pub poll: ObjectHash,
    /// The value that is stored as certified.
    pub value: ObjectHash,
    /// Nothing when it holds; else the stable code of the first thing that does not.
    pub fault: Option<&'static str>,
}

/// Recounts every certified result of the database. What no longer holds is not shown as certified any
/// more, and what holds again is.
///
/// # Errors
/// Those of the store.
pub async fn all(app: &App) -> Result<Vec<Recounted>, StoreError> {
    let mut found = vec![];
    let mut after = None;
    loop {
        let app_in = app.clone();
        let page = app.write(move |tx| some(&app_in, tx, after)).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.value);
        found.extend(page);
    }
    let faults = found.iter().filter(|one| one.fault.is_some()).count();
    info!(certified = found.len(), faults, "results recounted");
    Ok(found)
}

fn some(app: &App, tx: &mut Conn, after: Option<ObjectHash>) -> Result<Vec<Recounted>, StoreError> {
    let genesis = register::genesis(tx)?.map(|genesis| genesis.hash());
    let mut found = vec![];
    for certificate in certificates::page(tx, after, PAGE)? {
        let fault = fault_of(tx, &certificate, genesis)?;
        if fault.is_some() != certificate.refuted_at.is_some() {
            settle(app, tx, &certificate, fault)?;
        }
        found.push(Recounted {
            poll: certificate.poll,
            value: certificate.value,
            fault,
        });
    }
    Ok(found)
}

fn fault_of(
    conn: &mut Conn,
    certificate: &Certificate,
    genesis: Option<ObjectHash>,
) -> Result<Option<&'static str>, StoreError> {
    let text = match bundle::of_poll(conn, certificate.poll) {
        Ok(Some(bundle)) => bundle.to_string(),
        Ok(None) => return Ok(Some("not_certified")),
        // An original that is gone, or that cannot be read any more.
        Err(StoreError::NotFound | StoreError::Broken(_)) => return Ok(Some("object_absent")),
        Err(error) => return Err(error),
    };
    let bundle = match Bundle::parse(text.as_bytes()) {
        Ok(bundle) => bundle,
        Err(error) => return Ok(Some(error.code())),
    };
    let report = verify(&bundle, genesis);
    if report.verdict() != Verdict::Valid {
        return Ok(report.findings.first().map(|finding| finding.code));
    }
    let same = report.certified.is_some_and(|(value, result)| {
        // By its bytes: that is what was signed.
        let recounted = result.to_json().to_string();
        value == certificate.value && recounted == certificate.result
    });
    Ok((!same).then_some("result_differs"))
}

fn settle(
    app: &App,
    tx: &mut Conn,
    certificate: &Certificate,
    fault: Option<&'static str>,
) -> Result<(), StoreError> {
    let now = app.now();
    certificates::refute(tx, certificate.value, fault.map(|_| now))?;
    if let Some(code) = fault {
        error!(poll = %certificate.poll, code, "a certified result does not recount: it is not shown as certified");
    }
    let subject = certificate.value.to_string();
    let event = Event {
        new_state: Some(fault.unwrap_or("holds")),
        ..Event::new(
            Actor::System("votes"),
            "decision_recount",
            "decision",
            &subject,
        )
    };
    audit::record(tx, &app.new_id(), now, &event)
}
