//! Rows of facts, of the one settled fact in minutes (I-05), and of disagreements.

use diesel::prelude::*;
use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::{Action, AgreementState};

use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::per_backend::Both;
use crate::db::schema::{disputes, economic_events, hour_facts};
use crate::features::agreements::model::Side;
use crate::ids::{AgreementId, MemberId};

/// Most facts of one agreement: two words and the entries of a facilitator.
pub const FACTS_MAX: i64 = 100;
/// Lines that the totals of one member are added from: more than a life holds.
const TOTAL_LINES_MAX: i64 = 100_000;
/// Lines of one page of « Mes heures ».
pub const HOURS_PAGE_MAX: i64 = 50;

/// Who says what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// A party.
    Party(Side),
    /// A facilitator of the owner's hub, correcting.
    Facilitator,
}

impl Speaker {
    /// The word stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party(side) => side.as_str(),
            Self::Facilitator => "facilitator",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "facilitator" => Some(Self::Facilitator),
            other => Side::parse(other).map(Self::Party),
        }
    }
}

/// What somebody says happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Local key.
    pub id: String,
    /// Its address.
    pub uri: String,
    /// Of which agreement.
    pub agreement: AgreementId,
    /// Who says it.
    pub by: Speaker,
    /// What kind of thing happened.
    pub action: Action,
    /// Who gave.
    pub provider: Side,
    /// Duration, for an agreement in hours; negative in a counter-entry.
    pub minutes: Option<i64>,
    /// Units.
    pub quantity: i64,
    /// When it happened.
    pub happened_at: Instant,
    /// A few words, plain.
    pub note: String,
    /// Local key of the fact it corrects.
    pub corrects: Option<String>,
    /// JSON with its proof.
    pub document: String,
    /// When it was said.
    pub created_at: Instant,
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    String,
    Option<i64>,
    i64,
    i64,
    String,
    Option<String>,
    String,
    i64,
);

fn from_row(row: Row) -> Result<FactRow, StoreError> {
    let wrong = |what: &str| StoreError::broken(format!("fact {}: unknown {what}", row.0));
    Ok(FactRow {
        by: Speaker::parse(&row.3).ok_or_else(|| wrong("side"))?,
        action: Action::parse(&row.4).ok_or_else(|| wrong("action"))?,
        provider: Side::parse(&row.5).ok_or_else(|| wrong("provider"))?,
        id: row.0,
        uri: row.1,
        agreement: AgreementId::known(row.2),
        minutes: row.6,
        quantity: row.7,
        happened_at: Instant::from_milliseconds(row.8),
        note: row.9,
        corrects: row.10,
        document: row.11,
        created_at: Instant::from_milliseconds(row.12),
    })
}

/// Writes a fact; `false` when this party has said it before, or this very fact came before.
pub fn insert_if_new(tx: &mut Conn, fact: &FactRow) -> Result<bool, StoreError> {
    let inserted = Both(
        diesel::insert_into(economic_events::table)
            .values((
                economic_events::id.eq(&fact.id),
                economic_events::uri.eq(&fact.uri),
                economic_events::agreement_id.eq(fact.agreement.as_str()),
                economic_events::side.eq(fact.by.as_str()),
                economic_events::action.eq(fact.action.as_str()),
                economic_events::provider_side.eq(fact.provider.as_str()),
                economic_events::minutes.eq(fact.minutes),
                economic_events::quantity.eq(fact.quantity),
                economic_events::happened_at.eq(fact.happened_at.as_milliseconds()),
                economic_events::note.eq(&fact.note),
                economic_events::corrects.eq(fact.corrects.as_deref()),
                economic_events::document.eq(&fact.document),
                economic_events::created_at.eq(fact.created_at.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(inserted == 1)
}

/// The facts of an agreement, oldest first.
pub fn of_agreement(conn: &mut Conn, id: &AgreementId) -> Result<Vec<FactRow>, StoreError> {
    let rows: Vec<Row> = economic_events::table
        .filter(economic_events::agreement_id.eq(id.as_str()))
        .order((economic_events::created_at, economic_events::id))
        .limit(FACTS_MAX)
        .select(economic_events::all_columns)
        .load(conn)?;
    rows.into_iter().map(from_row).collect()
}

/// The settled fact in minutes of an agreement, and its counter-entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourFact {
    /// Local key.
    pub id: String,
    /// Of which agreement.
    pub agreement: AgreementId,
    /// Who gave, when local.
    pub giver: Option<MemberId>,
    /// Who received, when local.
    pub receiver: Option<MemberId>,
    /// Actor who gave.
    pub giver_uri: String,
    /// Actor who received.
    pub receiver_uri: String,
    /// Minutes; negative in a counter-entry.
    pub minutes: i64,
    /// When it happened.
    pub happened_at: Instant,
    /// Local key of the fact it corrects.
    pub corrects: Option<String>,
    /// When it was settled.
    pub created_at: Instant,
}

/// Writes the one settled fact of an agreement, or a counter-entry; twice is once (I-05).
pub fn settle_hours(tx: &mut Conn, fact: &HourFact) -> Result<bool, StoreError> {
    let inserted = Both(
        diesel::insert_into(hour_facts::table)
            .values((
                hour_facts::id.eq(&fact.id),
                hour_facts::agreement_id.eq(fact.agreement.as_str()),
                hour_facts::giver_member.eq(fact.giver.as_ref().map(MemberId::as_str)),
                hour_facts::receiver_member.eq(fact.receiver.as_ref().map(MemberId::as_str)),
                hour_facts::giver_uri.eq(&fact.giver_uri),
                hour_facts::receiver_uri.eq(&fact.receiver_uri),
                hour_facts::minutes.eq(fact.minutes),
                hour_facts::happened_at.eq(fact.happened_at.as_milliseconds()),
                hour_facts::corrects.eq(fact.corrects.as_deref()),
                hour_facts::created_at.eq(fact.created_at.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(inserted == 1)
}

type HourRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    i64,
    i64,
    Option<String>,
    i64,
);

fn hour_from_row(row: HourRow) -> HourFact {
    HourFact {
        id: row.0,
        agreement: AgreementId::known(row.1),
        giver: row.2.map(MemberId::known),
        receiver: row.3.map(MemberId::known),
        giver_uri: row.4,
        receiver_uri: row.5,
        minutes: row.6,
        happened_at: Instant::from_milliseconds(row.7),
        corrects: row.8,
        created_at: Instant::from_milliseconds(row.9),
    }
}

/// The settled facts of one agreement, oldest first.
pub fn hours_of_agreement(conn: &mut Conn, id: &AgreementId) -> Result<Vec<HourFact>, StoreError> {
    let rows: Vec<HourRow> = hour_facts::table
        .filter(hour_facts::agreement_id.eq(id.as_str()))
        .order((hour_facts::created_at, hour_facts::id))
        .limit(FACTS_MAX)
        .select(hour_facts::all_columns)
        .load(conn)?;
    Ok(rows.into_iter().map(hour_from_row).collect())
}

/// « Mes heures »: what a member gave or received, newest first, after a cursor of
/// (happened_at, id). Two indexed reads, merged: an OR would read the whole table.
pub fn hours_of_member(
    conn: &mut Conn,
    member: &MemberId,
    after: Option<&(Instant, String)>,
) -> Result<Vec<HourFact>, StoreError> {
    let mut all: Vec<HourFact> = Vec::new();
    for gives in [true, false] {
        let mut query = hour_facts::table
            .select(hour_facts::all_columns)
            .into_boxed();
        query = if gives {
            query.filter(hour_facts::giver_member.eq(member.as_str()))
        } else {
            query.filter(hour_facts::receiver_member.eq(member.as_str()))
        };
        if let Some((at, id)) = after {
            let at = at.as_milliseconds();
            query = query.filter(
                hour_facts::happened_at
                    .lt(at)
                    .or(hour_facts::happened_at.eq(at).and(hour_facts::id.lt(id))),
            );
        }
        let rows: Vec<HourRow> = query
            .order((hour_facts::happened_at.desc(), hour_facts::id.desc()))
            .limit(HOURS_PAGE_MAX + 1)
            .load(conn)?;
        all.extend(rows.into_iter().map(hour_from_row));
    }
    all.sort_by(|a, b| (b.happened_at, &b.id).cmp(&(a.happened_at, &a.id)));
    // Somebody who gives to oneself cannot exist, but a list never shows one line twice.
    all.dedup_by(|a, b| a.id == b.id);
    Ok(all)
}

/// Minutes a member gave and received in all, corrections included.
pub fn totals_of_member(conn: &mut Conn, member: &MemberId) -> Result<(i64, i64), StoreError> {
    // Added here: the two engines give a sum different types.
    let given: Vec<i64> = hour_facts::table
        .filter(hour_facts::giver_member.eq(member.as_str()))
        .limit(TOTAL_LINES_MAX)
        .select(hour_facts::minutes)
        .load(conn)?;
    let received: Vec<i64> = hour_facts::table
        .filter(hour_facts::receiver_member.eq(member.as_str()))
        .limit(TOTAL_LINES_MAX)
        .select(hour_facts::minutes)
        .load(conn)?;
    Ok((given.into_iter().sum(), received.into_iter().sum()))
}

/// A disagreement as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeRow {
    /// Who does not agree.
    pub opened_side: Side,
    /// Why, plain.
    pub reason: String,
    /// Since when.
    pub opened_at: Instant,
    /// How it ended.
    pub outcome: Option<AgreementState>,
    /// In words, plain.
    pub resolution: Option<String>,
    /// When it ended.
    pub resolved_at: Option<Instant>,
}

/// Opens a disagreement; open already, nothing changes.
pub fn open_dispute(
    tx: &mut Conn,
    id: &AgreementId,
    side: Side,
    reason: &str,
    now: Instant,
) -> Result<(), StoreError> {
    Both(
        diesel::insert_into(disputes::table)
            .values((
                disputes::agreement_id.eq(id.as_str()),
                disputes::opened_side.eq(side.as_str()),
                disputes::reason.eq(reason),
                disputes::opened_at.eq(now.as_milliseconds()),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(tx)?;
    Ok(())
}

/// Ends a disagreement. `by` is a facilitator of this hub, nobody for another hub's word.
pub fn resolve_dispute(
    tx: &mut Conn,
    id: &AgreementId,
    outcome: AgreementState,
    resolution: &str,
    by: Option<&MemberId>,
    now: Instant,
) -> Result<(), StoreError> {
    diesel::update(disputes::table.find(id.as_str()))
        .set((
            disputes::outcome.eq(outcome.as_str()),
            disputes::resolution.eq(resolution),
            disputes::resolved_by.eq(by.map(MemberId::as_str)),
            disputes::resolved_at.eq(now.as_milliseconds()),
        ))
        .execute(tx)?;
    Ok(())
}

/// The disagreement of an agreement, if there is or was one.
pub fn dispute(conn: &mut Conn, id: &AgreementId) -> Result<Option<DisputeRow>, StoreError> {
    type Row = (
        String,
        String,
        i64,
        Option<String>,
        Option<String>,
        Option<i64>,
    );
    let row: Option<Row> = disputes::table
        .find(id.as_str())
        .select((
            disputes::opened_side,
            disputes::reason,
            disputes::opened_at,
            disputes::outcome,
            disputes::resolution,
            disputes::resolved_at,
        ))
        .first(conn)
        .optional()?;
    let Some((side, reason, opened_at, outcome, resolution, resolved_at)) = row else {
        return Ok(None);
    };
    Ok(Some(DisputeRow {
        opened_side: Side::parse(&side)
            .ok_or_else(|| StoreError::broken(format!("dispute of {id}: unknown side")))?,
        reason,
        opened_at: Instant::from_milliseconds(opened_at),
        outcome: outcome.as_deref().and_then(AgreementState::parse),
        resolution,
        resolved_at: resolved_at.map(Instant::from_milliseconds),
    }))
}
