//! Following and leaving, as our side asks for it.

use interkpa_federation::vocabulary::follow::{self as wire, FollowPointer};
use interkpa_federation::{Envelope, Instant, Recipients, Uri};

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::follows::model::{Follow, FollowState, Follower};
use crate::features::follows::{FOLLOWED_MAX, store};
use crate::features::people;
use crate::fediverse::ours::OurActor;
use crate::fediverse::outbox::{self, Audience, Outgoing};
use crate::fediverse::remote::{Address, DiscoverError, discover};
use crate::ids::MemberId;

/// Why somebody cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The text leads to nobody.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// Nobody on this hub answers to that address, or it cannot be followed.
    #[error("nobody here to be followed")]
    NotHere,
    /// One's own self.
    #[error("nobody follows themselves")]
    Oneself,
    /// There is no such following to leave.
    #[error("not followed")]
    NotFollowed,
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FollowError {
    /// A stable word for answers.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discover(error) => error.code(),
            Self::NotHere => "account_not_found",
            Self::Oneself => "follow_oneself",
            Self::NotFollowed => "not_found",
            Self::Store(_) => "busy",
        }
    }
}

/// Follows whoever a text names: `@name@host`, an address, or the name of a server, whose KPA is
/// meant. Followed already, nothing changes. `by` is the member who asks.
///
/// # Errors
/// [`FollowError`]; nothing is asked of a server that is not heard.
pub async fn follow(
    app: &App,
    follower: &Follower,
    by: &MemberId,
    address: &str,
) -> Result<Follow, FollowError> {
    let target = target(app, address).await?;
    let (app_in, follower, by) = (app.clone(), follower.clone(), by.clone());
    app.write(move |tx| {
        let now = app_in.now();
        let asked = Asked {
            app: &app_in,
            follower: &follower,
            by: &by,
            now,
        };
        asked.follow(tx, &target)
    })
    .await
}

/// Stops following. `followed` is the address of the actor, as lists give it.
///
/// # Errors
/// [`FollowError::NotFollowed`].
pub async fn unfollow(
    app: &App,
    follower: &Follower,
    by: &MemberId,
    followed: &str,
) -> Result<(), FollowError> {
    let (app_in, follower, by) = (app.clone(), follower.clone(), by.clone());
    let followed = followed.to_owned();
    app.write(move |tx| {
        let now = app_in.now();
        let asked = Asked {
            app: &app_in,
            follower: &follower,
            by: &by,
            now,
        };
        asked.unfollow(tx, &followed)
    })
    .await
}

/// Who is to be followed.
enum Target {
    Ours(OurActor),
    Remote(Uri),
}

async fn target(app: &App, text: &str) -> Result<Target, FollowError> {
    let address = Address::parse(app, text)?;
    if address.server(app)? != app.origin {
        return Ok(Target::Remote(discover(app, text).await?.uri));
    }
    let found = match address {
        Address::Server(_) => Some(OurActor::Hub),
        Address::Uri(uri) => OurActor::at(&app.origin, &uri.without_fragment()),
        Address::Handle(handle) if handle.user().eq_ignore_ascii_case(&app.config.hub.slug) => {
            Some(OurActor::Hub)
        }
        Address::Handle(handle) => {
            let user = handle.user().to_ascii_lowercase();
            app.store
                .read(move |conn| people::public_member_by_handle(conn, &user))
                .await?
                .map(OurActor::Member)
        }
    };
    found.map(Target::Ours).ok_or(FollowError::NotHere)
}

struct Asked<'a> {
    app: &'a App,
    follower: &'a Follower,
    by: &'a MemberId,
    now: Instant,
}

/// Stops following everybody, for a member who leaves.
///
/// # Errors
/// Those of the store.
pub(super) fn leave_all(
    app: &App,
    tx: &mut Conn,
    now: Instant,
    member: &MemberId,
) -> Result<(), StoreError> {
    let follower = Follower::Member(member.clone());
    let asked = Asked {
        app,
        follower: &follower,
        by: member,
        now,
    };
    for followed in store::followed_by(tx, &[follower.address(app)], FOLLOWED_MAX)? {
        // Left meanwhile: nothing to do.
        if let Err(FollowError::Store(error)) = asked.unfollow(tx, &followed) {
            return Err(error);
        }
    }
    Ok(())
}

impl Asked<'_> {
    fn follow(&self, tx: &mut Conn, target: &Target) -> Result<Follow, FollowError> {
        let follower = self.follower.address(self.app);
        let followed = match target {
            Target::Ours(actor) => actor.address(self.app),
            Target::Remote(uri) => uri.as_str().to_owned(),
        };
        if follower == followed {
            return Err(FollowError::Oneself);
        }
        let held = store::find(tx, &follower, &followed)?;
        if let Some(held) = held.filter(|held| held.own && held.state != FollowState::Refused) {
            return Ok(held);
        }
        let done = match target {
            Target::Ours(actor) => self.follow_here(tx, actor, follower, followed)?,
            Target::Remote(uri) => self.follow_elsewhere(tx, uri, follower)?,
        };
        self.audit(tx, "follow_ask", &done.followed, None, Some(done.state))?;
        Ok(done)
    }

    fn follow_here(
        &self,
        tx: &mut Conn,
        actor: &OurActor,
        follower: String,
        followed: String,
    ) -> Result<Follow, FollowError> {
        let followable = match actor {
            OurActor::Hub => true,
            OurActor::Instance => false,
            OurActor::Member(id) => people::public_member(tx, id)?.is_some(),
        };
        if !followable {
            return Err(FollowError::NotHere);
        }
        let done = Follow {
            follower,
            followed,
            follower_local: true,
            followed_local: true,
            state: FollowState::Accepted,
            own: true,
            activity: String::new(),
            created_at: self.now,
            decided_at: Some(self.now),
        };
        store::upsert(tx, &done)?;
        Ok(done)
    }

    /// The wire knows one `Follow` of the carrier, the rows know who wanted it.
    fn follow_elsewhere(
        &self,
        tx: &mut Conn,
        followed: &Uri,
        follower: String,
    ) -> Result<Follow, FollowError> {
        let carrier = self.carrier(tx)?;
        let carrier_address = carrier.address(self.app);
        let held = store::find(tx, &carrier_address, followed.as_str())?;
        let mut carried = match held.filter(|held| held.state != FollowState::Refused) {
            Some(held) => held,
            None => self.ask(tx, &carrier, followed)?,
        };
        carried.own |= carrier_address == follower;
        store::upsert(tx, &carried)?;
        if carrier_address == follower {
            return Ok(carried);
        }
        let done = Follow {
            follower,
            own: true,
            created_at: self.now,
            ..carried
        };
        store::upsert(tx, &done)?;
        Ok(done)
    }

    /// A member without public actor is carried by the hub.
    fn carrier(&self, tx: &mut Conn) -> Result<OurActor, StoreError> {
        match self.follower {
            Follower::Member(id) if people::public_member(tx, id)?.is_some() => {
                Ok(OurActor::Member(id.clone()))
            }
            _ => Ok(OurActor::Hub),
        }
    }

    fn ask(&self, tx: &mut Conn, carrier: &OurActor, followed: &Uri) -> Result<Follow, StoreError> {
        let id = self.app.new_id();
        let uri = outbox::activity_uri(self.app, &id)?;
        let actor = our_uri(self.app, carrier)?;
        let envelope = Envelope {
            id: uri.clone(),
            actor: actor.clone(),
            to: Recipients::only([followed.clone()]),
            cc: Recipients::NOBODY,
            published: self.now,
        };
        let body = wire::ask(&envelope, followed);
        let out = to_one(id, &actor, "Follow", followed, body);
        outbox::send(self.app, tx, self.now, &out)?;
        Ok(Follow {
            follower: actor.as_str().to_owned(),
            followed: followed.as_str().to_owned(),
            follower_local: true,
            followed_local: false,
            state: FollowState::Pending,
            own: false,
            activity: uri.as_str().to_owned(),
            created_at: self.now,
            decided_at: None,
        })
    }

    fn unfollow(&self, tx: &mut Conn, followed: &str) -> Result<(), FollowError> {
        let follower = self.follower.address(self.app);
        let held = store::find(tx, &follower, followed)?
            .filter(|held| held.own)
            .ok_or(FollowError::NotFollowed)?;
        if held.followed_local {
            store::delete(tx, &follower, followed)?;
        } else {
            self.leave(tx, &held)?;
        }
        self.audit(tx, "follow_leave", followed, Some(held.state), None)?;
        Ok(())
    }

    /// Ends a row, and the `Follow` on the wire once nobody stands behind it any more.
    fn leave(&self, tx: &mut Conn, held: &Follow) -> Result<(), StoreError> {
        let rows = store::of_activity(tx, &held.activity)?;
        let on_the_wire = self.carrier_of(tx, held)?;
        store::delete(tx, &held.follower, &held.followed)?;
        let others = rows.iter().filter(|row| row.follower != held.follower);
        if others.clone().any(|row| row.own) {
            if held.follower == on_the_wire {
                // The hub leaves for itself; it goes on carrying its members.
                store::upsert(
                    tx,
                    &Follow {
                        own: false,
                        ..held.clone()
                    },
                )?;
            }
            return Ok(());
        }
        for row in others {
            store::delete(tx, &row.follower, &row.followed)?;
        }
        if held.state == FollowState::Refused {
            return Ok(());
        }
        self.undo(tx, held, &on_the_wire)
    }

    /// Address of the actor that said the `Follow`.
    fn carrier_of(&self, tx: &mut Conn, held: &Follow) -> Result<String, StoreError> {
        let hub = OurActor::Hub.address(self.app);
        let by_hub = store::find(tx, &hub, &held.followed)?
            .is_some_and(|of_hub| of_hub.activity == held.activity);
        Ok(if by_hub { hub } else { held.follower.clone() })
    }

    fn undo(&self, tx: &mut Conn, held: &Follow, carrier: &str) -> Result<(), StoreError> {
        let address =
            |text: &str| Uri::parse(text).map_err(|source| StoreError::Broken(Box::new(source)));
        let (actor, followed) = (address(carrier)?, address(&held.followed)?);
        let id = self.app.new_id();
        let envelope = Envelope {
            id: outbox::activity_uri(self.app, &id)?,
            actor: actor.clone(),
            to: Recipients::only([followed.clone()]),
            cc: Recipients::NOBODY,
            published: self.now,
        };
        let pointer = FollowPointer {
            id: Some(address(&held.activity)?),
            follower: Some(actor.clone()),
            followed: Some(followed.clone()),
        };
        let body = wire::undo(&envelope, &pointer);
        let out = to_one(id, &actor, "Undo", &followed, body);
        outbox::send(self.app, tx, self.now, &out)
    }

    fn audit(
        &self,
        tx: &mut Conn,
        command: &'static str,
        followed: &str,
        old: Option<FollowState>,
        new: Option<FollowState>,
    ) -> Result<(), StoreError> {
        let event = Event {
            actor: Actor::Member(self.by),
            on_behalf_of: None,
            command,
            subject_kind: match self.follower {
                Follower::Hub => "follow_of_hub",
                Follower::Member(_) => "follow",
            },
            subject_id: followed,
            old_state: old.map(FollowState::as_str),
            new_state: new.map(FollowState::as_str),
            reason: None,
        };
        audit::record(tx, &self.app.new_id(), self.now, &event)
    }
}

/// The address of an actor of ours, as a store function needs it.
pub(super) fn our_uri(app: &App, actor: &OurActor) -> Result<Uri, StoreError> {
    actor
        .uri(app)
        .map_err(|source| StoreError::Broken(source.into()))
}

/// An activity addressed to one actor.
pub(super) fn to_one(
    id: String,
    actor: &Uri,
    kind: &'static str,
    to: &Uri,
    body: serde_json::Value,
) -> Outgoing {
    Outgoing {
        id,
        actor_uri: actor.as_str().to_owned(),
        kind,
        object_uri: Some(to.as_str().to_owned()),
        body,
        audience: Audience {
            actors: vec![to.as_str().to_owned()],
            ..Audience::default()
        },
    }
}
