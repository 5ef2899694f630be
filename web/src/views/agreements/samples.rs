//! Examples of agreements.

use super::{
    Actions, AgreementLine, AgreementList, AgreementPage, Commitment, Contact, Dispute, Fact,
    Message, NextStep,
};
use crate::form::{Form, Problem};
use crate::locale::Locale;
use crate::markup::member_text;
use crate::page::Sample;
use crate::views::parts::Person;
use crate::views::proposals::Copy;
use crate::views::proposals::samples::{ago, ahead, hub};
use crate::words::{AgreementState, Settlement, Travel};

fn contacts(l: Locale) -> Vec<Contact> {
    vec![
        Contact {
            icon: "phone",
            href: Some(crate::routes::tel("06 00 00 00 00")),
            text: "06 00 00 00 00".into(),
        },
        Contact {
            icon: "send",
            href: Some(crate::routes::sms(
                "06 00 00 00 00",
                &l.t1("sms-about", "title", "vélo-cargo"),
            )),
            text: l.t("contact-sms"),
        },
        Contact {
            icon: "pin",
            href: None,
            text: "Atelier vélo, mercredi après-midi".into(),
        },
    ]
}

fn messages(l: Locale, lucien: Person) -> Vec<Message> {
    vec![
        Message {
            from: lucien,
            is_mine: false,
            text: member_text("Bonjour, c’est un moyeu à vitesses ?"),
            lang: "fr".into(),
            at: ago(l, 5),
            travel: None,
        },
        Message {
            from: Person::new("Karima"),
            is_mine: true,
            text: member_text("Oui, **8 vitesses**. Je vous envoie une photo."),
            lang: "fr".into(),
            at: ago(l, 4),
            travel: Some(Travel::Received),
        },
    ]
}

fn concluded(l: Locale) -> AgreementPage {
    let lucien = Person::new("Lucien").from_hub("Le Chevalement");
    AgreementPage {
        href: "/accords/0192f0a0-0000-7000-b000-000000000001".into(),
        title: "Réparer le vélo-cargo".into(),
        proposal: Some("/objets/0192f0a0-0000-7000-8000-000000000002".into()),
        state: AgreementState::Concluded,
        next_step: NextStep::DoIt,
        commitments: vec![
            Commitment {
                who: lucien.clone(),
                what: "Réparer le vélo-cargo".into(),
                is_mine: false,
            },
            Commitment {
                who: Person::new("Karima"),
                what: l.duration(150),
                is_mine: true,
            },
        ],
        settlement: Settlement::Hours,
        amount: Some(l.duration(150)),
        planned: Some(ahead(l, 43)),
        in_hours: true,
        other: lucien.clone(),
        contacts: contacts(l),
        through_reception: false,
        copy: None,
        messages: messages(l, lucien),
        facts: Vec::new(),
        dispute: None,
        silent_confirmation: None,
        history: vec![Fact {
            sentence: "Karima accepte la réponse de Lucien".into(),
            by: "Karima".into(),
            at: ago(l, 6),
        }],
        acting_for: None,
        actions: Actions {
            declare: Some(Form::from_pairs([("minutes", "2 h 30")])),
            cancel: Some(Form::new()),
            write: Some(Form::new()),
            ..Actions::default()
        },
    }
}

pub(super) fn pages(l: Locale) -> Vec<Sample<AgreementPage>> {
    let declared = AgreementPage {
        state: AgreementState::DeclaredDone,
        next_step: NextStep::Confirm,
        facts: vec![Fact {
            sentence: "Lucien a donné 2 h 30 à Karima".into(),
            by: "Lucien".into(),
            at: ago(l, 2),
        }],
        copy: Some(Copy {
            hub: hub("Le Chevalement", "45 km"),
            original: "https://chevalement.example/accords/1".into(),
            copied: ago(l, 1),
        }),
        actions: Actions {
            confirm: true,
            contest: Some(Form::new()),
            write: Some(Form::new()),
            ..Actions::default()
        },
        ..concluded(l)
    };
    let mut refused = Form::from_pairs([("minutes", "2,5 h"), ("words", "Tout va bien")]);
    refused.refuse("minutes", Problem::NotADuration);
    let errors = AgreementPage {
        actions: Actions {
            declare: Some(refused),
            cancel: Some(Form::new()),
            ..Actions::default()
        },
        ..concluded(l)
    };
    let mut samples = vec![
        Sample::member("concluded", concluded(l)),
        Sample::member("declared-copy", declared.clone()),
        Sample::member("errors", errors),
    ];
    samples.extend(endings(l, &declared));
    samples
}

/// How an agreement may go on after one side declared it done.
fn endings(l: Locale, declared: &AgreementPage) -> Vec<Sample<AgreementPage>> {
    let contested = AgreementPage {
        state: AgreementState::Contested,
        next_step: NextStep::Mediation,
        dispute: Some(Dispute {
            by: "Karima".into(),
            reason: "Nous avions dit une heure.".into(),
            opened: ago(l, 3),
            outcome: None,
        }),
        actions: Actions {
            settle: Some(Form::new()),
            ..Actions::default()
        },
        ..declared.clone()
    };
    let confirmed = AgreementPage {
        state: AgreementState::Confirmed,
        next_step: NextStep::Over,
        dispute: Some(Dispute {
            by: "Karima".into(),
            reason: "Nous avions dit une heure.".into(),
            opened: ago(l, 80),
            outcome: Some("Une heure et demie, d’accord tous les deux.".into()),
        }),
        actions: Actions::default(),
        contacts: Vec::new(),
        messages: Vec::new(),
        ..declared.clone()
    };
    let gift = AgreementPage {
        settlement: Settlement::Gift,
        amount: None,
        in_hours: false,
        silent_confirmation: Some(ahead(l, 150)),
        through_reception: true,
        contacts: Vec::new(),
        ..declared.clone()
    };
    vec![
        Sample::member("contested", contested),
        Sample::member("confirmed", confirmed),
        Sample::member("gift", gift),
    ]
}

pub(super) fn lists(l: Locale) -> Vec<Sample<AgreementList>> {
    let line = |title: &str, state, waits_for_me| AgreementLine {
        href: "/accords/0192f0a0-0000-7000-b000-000000000001".into(),
        title: title.into(),
        other: Person::new("Lucien").from_hub("Le Chevalement"),
        state,
        waits_for_me,
        at: ago(l, 4),
    };
    let full = AgreementList {
        lines: vec![
            line("Réparer le vélo-cargo", AgreementState::DeclaredDone, true),
            line(
                "Cours de couture débutant",
                AgreementState::Concluded,
                false,
            ),
            line("Poser une étagère", AgreementState::Cancelled, false),
        ],
        next: Some(crate::views::parts::Link::new("/moi/accords?apres=x", "")),
    };
    vec![
        Sample::member("full", full),
        Sample::member(
            "empty",
            AgreementList {
                lines: Vec::new(),
                next: None,
            },
        ),
    ]
}
