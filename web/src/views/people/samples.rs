//! Examples of the pages about people.

use super::{AcceptInvitation, SignIn};
use crate::form::{Form, Problem};
use crate::page::Sample;

pub(super) fn sign_in() -> Vec<Sample<SignIn>> {
    let mut refused = Form::from_pairs([("handle", "aicha"), ("keep", "1")]);
    refused.refuse("handle", Problem::WrongSignIn);
    let demo = vec![("karima".to_owned(), "karima-bobinette".to_owned())];
    vec![
        Sample::visitor(
            "blank",
            SignIn {
                next: "/".into(),
                ..SignIn::default()
            },
        ),
        Sample::visitor(
            "errors",
            SignIn {
                form: refused,
                next: "/moi".into(),
                ..SignIn::default()
            },
        ),
        Sample::visitor(
            "draft",
            SignIn {
                draft_waits: true,
                demo_accounts: demo,
                next: "/publier".into(),
                ..SignIn::default()
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
    form.refuse("password", Problem::TooShort { min: 12 });
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
