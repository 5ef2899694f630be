//! From proposals to what pages show of them: cards, persons, words. No SQL beyond one query for
//! each kind of thing beside a whole list.

use std::collections::HashMap;

use interkpa_federation::vocabulary::terms::{KindName, Purpose, Settlement, Visibility};
use interkpa_federation::{Instant, Origin};
use interkpa_web::Locale;
use interkpa_web::views::parts::{Card, HubTag, Person};
use interkpa_web::words;

use crate::app::App;
use crate::db::conn::Conn;
use crate::db::error::StoreError;
use crate::features::people;
use crate::features::proposals::model::{State, href};
use crate::features::proposals::pictures;
use crate::features::proposals::store::marks;
use crate::features::proposals::store::media::{self, Picture};
use crate::features::proposals::store::page::Listed;
use crate::fediverse::audience;
use crate::ids::{MemberId, ProposalId};
use crate::moments;

/// Whose proposal it is, as far as showing it needs.
#[derive(Debug, Clone, Copy)]
pub struct Authorship<'a> {
    /// The proposal.
    pub id: &'a ProposalId,
    /// Server that owns it.
    pub origin: &'a str,
    /// Author on the wire.
    pub author_uri: &'a str,
    /// Author here.
    pub member_id: Option<&'a MemberId>,
}

/// Names and pictures beside a list of proposals, each kind read in one query.
#[derive(Debug, Default)]
pub struct Beside {
    members: HashMap<MemberId, people::Card>,
    actors: HashMap<String, String>,
    hubs: HashMap<String, String>,
    named: Vec<ProposalId>,
    pictures: Vec<Picture>,
}

impl Beside {
    /// Reads what stands beside these proposals.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(conn: &mut Conn, list: &[Authorship<'_>]) -> Result<Self, StoreError> {
        let members: Vec<&MemberId> = unique(list.iter().filter_map(|one| one.member_id));
        let copies = || list.iter().filter(|one| one.member_id.is_none());
        let actors: Vec<&str> = unique(copies().map(|one| one.author_uri));
        let origins: Vec<&str> = unique(copies().map(|one| one.origin));
        let ours: Vec<&ProposalId> = list
            .iter()
            .filter(|one| one.member_id.is_some())
            .map(|one| one.id)
            .collect();
        Ok(Self {
            members: people::cards(conn, &members)?
                .into_iter()
                .map(|card| (card.id.clone(), card))
                .collect(),
            actors: audience::names(conn, &actors)?.into_iter().collect(),
            hubs: audience::hub_names(conn, &origins)?.into_iter().collect(),
            named: marks::named_among(conn, &ours)?,
            pictures: media::of(conn, &ours)?,
        })
    }

    /// The pictures of one of them.
    pub fn pictures(&self, id: &ProposalId) -> impl Iterator<Item = &Picture> {
        self.pictures
            .iter()
            .filter(move |picture| picture.proposal_id.as_deref() == Some(id.as_str()))
    }

    /// The author as this reader may know them: without a public actor, a member's name is for the
    /// members of this hub alone (decision 21).
    pub fn author(&self, app: &App, l: Locale, of: Authorship<'_>, in_hub: bool) -> Person {
        let Some(member) = of.member_id else {
            return self.author_elsewhere(l, of);
        };
        let hub = || Person::new(&l.t1("hub-named", "hub", &app.config.hub.name)).at("/hub");
        match self.members.get(member) {
            Some(_) if self.named.contains(of.id) => hub(),
            Some(card) if card.public_actor => {
                Person::new(&card.name).at(format!("/members/{member}"))
            }
            Some(card) if in_hub => Person::new(&card.name),
            _ => hub(),
        }
    }

    fn author_elsewhere(&self, l: Locale, of: Authorship<'_>) -> Person {
        let hub = self.hub_name(of.origin);
        match self
            .actors
            .get(of.author_uri)
            .filter(|name| !name.is_empty())
        {
            // The name of a hub's actor is the name of the KPA: said once.
            Some(name) if *name != hub => Person::new(name).from_hub(hub),
            _ => Person::new(&l.t1("hub-named", "hub", &hub)),
        }
    }

    /// The name of another hub, or its host when it has none.
    pub fn hub_name(&self, origin: &str) -> String {
        self.hubs.get(origin).cloned().unwrap_or_else(|| {
            Origin::parse(origin).map_or_else(|_| origin.to_owned(), |o| o.authority().to_owned())
        })
    }

    /// Another hub beside something that comes from it.
    pub fn hub_tag(&self, origin: &str) -> HubTag {
        let authority = Origin::parse(origin)
            .map(|o| o.authority().to_owned())
            .unwrap_or_default();
        HubTag {
            name: self.hub_name(origin),
            href: format!("/kpa/{authority}"),
            distance: None,
        }
    }
}

fn unique<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whose a listed proposal is.
pub fn authorship(listed: &Listed) -> Authorship<'_> {
    Authorship {
        id: &listed.id,
        origin: &listed.origin,
        author_uri: &listed.author_uri,
        member_id: listed.member_id.as_ref(),
    }
}

/// The cards of a list, ready for a page.
#[derive(Debug)]
pub struct Cards {
    listed: Vec<Listed>,
    beside: Beside,
}

impl Cards {
    /// Reads what stands beside a list; call it in the closure that read the list.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(conn: &mut Conn, listed: Vec<Listed>) -> Result<Self, StoreError> {
        let list: Vec<Authorship<'_>> = listed.iter().map(authorship).collect();
        let beside = Beside::read(conn, &list)?;
        Ok(Self { listed, beside })
    }

    /// The cards as a reader sees them: a member of this hub, or anybody.
    pub fn shown(self, app: &App, l: Locale, now: Instant, in_hub: bool) -> Vec<Card> {
        let beside = &self.beside;
        self.listed
            .iter()
            .map(|listed| card(app, l, now, listed, beside, in_hub))
            .collect()
    }

    /// The rows.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }
}

fn card(
    app: &App,
    l: Locale,
    now: Instant,
    listed: &Listed,
    beside: &Beside,
    in_hub: bool,
) -> Card {
    Card {
        href: href(&listed.id),
        purpose: purpose(listed.purpose),
        kind: kind(listed.kind),
        category: Some(listed.category).filter(|category| *category != words::Category::Other),
        title: listed.title.clone(),
        summary: listed.summary.clone(),
        lang: listed.lang.clone(),
        author: beside.author(app, l, authorship(listed), in_hub),
        hub: listed
            .member_id
            .is_none()
            .then(|| beside.hub_tag(&listed.origin)),
        place: filled(&listed.town),
        when: filled(&listed.when_text),
        settlements: settlements(&listed.settlements),
        price: price(l, listed.price_cents, listed.minutes),
        places_left: places_left(listed.quantity, listed.available),
        published: moments::ago(l, listed.published_at, now),
        photo: beside.pictures(&listed.id).next().map(pictures::photo),
        state: state(listed.state),
        answers_waiting: 0,
    }
}

/// A text that says something.
pub fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The price, else the time, finished.
pub fn price(l: Locale, cents: Option<i64>, minutes: Option<i64>) -> Option<String> {
    match (cents.filter(|cents| *cents > 0), minutes) {
        (Some(cents), _) => Some(l.money(cents)),
        (None, Some(minutes)) => Some(l.duration(minutes)),
        (None, None) => None,
    }
}

/// Units left, for things in number.
pub fn places_left(quantity: i64, available: i64) -> Option<u32> {
    (quantity > 1).then(|| u32::try_from(available).unwrap_or(0))
}

/// The word of the page for a word of the wire; the codes are the same.
pub fn purpose(purpose: Purpose) -> words::Purpose {
    match purpose {
        Purpose::Offer => words::Purpose::Offer,
        Purpose::Request => words::Purpose::Request,
    }
}

/// As [`purpose`].
pub fn kind(kind: KindName) -> words::Kind {
    words::Kind::from_code(kind.as_str()).unwrap_or(words::Kind::Service)
}

/// As [`purpose`].
pub fn settlements(all: &[Settlement]) -> Vec<words::Settlement> {
    all.iter()
        .filter_map(|one| words::Settlement::from_code(one.as_str()))
        .collect()
}

/// As [`purpose`].
pub fn audience_word(visibility: Visibility) -> words::Audience {
    match visibility {
        Visibility::Private => words::Audience::Private,
        Visibility::Hub => words::Audience::Hub,
        Visibility::Followed => words::Audience::Followed,
        Visibility::Network => words::Audience::Network,
        Visibility::Public => words::Audience::Public,
    }
}

/// As [`purpose`].
pub fn state(state: State) -> words::ProposalState {
    match state {
        State::Draft => words::ProposalState::Draft,
        State::Published => words::ProposalState::Published,
        State::Suspended => words::ProposalState::Suspended,
        State::Fulfilled => words::ProposalState::Fulfilled,
        State::Expired => words::ProposalState::Expired,
        State::Withdrawn => words::ProposalState::Withdrawn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_pages_and_of_the_wire_have_the_same_codes() {
        for one in KindName::ALL {
            assert_eq!(kind(*one).code(), one.as_str());
        }
        for one in Settlement::ALL {
            assert_eq!(
                settlements(&[*one]).first().map(|s| s.code()),
                Some(one.as_str())
            );
        }
        for one in Visibility::ALL {
            assert_eq!(audience_word(*one).code(), one.as_str());
        }
        for one in State::ALL {
            assert_eq!(state(one).code(), one.as_str());
        }
        for one in Purpose::ALL {
            assert_eq!(purpose(*one).code(), one.as_str());
        }
    }
}
