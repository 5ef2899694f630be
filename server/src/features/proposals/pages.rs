//! Pages of proposals: one handler for each action, reading as: who, parse, rule, write, answer.

pub mod cached;
pub mod edit;
pub mod feeds;
pub mod home;
pub mod list;
pub mod manage;
pub mod photos;
pub mod publish;
pub mod remarks;
pub mod show;

use axum::routing::{get, post};

use crate::features::people::rights::Right;
use crate::features::proposals::model::Proposal;
use crate::features::proposals::model::visibility::{Reader, may_see};
use crate::features::proposals::pictures::{draw, serve};
use crate::http::error::{AppError, Kind};
use crate::http::identity::{Identity, SignedIn};
use crate::http::route::{Access, FORM_BYTES_MAX, Route};

/// The entries of the authorisation table.
pub fn routes() -> Vec<Route> {
    use Access::{Anyone, Member};
    let may_help = Access::Right(Right::ActOnBehalf);
    let with_photo = |route: Route| route.body_bytes_max(FORM_BYTES_MAX + PHOTOS_BYTES_MAX);
    vec![
        Route::page("/", Anyone, get(home::show)),
        Route::page("/entraide", Anyone, get(list::show)),
        Route::page("/entraide.atom", Anyone, get(feeds::search)),
        Route::page("/hub.atom", Anyone, get(feeds::hub)),
        Route::page("/publier", Anyone, get(publish::form)),
        with_photo(Route::form("/publier", Member, post(publish::create))),
        Route::page(
            "/accompagner/publier-pour",
            may_help,
            get(publish::form_on_behalf),
        ),
        with_photo(Route::form(
            "/accompagner/publier-pour",
            may_help,
            post(publish::create_on_behalf),
        )),
        Route::page("/objets/{id}", Anyone, get(show::show)),
        Route::page("/objets/{id}/modifier", Member, get(edit::form)),
        with_photo(Route::form(
            "/objets/{id}/modifier",
            Member,
            post(edit::edit),
        )),
        Route::page("/objets/{id}/retirer", Member, get(manage::withdraw_form)),
        Route::form("/objets/{id}/retirer", Member, post(manage::withdraw)),
        Route::form("/objets/{id}/pourvu", Member, post(manage::fulfil)),
        Route::form("/objets/{id}/prolonger", Member, post(manage::prolong)),
        Route::form("/objets/{id}/elargir", Member, post(manage::widen)),
        Route::form("/objets/{id}/suspendre", Member, post(manage::suspend)),
        Route::form("/objets/{id}/reprendre", Member, post(manage::resume)),
        Route::form("/objets/{id}/masquer", Member, post(remarks::hide)),
        Route::page("/objets/{id}/signaler", Member, get(remarks::report_form)),
        Route::form("/objets/{id}/signaler", Member, post(remarks::report)),
        Route::form("/objets/{id}/question", Member, post(remarks::ask)),
        Route::page("/moi/annonces", Member, get(list::mine)),
        Route::page("/media/{id}", Anyone, get(serve::large)),
        Route::page("/media/{id}/petite", Anyone, get(serve::small)),
    ]
}

/// Largest photos of a form together, in bytes: what the form says, with room for their frame. The
/// setting `media.picture_bytes_max` may ask for less.
const PHOTOS_BYTES_MAX: usize = 22 << 20;

/// Who is in front of the page.
pub fn reader_of(identity: &Identity) -> Reader<'_> {
    match &identity.member {
        None => Reader::Anyone,
        Some(member) => reader(member),
    }
}

/// A member as a reader of proposals.
pub(super) fn reader(member: &SignedIn) -> Reader<'_> {
    if helps(member) {
        Reader::Team(&member.id)
    } else {
        Reader::Member(&member.id)
    }
}

/// Whether a member helps others publish or decides on reports.
fn helps(member: &SignedIn) -> bool {
    member.may(Right::ActOnBehalf) || member.may(Right::Moderate)
}

/// The proposal, if the reader may see it; what was taken back is gone only for those who could
/// have seen it.
///
/// # Errors
/// 404 `not_found`, 410 `proposal_gone`.
pub fn seen(proposal: Option<Proposal>, identity: &Identity) -> Result<Proposal, AppError> {
    use crate::features::proposals::model::State;
    let proposal = proposal.ok_or_else(AppError::not_found)?;
    if !may_see(&proposal, reader_of(identity)) {
        return Err(AppError::not_found());
    }
    if proposal.state == State::Withdrawn {
        return Err(AppError::new(Kind::Gone, "proposal_gone"));
    }
    Ok(proposal)
}

// The form tells people this limit before they choose files.
const _: () = assert!(
    interkpa_web::views::proposals::PROPOSAL_PHOTOS_BYTES_MAX < 22 << 20
        && draw::SMALL_BYTES_MAX > 0
);
