//! Filling a hub that does not run, through its own commands: what is stored is what a member's
//! publishing stores, the search index, the outgoing activity, its jobs and the audit trail too.

use anyhow::{Context, Result, anyhow};
use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_federation::{Instant, Span};
use interkpa_server::db::error::StoreError;
use interkpa_server::features::people::accounts::NewAccount;
use interkpa_server::features::people::commands::{self as people, By, SampleAccount};
use interkpa_server::features::people::rights::Role;
use interkpa_server::features::proposals;
use interkpa_server::features::proposals::commands::write::{self, Prepared};
use interkpa_server::features::proposals::model::new::NewProposal;
use interkpa_server::features::proposals::model::{LIFETIME_DEFAULT, category};
use interkpa_server::fediverse::peers::{self, Decider};
use interkpa_server::http::AppError;
use interkpa_server::hub::{Hub as Opened, World};
use interkpa_server::ids::MemberId;

use crate::hub::Hub;
use crate::network::Network;
use crate::requests::now;
use crate::rows;
use crate::words::Words;

/// Publications in one transaction.
const BATCH: u64 = 500;
/// Between two publications of the past.
const APART: Span = Span::seconds(20);

/// Somebody who publishes, and the token of their program.
#[derive(Debug, Clone)]
pub(crate) struct Author {
    pub(crate) member: MemberId,
    pub(crate) token: String,
}

/// Makes the one member of the hub.
pub(crate) async fn author(hub: &Hub) -> Result<Author> {
    let opened = open(hub)?;
    // As at its first start: otherwise it would make its search entries anew while it is measured.
    proposals::keep_findable(&opened.app).await?;
    let account = NewAccount {
        handle: "amina".to_owned(),
        name: "Amina".to_owned(),
        password: "bonjour les voisins".to_owned(),
    };
    let hash = people::hash_for_demo("bonjour les voisins")
        .await
        .map_err(told)?;
    let sample = SampleAccount {
        account,
        hash,
        roles: vec![Role::User],
        phone: String::new(),
        shares_contact: false,
        languages: "fr".to_owned(),
        town: "Roubaix".to_owned(),
        public_actor: false,
    };
    let member = people::create_sample(&opened.app, sample)
        .await
        .map_err(told)?;
    let token = people::make_token(
        &opened.app,
        By::Operator,
        member.clone(),
        "mesure".to_owned(),
    )
    .await
    .map_err(told)?;
    opened.app.store.close().await;
    Ok(Author { member, token })
}

/// Publishes the proposals numbered `from` to `to`, the lower the older, and stores as many
/// activities as if other hubs had sent them.
pub(crate) async fn publications(hub: &Hub, author: &Author, from: u64, to: u64) -> Result<()> {
    let opened = open(hub)?;
    let end = now();
    let mut next = from;
    while next < to {
        let last = (next + BATCH).min(to);
        // Prepared beside the transaction, as a handler does.
        let prepared: Vec<(u64, Prepared)> = (next..last)
            .map(|number| {
                (
                    number,
                    Prepared::of(proposal(number, end, Visibility::Public)),
                )
            })
            .collect();
        let (app, author) = (opened.app.clone(), author.member.clone());
        opened
            .app
            .store
            .write(move |tx| -> Result<(), AppError> {
                for (number, prepared) in prepared {
                    let ago = i64::try_from(to.saturating_sub(number)).unwrap_or(0);
                    let at = end - Span::milliseconds(APART.as_milliseconds() * ago);
                    write::publish(&app, tx, at, (&author, None), prepared, Vec::new())?;
                    rows::store_past(tx, number, at)?;
                }
                Ok(())
            })
            .await
            .map_err(told)?;
        next = last;
    }
    opened.app.store.close().await;
    Ok(())
}

/// Publishes to the whole network while the hub does not run: what waits is in its queue.
pub(crate) async fn queue(hub: &Hub, author: &Author, count: u64) -> Result<()> {
    let opened = open(hub)?;
    let (app, author) = (opened.app.clone(), author.member.clone());
    let prepared: Vec<Prepared> = (0..count)
        .map(|number| Prepared::of(proposal(number, now(), Visibility::Public)))
        .collect();
    opened
        .app
        .store
        .write(move |tx| -> Result<(), AppError> {
            for prepared in prepared {
                write::publish(&app, tx, app.now(), (&author, None), prepared, Vec::new())?;
            }
            Ok(())
        })
        .await
        .map_err(told)?;
    opened.app.store.close().await;
    Ok(())
}

/// Lets the peers of the network take part: each is asked who it is, as an operator's command does.
pub(crate) async fn allow(hub: &Hub, network: &Network, peers_max: usize) -> Result<()> {
    let opened = open(hub)?;
    for peer in 0..peers_max {
        let address = format!("{}/hub", network.origin(peer));
        peers::allow(&opened.app, &address, "mesure", Decider::Operator("bench"))
            .await
            .with_context(|| format!("allowing {address}"))?;
    }
    opened.app.store.close().await;
    Ok(())
}

/// Runs a reading function on the database of a hub, running or not.
pub(crate) async fn read<T: Send + 'static>(
    hub: &Hub,
    f: impl FnOnce(&mut interkpa_server::db::conn::Conn) -> Result<T, StoreError> + Send + 'static,
) -> Result<T> {
    let opened = open(hub)?;
    let found = opened.app.store.read(f).await?;
    opened.app.store.close().await;
    Ok(found)
}

fn open(hub: &Hub) -> Result<Opened> {
    let world = World::real(&hub.config)?;
    Opened::open_beside(&hub.data, hub.config.clone(), world)
}

fn proposal(number: u64, now: Instant, audience: Visibility) -> NewProposal {
    let words = Words::of(number);
    let is_offer = !number.is_multiple_of(3);
    NewProposal {
        purpose: if is_offer {
            Purpose::Offer
        } else {
            Purpose::Request
        },
        kind: KindName::Service,
        category: category::guess(&words.title, &words.text),
        title: words.title,
        description: words.text,
        settlements: vec![Settlement::Hours],
        price_cents: None,
        minutes: Some(60),
        quantity: 1,
        when_text: "le samedi".to_owned(),
        town: "Roubaix".to_owned(),
        audience,
        first_hub: false,
        expires_at: now + LIFETIME_DEFAULT,
        lang: "fr".to_owned(),
    }
}

/// A refusal of a command in words.
fn told(error: AppError) -> anyhow::Error {
    match error.source {
        Some(source) => source.context(error.code),
        None => anyhow!("{} ({:?})", error.code, error.fields),
    }
}
