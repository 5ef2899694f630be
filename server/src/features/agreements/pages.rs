//! Pages of answers, agreements and hours. A refused form comes back with what was typed (422); the
//! token of one showing makes a second tap harmless.

mod answers;
mod forms;
mod lists;
mod page;
mod waiting;

pub use answers::fill;
pub use waiting::waiting;

use axum::routing::{get, post};
use interkpa_web::form::{Form as WebForm, Problem};
use interkpa_web::routes as paths;
use interkpa_web::views::parts::Person;

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::people::rights::Right;
use crate::fediverse::audience;
use crate::http::{Access, Route};

/// The entries of the authorisation table.
pub(super) fn routes() -> Vec<Route> {
    let (member, acts) = (Access::Member, Access::Right(Right::ActOnBehalf));
    vec![
        Route::form("/objets/{id}/reponses", member, post(answers::respond)),
        Route::form("/reponses/{id}/accepter", member, post(answers::accept)),
        Route::form("/reponses/{id}/refuser", member, post(answers::refuse)),
        Route::form("/reponses/{id}/annuler", member, post(answers::take_back)),
        Route::page("/moi/reponses", member, get(lists::responses)),
        Route::page("/moi/accords", member, get(lists::agreements)),
        Route::page("/temps", member, get(lists::hours)),
        Route::page(paths::ACT_FOR, acts, get(waiting::act_for)),
        Route::page("/accords/{id}", member, get(page::show)),
        Route::form("/accords/{id}/fait", member, post(forms::declare)),
        Route::form("/accords/{id}/confirmer", member, post(forms::confirm)),
        Route::form("/accords/{id}/contester", member, post(forms::contest)),
        Route::form("/accords/{id}/annuler", member, post(forms::cancel)),
        Route::form("/accords/{id}/messages", member, post(forms::write)),
        Route::form("/accords/{id}/regler", member, post(forms::settle)),
    ]
}

/// Words of a form within their limit; what is wrong is added to the form.
fn words(typed: &mut WebForm, field: &str, characters_max: usize, needed: bool) -> String {
    let text = typed.value(field).trim().to_owned();
    if text.chars().count() > characters_max {
        let max = u32::try_from(characters_max).unwrap_or(u32::MAX);
        typed.refuse(field, Problem::TooLong { max });
    } else if needed && text.is_empty() {
        typed.refuse(field, Problem::Required);
    }
    text
}

/// Somebody by name, with the KPA when it is another one.
pub(super) fn person(
    app: &App,
    conn: &mut Conn,
    name: &str,
    actor: &str,
) -> Result<Person, crate::db::error::StoreError> {
    let person = Person::new(name);
    let Some(origin) = interkpa_federation::Origin::parse(actor)
        .ok()
        .filter(|o| *o != app.origin)
    else {
        let public = actor != app.address("/hub") && actor.starts_with(app.origin.as_str());
        let path = actor.strip_prefix(app.origin.as_str()).filter(|_| public);
        return Ok(match path {
            Some(path) => person.at(path),
            None => person,
        });
    };
    let known = audience::hub_names(conn, &[origin.as_str()])?.pop();
    let hub = known.map_or_else(|| origin.authority().to_owned(), |(_, name)| name);
    Ok(person.from_hub(hub))
}
