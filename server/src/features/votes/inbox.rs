//! Governance objects that other hubs deliver: a member or an allowed peer may carry them, whoever
//! signed them (decision 15).

use interkpa_federation::governance::object::Object;
use interkpa_federation::{Activity, Heard, Instant};

use crate::app::App;
use crate::db::conn::Conn;
use crate::features::votes::intake::{self, NotTaken, Taken};
use crate::fediverse::receive::{Effect, Refusal};

/// Takes in what an activity carries, in the transaction that stores the activity.
///
/// # Errors
/// [`Refusal`] with a stable code: the object is not of its form, does not prove itself, or breaks a
/// rule that is the same everywhere.
pub fn receive(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    heard: &Heard,
    activity: &Activity,
) -> Result<Effect, Refusal> {
    let Some(document) = activity.object() else {
        return Err(Refusal::malformed("object_invalid"));
    };
    let object =
        Object::from_json(document.clone()).map_err(|error| Refusal::malformed(error.code()))?;
    let carrier = heard.origin().as_str().to_owned();
    match intake::take(app, tx, now, object, &carrier) {
        Ok(Taken::Kept | Taken::Known) => Ok(Effect::Applied),
        Ok(Taken::Waiting(_)) => Ok(Effect::Ignored("waits_for_its_poll")),
        Ok(Taken::Ignored(why)) => Ok(Effect::Ignored(why)),
        Err(NotTaken::Refused(code)) => Err(Refusal::invalid(code)),
        Err(NotTaken::Store(error)) => Err(error.into()),
    }
}
