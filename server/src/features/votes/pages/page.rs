//! The page of one vote.

use axum::extract::{Path, State};
use axum::response::Response;
use interkpa_federation::governance::poll::Shown;
use interkpa_federation::governance::poll::text::{TextFormat, TextSource};
use interkpa_web::views::votes::{
    Incident, Proof, Signing, Stage, VotePage, VoterLine, WaitingBallot,
};
use interkpa_web::{Locale, SafeHtml, markup};

use super::{
    hash_of, href, hub_name, is_castable, minutes, name, one_voice, own, own_words, received,
    stage, words,
};
use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people::rights::Right;
use crate::features::votes::model::DraftState;
use crate::features::votes::register;
use crate::features::votes::view::{self, Elector, FaultRow, Whole};
use crate::http::identity::{Identity, SignedIn, Visitor};
use crate::http::{AppError, render};
use crate::moments;

/// `GET /decisions/<hash>`.
///
/// # Errors
/// 404 for a vote that is not known here.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
) -> Result<Response, AppError> {
    let hash = hash_of(&hash)?;
    let (app_in, identity) = (app.clone(), visitor.clone());
    let page = app
        .store
        .read(move |conn| -> Result<_, AppError> {
            let whole = view::one(&app_in, conn, hash)?.ok_or_else(AppError::not_found)?;
            Ok(page(&app_in, conn, &identity, &whole)?)
        })
        .await?;
    Ok(render::page(&app, &visitor, &page))
}

fn page(
    app: &App,
    conn: &mut Conn,
    identity: &Identity,
    whole: &Whole,
) -> Result<VotePage, StoreError> {
    let (l, now, poll) = (identity.locale, app.now(), &whole.poll);
    let stage = stage(&whole.summary, now);
    let member = identity.member.as_ref();
    let own_line = own(app, whole)?;
    let castable = is_castable(app, whole)?;
    let (text, text_link) = text(whole);
    let mut lines = lines(app, l, whole)?;
    lines.sort_by_key(|line| line.name.to_lowercase());
    let options = poll.question.options().iter();
    Ok(VotePage {
        href: href(whole.summary.hash),
        title: markup::clean_name(&poll.title),
        author: markup::clean_name(&whole.summary.author),
        stage,
        text,
        text_link,
        lang: poll.language.clone(),
        kind: words::kind(l, poll.question.kind()),
        options: options.map(|option| option.label.clone()).collect(),
        voters: whole.electors.len(),
        rules: words::rules(l, poll.question.kind(), &poll.rule, whole.electors.len()),
        effect: words::effect(l, poll.effect.as_ref()),
        opens: moments::in_full(l, poll.opens_at),
        closes: moments::in_full(l, poll.closes_at),
        result: result(l, whole, stage),
        signing: (stage == Stage::Closing).then(|| Signing {
            signed: whole.signatures,
            needed: whole.numbers.to_sign(),
            expected: moments::in_full(l, whole.expected_by),
        }),
        voted: lines.iter().filter(|line| line.choice.is_some()).count(),
        is_hidden: stage == Stage::Open && poll.shown == Shown::AfterClose,
        own: match member {
            Some(_) => Some(own_words(app, conn, l, whole)?),
            None => None,
        },
        has_voted: member.is_some() && own_line.is_some_and(|line| one_voice(line).is_some()),
        may_vote: castable && member.is_some_and(|member| member.may(Right::Vote)),
        waiting: match member {
            Some(member) if castable => waiting(conn, l, whole, member)?,
            _ => None,
        },
        lines,
        incidents: whole
            .faults
            .iter()
            .map(|fault| incident(l, whole, fault))
            .collect(),
        proof: proof(l, whole, stage),
    })
}

/// The text in the poll, or where it stands.
fn text(whole: &Whole) -> (SafeHtml, Option<String>) {
    match (&whole.poll.text.source, whole.poll.text.format) {
        (TextSource::Link(link), _) => {
            let is_web = link.starts_with("https://") || link.starts_with("http://");
            (SafeHtml::default(), is_web.then(|| link.clone()))
        }
        (TextSource::Body(body), TextFormat::Markdown | TextFormat::Plain) => {
            (markup::member_text(body), None)
        }
    }
}

fn result(l: Locale, whole: &Whole, stage: Stage) -> Option<String> {
    let certified = whole.certified.as_ref().filter(|_| stage == Stage::Over)?;
    Some(words::result(l, &whole.poll.question, &certified.result))
}

pub(super) fn lines(app: &App, l: Locale, whole: &Whole) -> Result<Vec<VoterLine>, StoreError> {
    let me = register::own_id(app)?;
    let line = |elector: &Elector| {
        let voice = elector.voices.first();
        let choice = match elector.voices.as_slice() {
            [] => None,
            [voice] => Some(words::voice(l, &whole.poll.question, voice)),
            _ => Some(l.t("vote-two-voices")),
        };
        VoterLine {
            name: markup::clean_name(&elector.name),
            is_own: elector.hub == me,
            choice,
            reason: one_voice(elector).and_then(|voice| voice.reason.clone()),
            mandate: one_voice(elector).map(|voice| l.t(words::mandate(voice.mandate_mode))),
            tracking: voice.map(|voice| voice.tracking_number.clone()),
            received: voice.map(|voice| received(voice, whole)),
            signed: elector.signed,
        }
    };
    Ok(whole.electors.iter().map(line).collect())
}

fn waiting(
    conn: &mut Conn,
    l: Locale,
    whole: &Whole,
    member: &SignedIn,
) -> Result<Option<WaitingBallot>, StoreError> {
    let mut drafts = whole.drafts.iter();
    let Some(draft) = drafts.find(|draft| draft.state == DraftState::Waiting) else {
        return Ok(None);
    };
    if !member.may(Right::Vote) && !member.may(Right::ConfirmVote) {
        return Ok(None);
    }
    let said =
        serde_json::from_str(&draft.choice).map_err(|error| StoreError::Broken(Box::new(error)))?;
    Ok(Some(WaitingBallot {
        href: format!("{}/confirmer/{}", href(whole.summary.hash), draft.id),
        by: name(conn, &draft.proposed_by)?,
        choice: words::choice(l, &whole.poll.question, &said),
        may_confirm: member.may(Right::ConfirmVote) && draft.proposed_by != member.id,
    }))
}

pub(super) fn incident(l: Locale, whole: &Whole, fault: &FaultRow) -> Incident {
    let key = match fault.kind.as_str() {
        "ballot" => "vote-incident-ballot",
        "seal" => "vote-incident-seal",
        _ => "vote-incident-other",
    };
    let name = markup::clean_name(&hub_name(whole, &fault.hub));
    let [one, other] = &fault.objects;
    Incident {
        sentence: l.t1(key, "hub", name),
        proofs: [one, other].map(|hash| format!("/gov/objects/{hash}")),
    }
}

fn proof(l: Locale, whole: &Whole, stage: Stage) -> Option<Proof> {
    let certified = whole.certified.as_ref().filter(|_| stage == Stage::Over)?;
    let genesis = whole.poll.electorate.genesis;
    Some(Proof {
        value: certified.value.to_string(),
        bundle: format!("/gov/polls/{}/bundle.json", whole.summary.hash),
        command: minutes::command(genesis),
        signed: whole.electors.iter().filter(|one| one.signed).count(),
        certified: moments::in_full(l, certified.certified_at),
    })
}
