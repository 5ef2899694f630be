//! Examples of the pages about people.

use super::{
    AcceptInvitation, Device, Devices, LeaveForm, Me, MemberPage, MyProposals, MyResponseLine,
    MyResponses, PasswordForm, Profile, SignIn, Token, Tokens,
};
use crate::form::{Form, Problem};
use crate::locale::Locale;
use crate::markup::{SafeHtml, member_text};
use crate::page::Sample;
use crate::views::agreements::Contact;
use crate::views::errors::Kept;
use crate::views::parts::{Link, Person};
use crate::views::proposals::samples::{ago, ahead, cards, hub};
use crate::words::{ResponseState, Travel};

pub(super) fn sign_in() -> Vec<Sample<SignIn>> {
    let mut refused = Form::from_pairs([("handle", "aicha"), ("keep", "1")]);
    refused.refuse("handle", Problem::WrongSignIn);
    let demo = vec![("karima".to_owned(), "karima-bobinette".to_owned())];
    let blank = SignIn {
        next: "/".into(),
        ..SignIn::default()
    };
    vec![
        Sample::visitor("blank", blank.clone()),
        Sample::visitor(
            "errors",
            SignIn {
                form: refused,
                ..blank.clone()
            },
        ),
        Sample::visitor(
            "draft",
            SignIn {
                kept: Some(Kept {
                    action: "/publier".into(),
                    fields: vec![("title".into(), "Vélo \"cargo\" <b>".into())],
                    files_lost: false,
                }),
                demo_accounts: demo,
                ..blank
            },
        ),
    ]
}

pub(super) fn invitation() -> Vec<Sample<AcceptInvitation>> {
    let blank = AcceptInvitation {
        href: "/invitation/Zk3v".into(),
        inviter: "Karima".into(),
        recovers: None,
        domain: "bobinette.example".into(),
        form: Form::from_pairs([("name", "Oumar")]),
    };
    let mut form = Form::from_pairs([("name", "Oumar"), ("handle", "Ou mar")]);
    form.refuse("handle", Problem::NotAHandle);
    form.refuse(
        "password",
        Problem::TooShort {
            min: super::PASSWORD_MIN,
        },
    );
    form.refuse("rules", Problem::ConsentRequired);
    let errors = AcceptInvitation {
        form,
        ..blank.clone()
    };
    let recovery = AcceptInvitation {
        recovers: Some("oumar".into()),
        form: Form::new(),
        ..blank.clone()
    };
    vec![
        Sample::visitor("blank", blank),
        Sample::visitor("errors", errors),
        Sample::visitor("recovery", recovery),
    ]
}

pub(super) fn devices(l: Locale) -> Vec<Sample<Devices>> {
    let device = |label: &str, is_this| Device {
        href: "/moi/appareils/0192".into(),
        label: label.into(),
        created: ago(l, 900),
        last_seen: ago(l, 2),
        is_this,
    };
    let several = vec![
        device("Chrome, Android", true),
        device("Firefox, Windows", false),
    ];
    vec![
        Sample::member("several", Devices { devices: several }),
        Sample::member(
            "one",
            Devices {
                devices: vec![device("Safari, iPhone", true)],
            },
        ),
    ]
}

pub(super) fn password() -> Vec<Sample<PasswordForm>> {
    let mut form = Form::from_pairs([("current", "secret-typed-before")]);
    form.refuse("current", Problem::WrongPassword);
    form.refuse("password", Problem::PasswordTooCommon);
    vec![
        Sample::member("blank", PasswordForm::default()),
        Sample::member("errors", PasswordForm { form }),
    ]
}

pub(super) fn leave() -> Vec<Sample<LeaveForm>> {
    let mut form = Form::from_pairs([("current", "secret-typed-before")]);
    form.refuse("current", Problem::WrongPassword);
    vec![
        Sample::member("blank", LeaveForm::default()),
        Sample::member("errors", LeaveForm { form }),
    ]
}

pub(super) fn tokens(l: Locale) -> Vec<Sample<Tokens>> {
    let token = Token {
        href: "/moi/cles/0192".into(),
        name: "Tableau de bord".into(),
        scopes: vec!["read".into()],
        created: ago(l, 400),
        last_used: Some(ago(l, 3)),
        expires: Some(ahead(l, 900)),
    };
    let never = Token {
        last_used: None,
        expires: None,
        name: "Script".into(),
        ..token.clone()
    };
    let form = Form::from_pairs([("scopes", "read"), ("days", "90")]);
    let listed = Tokens {
        tokens: vec![token, never],
        secret: None,
        form,
    };
    let mut refused = Form::from_pairs([("days", "90")]);
    refused.refuse("name", Problem::Required);
    refused.refuse("scopes", Problem::ChoiceRequired);
    vec![
        Sample::member("listed", listed.clone()),
        Sample::member(
            "made",
            Tokens {
                secret: Some("ikpa_3q2x7w".into()),
                ..listed
            },
        ),
        Sample::member(
            "errors",
            Tokens {
                form: refused,
                ..Tokens::default()
            },
        ),
    ]
}

pub(super) fn me() -> Vec<Sample<Me>> {
    let me = Me {
        person: Person::new("Karima").at("/members/0192f0a0"),
        handle: "@karima@bobinette.example".into(),
        hours: "−2 h 30".into(),
        answers_waiting: 1,
        responses_open: 2,
        agreements_waiting: 1,
        to_tell: 4,
        reports_open: 1,
    };
    let quiet = Me {
        answers_waiting: 0,
        responses_open: 0,
        agreements_waiting: 0,
        to_tell: 0,
        reports_open: 0,
        ..me.clone()
    };
    vec![Sample::member("busy", me), Sample::member("quiet", quiet)]
}

pub(super) fn my_proposals(l: Locale) -> Vec<Sample<MyProposals>> {
    let mut cards = cards(l);
    if let Some(first) = cards.first_mut() {
        first.answers_waiting = 2;
    }
    let full = MyProposals {
        cards,
        next: Some(Link::new("/moi/annonces?apres=x", "")),
    };
    vec![
        Sample::member("full", full),
        Sample::member(
            "empty",
            MyProposals {
                cards: Vec::new(),
                next: None,
            },
        ),
    ]
}

pub(super) fn my_responses(l: Locale) -> Vec<Sample<MyResponses>> {
    let sent = MyResponseLine {
        href: "/objets/0192f0a0-0000-7000-8000-000000000003".into(),
        title: "Révision de vélo".into(),
        author: Person::new("Lucien").from_hub("Le Chevalement"),
        state: ResponseState::Sent,
        travel: Some(Travel::Received),
        sent: ago(l, 20),
        agreement: None,
    };
    let accepted = MyResponseLine {
        state: ResponseState::Accepted,
        travel: None,
        title: "Cours de couture débutant".into(),
        agreement: Some("/accords/0192f0a0".into()),
        ..sent.clone()
    };
    vec![
        Sample::member(
            "full",
            MyResponses {
                lines: vec![sent, accepted],
                next: None,
            },
        ),
        Sample::member(
            "empty",
            MyResponses {
                lines: Vec::new(),
                next: None,
            },
        ),
    ]
}

pub(super) fn profile() -> Vec<Sample<Profile>> {
    let form = Form::from_pairs([
        ("name", "Karima"),
        ("about", "Je connais bien les démarches."),
        ("skills", "médiation\ncouture"),
        ("languages", "français, arabe, anglais"),
        ("place", "Roubaix, Épeule"),
        ("phone", "06 00 00 00 00"),
        ("consent_about", "network"),
        ("consent_skills", "public"),
        ("consent_languages", "hub"),
        ("consent_place", "hub"),
        ("consent_phone", "private"),
        ("consent_email", "private"),
        ("contact_after_agreement", "1"),
        ("lang", "fr"),
    ]);
    let mut refused = form.clone();
    refused.refuse("phone", Problem::NotAPhone);
    refused.refuse("name", Problem::HiddenCharacters);
    let profile = Profile {
        form,
        handle: "@karima@bobinette.example".into(),
        is_open_mode: true,
    };
    vec![
        Sample::member("filled", profile.clone()),
        Sample::member(
            "errors",
            Profile {
                form: refused,
                is_open_mode: false,
                ..profile
            },
        ),
    ]
}

pub(super) fn member(l: Locale) -> Vec<Sample<MemberPage>> {
    let full = MemberPage {
        person: Person::new("Aïcha"),
        href: "/members/0192f0a0-0000-7000-9000-000000000001".into(),
        handle: Some("@aicha@bobinette.example".into()),
        hub: None,
        about: member_text("Couturière depuis 20 ans. J’aime montrer."),
        skills: vec!["couture sur mesure".into(), "retouches".into()],
        languages: Some("français, arabe".into()),
        place: Some("Roubaix".into()),
        contacts: vec![Contact {
            icon: "phone",
            href: Some("tel:0600000000".into()),
            text: "06 00 00 00 00".into(),
        }],
        cards: cards(l).into_iter().take(2).collect(),
        next: None,
        is_me: false,
        looks_like_another: false,
    };
    let remote = MemberPage {
        person: Person::new("Lucien").from_hub("Le Chevalement"),
        hub: Some(hub("Le Chevalement", "45 km")),
        handle: Some("@lucіen@chevalement.example".into()),
        looks_like_another: true,
        cards: Vec::new(),
        ..full.clone()
    };
    let shy = MemberPage {
        about: SafeHtml::default(),
        skills: Vec::new(),
        languages: None,
        place: None,
        handle: None,
        contacts: Vec::new(),
        cards: Vec::new(),
        is_me: true,
        ..full.clone()
    };
    vec![
        Sample::member("full", full),
        Sample::member("of-another-hub", remote),
        Sample::member("mine-and-shy", shy),
    ]
}
