//! The minutes to print, and the recount that this hub makes on demand, each check in plain words.

use axum::extract::{Path, State};
use axum::response::Response;
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::verify::{self as verifier, Check, Report, Verdict};
use interkpa_web::views::votes::{CheckLine, MinutesPage, Stage, VerifyPage};
use interkpa_web::{Locale, markup};

use super::page::{incident, lines};
use super::{hash_of, head, stage, words};
use crate::app::App;
use crate::db::conn::Conn;
use crate::features::votes::view::{self, Whole};
use crate::fediverse::verify;
use crate::http::identity::Visitor;
use crate::http::{AppError, Kind, render};
use crate::moments;

/// The checks in the order told, each with the key of what it means.
const CHECKS: [(Check, &str); 8] = [
    (Check::Objects, "verify-objects"),
    (Check::Genesis, "verify-genesis"),
    (Check::Decisions, "verify-decisions"),
    (Check::Electorate, "verify-electorate"),
    (Check::Poll, "verify-poll"),
    (Check::Ballots, "verify-ballots"),
    (Check::Signatures, "verify-signatures"),
    (Check::Recount, "verify-tally"),
];

fn not_certified() -> AppError {
    AppError::new(Kind::NotFound, "not_certified")
}

/// The line that recounts a bundle on another machine.
pub(super) fn command(genesis: ObjectHash) -> String {
    format!("interkpa verify bundle.json --genesis sha256:{genesis}")
}

/// `GET /decisions/<hash>/proces-verbal`.
///
/// # Errors
/// 404 `not_certified` while there is no result, and when it no longer recounts.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let (app_in, l) = (app.clone(), visitor.locale);
    let page = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let whole = view::one(&app_in, conn, hash)?.ok_or_else(AppError::not_found)?;
            minutes(&app_in, l, &whole)
        })
        .await?;
    Ok(render::page(&app, &visitor, &page))
}

fn minutes(app: &App, l: Locale, whole: &Whole) -> Result<MinutesPage, AppError> {
    let is_over = stage(&whole.summary, app.now()) == Stage::Over;
    let certified = whole.certified.as_ref().filter(|_| is_over);
    let certified = certified.ok_or_else(not_certified)?;
    let (poll, hash) = (&whole.poll, whole.summary.hash);
    let kind = poll.question.kind();
    let faults = whole.faults.iter();
    Ok(MinutesPage {
        head: head(l, whole),
        author: markup::clean_name(&whole.summary.author),
        result: words::result(l, &poll.question, &certified.result),
        rules: words::rules(l, kind, &poll.rule, whole.electors.len()),
        voters: whole.electors.len(),
        signed: whole.electors.iter().filter(|one| one.signed).count(),
        certified: moments::in_full(l, certified.certified_at),
        lines: lines(app, l, whole)?,
        incidents: faults.map(|fault| incident(l, whole, fault)).collect(),
        value: certified.value.to_string(),
        genesis: poll.electorate.genesis.to_string(),
        command: command(poll.electorate.genesis),
        bundle: app.address(&format!("/gov/polls/{hash}/bundle.json")),
    })
}

/// `GET /decisions/<hash>/verifier`: recounts the bundle now, from its signed pieces alone.
///
/// # Errors
/// 404 `not_certified` while there is no bundle; 429 to an address that asks too often.
pub(super) async fn recount(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    if visitor.member.is_none() {
        // A recount costs the hub what it costs nobody to ask for.
        verify::charge_stranger(&app, visitor.client)?;
    }
    let (app_in, l) = (app.clone(), visitor.locale);
    let (whole, bundle) = app
        .store
        .read(move |conn| -> Result<_, AppError> { gathered(&app_in, conn, hash) })
        .await?;
    let genesis = whole.poll.electorate.genesis;
    let page = tokio::task::spawn_blocking(move || recounted(l, &whole, &bundle, genesis))
        .await
        .map_err(AppError::internal)?;
    Ok(render::page(&app, &visitor, &page))
}

fn gathered(app: &App, conn: &mut Conn, hash: ObjectHash) -> Result<(Whole, String), AppError> {
    let whole = view::one(app, conn, hash)?.ok_or_else(AppError::not_found)?;
    let bundle = view::bundle(conn, hash)?.ok_or_else(not_certified)?;
    Ok((whole, bundle.to_string()))
}

fn recounted(l: Locale, whole: &Whole, bundle: &str, genesis: ObjectHash) -> VerifyPage {
    let report =
        Bundle::parse(bundle.as_bytes()).map(|bundle| verifier::verify(&bundle, Some(genesis)));
    let verdict = report.as_ref().map_or(Verdict::Invalid, Report::verdict);
    let report = report.ok();
    let certified = report.as_ref().and_then(|report| report.certified.as_ref());
    let checks = report.as_ref().map(|report| checks(l, report));
    VerifyPage {
        head: head(l, whole),
        verdict: l.t(match verdict {
            Verdict::Valid => "verify-valid",
            Verdict::Invalid => "verify-invalid",
            Verdict::Incomplete => "verify-incomplete",
            Verdict::Conflicting => "verify-conflicting",
        }),
        result: certified.map(|(_, result)| words::result(l, &whole.poll.question, result)),
        checks: checks.unwrap_or_default(),
        genesis: genesis.to_string(),
        command: command(genesis),
    }
}

fn checks(l: Locale, report: &Report) -> Vec<CheckLine> {
    let line = |(check, key): (Check, &str)| CheckLine {
        what: l.t(key),
        faults: report
            .of(check)
            .map(|finding| render::sentence(l, Kind::Invalid, finding.code))
            .collect(),
    };
    CHECKS.into_iter().map(line).collect()
}
