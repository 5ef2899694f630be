//! What waits for a member: answers to decide, exchanges to confirm or to do. For the home page,
//! for whoever of the team acts for somebody, and for programs.

use interkpa_federation::Instant;
use interkpa_federation::vocabulary::terms::AgreementState;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::agreements::commands::Whole;
use crate::features::agreements::pages::person;
use crate::features::agreements::store::{self, responses};
use crate::features::proposals;
use crate::ids::{AgreementId, MemberId, ResponseId};

/// Most answers that are looked at.
const ANSWERS_MAX: usize = 10;
/// Open proposals of one member that are looked at for answers.
const PROPOSALS_MAX: i64 = 100;

/// What a member is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// To accept or refuse an answer.
    Answer(ResponseId),
    /// To confirm or contest what the other party says.
    Confirm(AgreementId),
    /// To do what was agreed, and say so.
    Do(AgreementId),
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// What.
    pub what: What,
    /// Name of the other person.
    pub who: String,
    /// Title of the proposal.
    pub title: String,
    /// Path of the page where it is done.
    pub href: String,
    /// Since when.
    pub since: Instant,
}

/// What waits for a member, most urgent first: whoever answered waits for a yes or no, then whoever
/// says it was done, then what is still to be done.
///
/// # Errors
/// Those of the store.
pub(super) fn steps(
    app: &App,
    conn: &mut Conn,
    member: &MemberId,
) -> Result<Vec<Step>, StoreError> {
    let mut all = answers(conn, member)?;
    let (to_confirm, to_do): (Vec<Step>, Vec<Step>) = agreements(app, conn, member)?
        .into_iter()
        .partition(|step| matches!(step.what, What::Confirm(_)));
    all.extend(to_confirm);
    all.extend(to_do);
    Ok(all)
}

fn answers(conn: &mut Conn, member: &MemberId) -> Result<Vec<Step>, StoreError> {
    let open = proposals::open_of_member(conn, member, PROPOSALS_MAX)?;
    let mut steps = Vec::new();
    for answer in responses::open_among(conn, &open, ANSWERS_MAX)? {
        let Some(proposal) = proposals::find(conn, &answer.proposal)? else {
            continue;
        };
        steps.push(Step {
            href: format!("{}#answers", proposal.href()),
            what: What::Answer(answer.id),
            who: answer.name,
            title: proposal.title,
            since: answer.created_at,
        });
    }
    Ok(steps)
}

fn agreements(app: &App, conn: &mut Conn, member: &MemberId) -> Result<Vec<Step>, StoreError> {
    let mut steps = Vec::new();
    for agreement in store::unfinished_of_member(conn, member)? {
        let whole = Whole::around(conn, agreement)?;
        let Some(side) = whole.side_of(member) else {
            continue;
        };
        let id = whole.agreement.id.clone();
        if whole.standing().has_said(side) {
            continue;
        }
        let what = match whole.agreement.state {
            AgreementState::DeclaredDone => What::Confirm(id),
            AgreementState::Concluded => What::Do(id),
            _ => continue,
        };
        let other = whole.party(side.other())?;
        steps.push(Step {
            what,
            who: person(app, conn, &other.name, &other.actor_uri)?.name,
            href: whole.href(),
            title: whole.proposal.title,
            since: whole.agreement.updated_at,
        });
    }
    Ok(steps)
}
