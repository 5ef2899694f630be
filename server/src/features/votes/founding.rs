//! How a network begins: each founder brings its card to a meeting, all sign one genesis, and each hub
//! takes it in after its fingerprint was compared on paper. Source: votes.md 6.5.

use interkpa_federation::governance::body::Body;
use interkpa_federation::governance::effect::EffectKind;
use interkpa_federation::governance::genesis::{Founder, Genesis};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::prove::Signatory;
use interkpa_federation::governance::question::QuestionKind;
use interkpa_federation::governance::rule::{
    Abstentions, Base, Bound, Decision, Fraction, Quorum, Rule, Threshold,
};
use interkpa_federation::governance::rules::{Decide, Rules};
use interkpa_federation::multikey::PublicKey;
use interkpa_federation::{Instant, Span};
use serde_json::Value;

use crate::app::App;
use crate::db::audit::{self, Actor, Event};
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::db::facts;
use crate::features::votes::store::objects;
use crate::features::votes::{jobs, register};
use crate::fediverse::ours::OurActor;

/// Why a network does not begin.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The text is no genesis that can be read.
    #[error("this is no genesis: {0}")]
    Form(#[from] interkpa_federation::governance::error::ObjectError),
    /// Two files are of two geneses.
    #[error("the files are of different geneses: {one} and {other}")]
    Different {
        /// One of them.
        one: ObjectHash,
        /// The other.
        other: ObjectHash,
    },
    /// This hub is not among the founders, or with another key.
    #[error("this KPA is not among the founders with its present key")]
    NotAFounder,
    /// The fingerprint on paper is another one.
    #[error("the fingerprint on paper is not that of this file, which is {found}")]
    Fingerprint {
        /// The fingerprint of the file.
        found: ObjectHash,
    },
    /// This hub belongs to a network already.
    #[error("this KPA belongs to the network of another genesis already: {known}")]
    OtherNetwork {
        /// Its genesis.
        known: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What this hub brings to the meeting.
pub fn card(app: &App, recovery_key: PublicKey) -> Founder {
    Founder {
        key: app.keys.governance.public(),
        actor: OurActor::Hub.address(app),
        name: app.config.hub.name.clone(),
        recovery_key,
        delegate_key: None,
        hosted_by: None,
    }
}

/// The genesis of these founders, in the order of their ids, each once.
pub fn genesis(
    network: &str,
    held_at: Instant,
    mut founders: Vec<Founder>,
    rules: Rules,
) -> Genesis {
    founders.sort_by_key(Founder::hub);
    founders.dedup();
    Genesis {
        network: network.to_owned(),
        held_at,
        founders,
        rules,
    }
}

/// The genesis with the signature of this hub alone.
///
/// # Errors
/// [`FoundingError::NotAFounder`], or a genesis that cannot be written.
pub fn sign(app: &App, genesis: &Genesis, now: Instant) -> Result<Object, FoundingError> {
    let key = &app.keys.governance;
    let own = genesis
        .founders
        .iter()
        .find(|founder| founder.key == key.public())
        .ok_or(FoundingError::NotAFounder)?;
    let signatory = Signatory {
        hub: own.hub(),
        key,
        created: now,
    };
    let body = Body::Genesis(Box::new(genesis.clone()));
    Ok(Object::sign(body, &[signatory])?)
}

/// One genesis with the signatures of several copies of it.
///
/// # Errors
/// [`FoundingError`] when they are not copies of one, or there is none.
pub fn join(copies: &[Object]) -> Result<Object, FoundingError> {
    let Some(first) = copies.first() else {
        return Err(FoundingError::NotAFounder);
    };
    let mut proofs: Vec<Value> = vec![];
    for copy in copies {
        if copy.hash() != first.hash() {
            return Err(FoundingError::Different {
                one: first.hash(),
                other: copy.hash(),
            });
        }
        let signed = copy.original().get("proof").and_then(Value::as_array);
        proofs.extend(signed.into_iter().flatten().cloned());
    }
    let method = |proof: &Value| {
        let method = proof.get("verificationMethod").and_then(Value::as_str);
        method.unwrap_or_default().to_owned()
    };
    proofs.sort_by_key(method);
    proofs.dedup_by_key(|proof| method(proof));
    let mut original = first.original().clone();
    if let Some(members) = original.as_object_mut() {
        members.insert("proof".to_owned(), Value::Array(proofs));
    }
    Ok(Object::from_json(original)?)
}

/// Takes the genesis in: this hub belongs to its network from now on. `fingerprint` is the hash on
/// paper. Done already, nothing changes.
///
/// # Errors
/// [`FoundingError`].
pub async fn import(
    app: &App,
    object: Object,
    fingerprint: ObjectHash,
) -> Result<Genesis, FoundingError> {
    let genesis = object.verify_genesis()?.clone();
    let found = object.hash();
    if found != fingerprint {
        return Err(FoundingError::Fingerprint { found });
    }
    let app_in = app.clone();
    app.write(move |tx| take_in(&app_in, tx, &object)).await?;
    Ok(genesis)
}

fn take_in(app: &App, tx: &mut Conn, object: &Object) -> Result<(), FoundingError> {
    let (now, hash) = (app.now(), object.hash().to_string());
    match facts::get(tx, register::GENESIS)? {
        Some(known) if known == hash => return Ok(()),
        Some(known) => return Err(FoundingError::OtherNetwork { known }),
        None => {}
    }
    objects::insert(tx, now, object)?;
    facts::put(tx, register::GENESIS, &hash, now)?;
    let event = Event::new(
        Actor::Operator("register"),
        "register_found",
        "genesis",
        &hash,
    );
    audit::record(tx, &app.new_id(), now, &event)?;
    jobs::plan_apply(app, tx, now, now)?;
    jobs::plan_sync(app, tx, now, now)?;
    Ok(())
}

/// The rules a network begins with unless it chooses others: the defaults of votes.md 4.4, 6.3, 6.5.
pub fn default_rules() -> Rules {
    Rules {
        min_notice: Span::days(14),
        grace: Span::hours(1),
        round_ms: 30 * 60 * 1_000,
        effect_delay: Span::days(7),
        observation: Span::days(90),
        decide: decisions(),
        committee: None,
    }
}

/// The same majorities, in minutes instead of weeks: for the demo and tests. A poll closes as early as
/// `notice` after it was opened.
pub fn short_rules(notice: Span, round_ms: u64) -> Rules {
    Rules {
        min_notice: notice,
        grace: Span::seconds(30),
        round_ms,
        effect_delay: Span::minutes(1),
        observation: Span::minutes(1),
        ..default_rules()
    }
}

/// Two thirds of those who approve or oppose, more than half of the electorate being there.
fn decisions() -> Vec<Decide> {
    let (Some(half), Some(two_thirds)) = (
        Fraction::new(1, 2, Bound::Strict),
        Fraction::new(2, 3, Bound::Reached),
    ) else {
        return vec![];
    };
    let rule = Rule {
        quorum: Quorum {
            fraction: half,
            abstentions: Abstentions::Counted,
        },
        decision: Decision::Threshold(Threshold {
            fraction: two_thirds,
            base: Base::Expressed,
        }),
    };
    EffectKind::ALL
        .iter()
        .filter(|effect| **effect != EffectKind::Nothing)
        .map(|effect| Decide {
            effect: *effect,
            kind: QuestionKind::Approval,
            rule,
            convocation: None,
        })
        .collect()
}
