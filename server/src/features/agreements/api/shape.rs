//! Answers, agreements and hours as programs read them.

use serde::Serialize;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::Whole;
use crate::features::agreements::store::facts::{self, FactRow, HourFact, Speaker};
use crate::features::agreements::store::responses::Response as Answer;
use crate::features::agreements::store::{self, thread};
use crate::features::agreements::waiting::{Step, What};
use crate::ids::{AgreementId, MemberId};

/// An answer as programs read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ResponseJson {
    /// Local key.
    pub id: String,
    /// Address of its activity.
    pub uri: String,
    /// Local key of the proposal.
    pub proposal: String,
    /// Name of whoever answers.
    pub name: String,
    /// Plain text.
    pub message: String,
    /// Units.
    pub quantity: i64,
    /// How it would be settled.
    pub settlement: String,
    /// « samedi 14 h »
    pub planned: String,
    /// `sent`, `accepted`, `refused`, `cancelled`, `expired`.
    pub state: String,
    /// Reason of a refusal.
    pub reason: Option<String>,
    /// Local key of the agreement it became.
    pub agreement: Option<String>,
    /// RFC 3339.
    pub created_at: String,
}

/// A party of an agreement as its other party reads it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PartyJson {
    /// `proposer` or `responder`.
    pub side: String,
    /// Name.
    pub name: String,
    /// Address of the actor that speaks for this party.
    pub actor: String,
    /// Whether it is the reader.
    pub me: bool,
    /// Telephone, when this person shares it.
    pub phone: Option<String>,
    /// E-mail, when this person shares it.
    pub email: Option<String>,
}

/// What somebody says happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FactJson {
    /// Address.
    pub uri: String,
    /// `proposer`, `responder` or `facilitator`.
    pub by: String,
    /// What kind of thing happened.
    pub action: String,
    /// Duration, for an agreement in hours.
    pub minutes: Option<i64>,
    /// RFC 3339.
    pub happened_at: String,
    /// A few words.
    pub note: String,
}

/// One message of the private thread.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MessageJson {
    /// `proposer` or `responder`.
    pub by: String,
    /// Plain text.
    pub text: String,
    /// RFC 3339.
    pub created_at: String,
}

/// An agreement as its parties read it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AgreementJson {
    /// Local key.
    pub id: String,
    /// Address at the hub that owns it.
    pub uri: String,
    /// Path of its page here.
    pub url: String,
    /// Local key of the proposal.
    pub proposal: String,
    /// Title of the proposal.
    pub title: String,
    /// `concluded`, `declared_done`, `confirmed`, `contested`, `cancelled`.
    pub state: String,
    /// How it is settled.
    pub settlement: String,
    /// Units.
    pub quantity: i64,
    /// Agreed duration in all.
    pub minutes: Option<i64>,
    /// Price in all, in euro cents.
    pub price_cents: Option<i64>,
    /// « samedi 14 h »
    pub planned: String,
    /// Whether this hub owns it and decides.
    pub owned_here: bool,
    /// RFC 3339: age of the copy.
    pub as_of: String,
    /// Both parties.
    pub parties: Vec<PartyJson>,
    /// What was said, oldest first.
    pub facts: Vec<FactJson>,
    /// The private thread, oldest first.
    pub messages: Vec<MessageJson>,
    /// Reason of a disagreement, if there is or was one.
    pub dispute: Option<String>,
    /// How the disagreement was settled.
    pub resolution: Option<String>,
}

/// One line of « Mes heures ».
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct HoursJson {
    /// Local key of the agreement.
    pub agreement: String,
    /// Minutes: positive when given, negative when received.
    pub minutes: i64,
    /// RFC 3339.
    pub happened_at: String,
    /// Whether the line corrects an earlier one.
    pub correction: bool,
}

/// One thing that waits for a member.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WaitingJson {
    /// `decide` an answer, `confirm` what was done, `do` what was agreed.
    pub what: &'static str,
    /// Local key of the answer to decide.
    pub response: Option<String>,
    /// Local key of the agreement to confirm or to do.
    pub agreement: Option<String>,
    /// Name of the other person.
    pub who: String,
    /// Title of the proposal.
    pub title: String,
    /// RFC 3339.
    pub since: String,
}

/// One thing that waits, for programs.
pub(super) fn waiting_json(step: Step) -> WaitingJson {
    let (what, response, agreement) = match step.what {
        What::Answer(id) => ("decide", Some(id.as_str().to_owned()), None),
        What::Confirm(id) => ("confirm", None, Some(id.as_str().to_owned())),
        What::Do(id) => ("do", None, Some(id.as_str().to_owned())),
    };
    WaitingJson {
        what,
        response,
        agreement,
        who: step.who,
        title: step.title,
        since: step.since.to_rfc3339(),
    }
}

/// An answer for programs.
pub(super) fn response_json(answer: Answer, agreement: Option<AgreementId>) -> ResponseJson {
    ResponseJson {
        id: answer.id.as_str().to_owned(),
        uri: answer.uri,
        proposal: answer.proposal.as_str().to_owned(),
        name: answer.name,
        message: answer.message,
        quantity: answer.quantity,
        settlement: answer.settlement.as_str().to_owned(),
        planned: answer.planned,
        state: answer.state.as_str().to_owned(),
        reason: answer.reason,
        agreement: agreement.map(|id| id.as_str().to_owned()),
        created_at: answer.created_at.to_rfc3339(),
    }
}

/// The same, with the agreement it became.
///
/// # Errors
/// Those of the store.
pub(super) fn with_agreement(conn: &mut Conn, answer: Answer) -> Result<ResponseJson, StoreError> {
    let agreement = store::of_response(conn, &answer.id)?;
    Ok(response_json(
        answer,
        agreement.map(|agreement| agreement.id),
    ))
}

/// The agreement of a key, for a reader.
///
/// # Errors
/// Those of the store.
pub(super) fn agreement_json(
    app: &App,
    conn: &mut Conn,
    reader: &MemberId,
    id: &AgreementId,
) -> Result<AgreementJson, StoreError> {
    let whole = Whole::load(conn, id)?;
    whole_json(app, conn, reader, &whole)
}

/// The agreement for a reader: whoever settles sees no contact and no thread.
///
/// # Errors
/// Those of the store.
pub(super) fn whole_json(
    app: &App,
    conn: &mut Conn,
    reader: &MemberId,
    whole: &Whole,
) -> Result<AgreementJson, StoreError> {
    let is_party = whole.side_of(reader).is_some();
    let agreement = &whole.agreement;
    let dispute = facts::dispute(conn, &agreement.id)?;
    let thread = if is_party {
        thread::of_agreement(conn, &agreement.id)?
    } else {
        Vec::new()
    };
    let parties = whole.parties.iter().map(|party| PartyJson {
        side: party.side.as_str().to_owned(),
        name: party.name.clone(),
        actor: party.actor_uri.clone(),
        me: party.member.as_ref() == Some(reader),
        phone: party.phone.clone().filter(|_| is_party),
        email: party.email.clone().filter(|_| is_party),
    });
    Ok(AgreementJson {
        id: agreement.id.as_str().to_owned(),
        uri: agreement.uri.clone(),
        url: app.address(&whole.href()),
        proposal: agreement.proposal.as_str().to_owned(),
        title: whole.proposal.title.clone(),
        state: agreement.state.as_str().to_owned(),
        settlement: agreement.deal.settlement.as_str().to_owned(),
        quantity: agreement.deal.quantity,
        minutes: agreement.deal.minutes,
        price_cents: agreement.deal.price_cents,
        planned: agreement.planned.clone(),
        owned_here: whole.is_ours(app),
        as_of: agreement.fetched_at.to_rfc3339(),
        parties: parties.collect(),
        facts: whole.facts.iter().map(fact_json).collect(),
        messages: thread
            .into_iter()
            .map(|message| MessageJson {
                by: message.side.as_str().to_owned(),
                text: message.text,
                created_at: message.created_at.to_rfc3339(),
            })
            .collect(),
        dispute: dispute.as_ref().map(|dispute| dispute.reason.clone()),
        resolution: dispute.and_then(|dispute| dispute.resolution),
    })
}

fn fact_json(fact: &FactRow) -> FactJson {
    FactJson {
        uri: fact.uri.clone(),
        by: match fact.by {
            Speaker::Party(side) => side.as_str().to_owned(),
            Speaker::Facilitator => "facilitator".to_owned(),
        },
        action: fact.action.as_str().to_owned(),
        minutes: fact.minutes,
        happened_at: fact.happened_at.to_rfc3339(),
        note: fact.note.clone(),
    }
}

/// A line of « Mes heures » as its member reads it.
pub(super) fn hours_json(line: &HourFact, member: &MemberId) -> HoursJson {
    let given = line.giver.as_ref() == Some(member);
    HoursJson {
        agreement: line.agreement.as_str().to_owned(),
        minutes: if given { line.minutes } else { -line.minutes },
        happened_at: line.happened_at.to_rfc3339(),
        correction: line.corrects.is_some(),
    }
}
