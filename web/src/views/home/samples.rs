//! Examples of Accueil.

use super::{Home, News, Waiting};
use crate::locale::Locale;
use crate::markup::member_text;
use crate::page::Sample;
use crate::views::parts::Person;
use crate::views::proposals::samples::{ago, cards};

pub(super) fn home(l: Locale) -> Vec<Sample<Home>> {
    let visitor = Home {
        welcome: member_text(
            "Nous sommes des habitantes et des habitants de Roubaix. Nous cousons, réparons, \
             imprimons et nous rendons service.",
        ),
        town: "Roubaix".into(),
        address: "12 rue du Métier, 59100 Roubaix".into(),
        hours: "Mardi au samedi, 9 h – 18 h".into(),
        waiting: Vec::new(),
        votes: Vec::new(),
        latest: cards(l),
        news: Vec::new(),
        hubs_in_network: 15,
        has_more: true,
    };
    let member = Home {
        waiting: vec![
            Waiting {
                href: "/objets/0192f0a0-0000-7000-8000-000000000001#r1".into(),
                icon: "hand",
                sentence: "Lucien répond à «\u{a0}Réparer le vélo-cargo\u{a0}»".into(),
                since: ago(l, 2),
            },
            Waiting {
                href: "/accords/0192f0a0-0000-7000-b000-000000000001".into(),
                icon: "clock",
                sentence: "Confirmez 2 h avec Bruno pour «\u{a0}Cours de couture\u{a0}»".into(),
                since: ago(l, 50),
            },
        ],
        votes: crate::views::votes::lines(l),
        news: vec![News {
            href: "/kpa/lechevalement/objets/1".into(),
            from: Person::new("Le Chevalement"),
            text: "L’atelier vélo ouvre aussi le mercredi soir.".into(),
            at: ago(l, 20),
        }],
        ..visitor.clone()
    };
    let empty = Home {
        latest: Vec::new(),
        waiting: Vec::new(),
        news: Vec::new(),
        hubs_in_network: 0,
        has_more: false,
        address: String::new(),
        hours: String::new(),
        ..visitor.clone()
    };
    vec![
        Sample::visitor("of-a-visitor", visitor),
        Sample::member("of-a-member", member),
        Sample::member("empty", empty.clone()),
        Sample::visitor("empty-of-a-visitor", empty),
    ]
}
