//! Examples of the pages about KPAs.

use super::{
    FollowState, HubLine, HubList, HubPage, HubStanding, Interact, InteractKind, Reached,
    RemoteFollow,
};
use crate::form::{Form, Problem};
use crate::locale::Locale;
use crate::markup::member_text;
use crate::page::Sample;
use crate::views::parts::{Link, Person};
use crate::views::proposals::samples::{ago, cards};
use crate::words::Trust;

fn own(l: Locale) -> HubPage {
    HubPage {
        href: "/hub".into(),
        name: "La Bobinette".into(),
        handle: "@bobinette@bobinette.example".into(),
        slug: "bobinette".into(),
        is_own: true,
        about: member_text("Le tiers-lieu textile du quartier. Nous cousons, réparons, imprimons."),
        town: "Roubaix".into(),
        address: "12 rue du Métier, 59100 Roubaix".into(),
        hours: "Mardi au samedi, 9 h – 18 h".into(),
        phone: "03 20 00 00 00".into(),
        activities: vec!["couture".into(), "friperie".into(), "sérigraphie".into()],
        standing: HubStanding::Active,
        trust: None,
        reached: Reached::Yes,
        follow: None,
        site: None,
        copied: None,
        members: ["Aïcha", "Bruno", "Karima", "Oumar"]
            .into_iter()
            .map(|name| Person::new(name).at("/members/0192"))
            .collect(),
        cards: cards(l).into_iter().take(3).collect(),
        next: Some(Link::new("/hub?apres=x", "")),
    }
}

pub(super) fn hub_pages(l: Locale) -> Vec<Sample<HubPage>> {
    let other = HubPage {
        href: "/kpa/chevalement.example".into(),
        name: "Le Chevalement".into(),
        handle: "@chevalement@chevalement.example".into(),
        is_own: false,
        town: "Valenciennes".into(),
        trust: Some(Trust::Allowed),
        reached: Reached::SilentSince(ago(l, 60)),
        follow: Some((FollowState::Not, true)),
        site: Some("https://chevalement.example/hub".into()),
        copied: Some(ago(l, 60)),
        members: Vec::new(),
        ..own(l)
    };
    let followed = HubPage {
        follow: Some((FollowState::Asked, true)),
        standing: HubStanding::Creating,
        reached: Reached::Unknown,
        cards: Vec::new(),
        next: None,
        address: String::new(),
        hours: String::new(),
        phone: String::new(),
        name: "La Lave Douce".into(),
        ..other.clone()
    };
    vec![
        Sample::visitor("own", own(l)),
        Sample::member("other", other),
        Sample::member("asked-and-creating", followed),
    ]
}

pub(super) fn hub_lists(l: Locale) -> Vec<Sample<HubList>> {
    let line = |name: &str, town: &str, distance: Option<&str>| HubLine {
        href: format!("/kpa/{}.example", name.to_lowercase().replace(' ', "")),
        name: name.into(),
        town: town.into(),
        distance: distance.map(Into::into),
        is_own: false,
        standing: HubStanding::Active,
        trust: Some(Trust::Member),
        reached: Reached::Yes,
        follow: Some(FollowState::Followed),
    };
    let hubs = vec![
        HubLine {
            is_own: true,
            follow: None,
            trust: None,
            ..line("La Bobinette", "Roubaix", None)
        },
        line("Le Chevalement", "Valenciennes", Some("45 km")),
        HubLine {
            reached: Reached::SilentSince(ago(l, 60)),
            follow: Some(FollowState::Asked),
            ..line("La Criée Partagée", "Boulogne-sur-Mer", Some("110 km"))
        },
        HubLine {
            follow: Some(FollowState::Not),
            ..line("Les Deux Voiles", "La Rochelle", Some("612 km"))
        },
        HubLine {
            standing: HubStanding::Creating,
            reached: Reached::Unknown,
            trust: Some(Trust::Guest),
            ..line("La Lave Douce", "Clermont-Ferrand", None)
        },
    ];
    let full = HubList {
        network: "KPA-Cité".into(),
        hubs,
        next: None,
        follow_form: Some(Form::new()),
    };
    let mut refused = Form::from_pairs([("address", "@personne@nulle.part")]);
    refused.refuse("address", Problem::AddressUnreachable);
    let alone = HubList {
        network: String::new(),
        hubs: Vec::new(),
        follow_form: None,
        next: None,
    };
    vec![
        Sample::member("full", full.clone()),
        Sample::visitor(
            "of-a-visitor",
            HubList {
                follow_form: None,
                ..full.clone()
            },
        ),
        Sample::member(
            "errors",
            HubList {
                follow_form: Some(refused),
                ..full
            },
        ),
        Sample::visitor("alone", alone),
    ]
}

pub(super) fn remote_follow(l: Locale) -> Vec<Sample<RemoteFollow>> {
    let blank = RemoteFollow {
        name: "La Bobinette".into(),
        slug: "bobinette".into(),
        handle: "@bobinette@bobinette.example".into(),
        url: "https://bobinette.example/hub".into(),
        qr: crate::qr::svg("https://bobinette.example/hub", &l.t("hub-qr")),
        hubs: vec![
            Link::new(
                "https://chevalement.example/interagir?uri=x",
                "Le Chevalement",
            ),
            Link::new("https://criee.example/interagir?uri=x", "La Criée Partagée"),
        ],
        is_open_mode: true,
        form: Form::new(),
        found: None,
        feed: Some("/hub.atom".into()),
    };
    let found = RemoteFollow {
        found: Some(Link::new(
            "https://mastodon.example/authorize_interaction?uri=x",
            "mastodon.example",
        )),
        form: Form::from_pairs([("account", "@moi@mastodon.example")]),
        ..blank.clone()
    };
    let mut refused = Form::from_pairs([("account", "moi")]);
    refused.refuse("account", Problem::NotAnAddress);
    vec![
        Sample::visitor("blank", blank.clone()),
        Sample::visitor("found", found),
        Sample::visitor(
            "errors",
            RemoteFollow {
                form: refused,
                ..blank.clone()
            },
        ),
        Sample::visitor(
            "closed",
            RemoteFollow {
                is_open_mode: false,
                feed: None,
                ..blank
            },
        ),
    ]
}

pub(super) fn interact() -> Vec<Sample<Interact>> {
    let follow = Interact {
        uri: "https://chevalement.example/hub".into(),
        title: "Le Chevalement".into(),
        summary: "Le fablab de Valenciennes.".into(),
        host: "chevalement.example".into(),
        kind: InteractKind::Follow,
        href: None,
    };
    let open = Interact {
        kind: InteractKind::Open,
        title: "Révision de vélo".into(),
        href: Some("/objets/0192f0a0".into()),
        ..follow.clone()
    };
    let nothing = Interact {
        kind: InteractKind::Nothing,
        summary: String::new(),
        ..follow.clone()
    };
    vec![
        Sample::member("follow", follow),
        Sample::member("open", open),
        Sample::member("nothing", nothing),
    ]
}
