//! Examples of the pages of the administration.

use super::{
    AdminHome, Audit, AuditFilter, AuditLine, Check, Deliveries, Delivery, Health, InvitationLine,
    InvitationState, Invitations, MemberLine, MemberState, Members, PeerLine, Peers,
};
use crate::form::{Form, Problem};
use crate::locale::Locale;
use crate::page::Sample;
use crate::views::parts::{Link, Person};
use crate::views::proposals::samples::{ago, ahead};
use crate::words::{Permission, Role, Travel, Trust};

pub(super) fn home(l: Locale) -> Vec<Sample<AdminHome>> {
    let check = |health, sentence: &str, link| Check {
        health,
        sentence: sentence.into(),
        link,
    };
    let busy = AdminHome {
        checks: vec![
            check(
                Health::Bad,
                "KPA La Criée Partagée ne répond pas depuis lundi.",
                Some(Link::new("/administration/kpa", l.t("admin-peers-title"))),
            ),
            check(Health::Warn, "Dernière sauvegarde : il y a 3 jours.", None),
            check(Health::Good, "La base de données va bien.", None),
        ],
        failed_deliveries: 2,
        silent_peers: 1,
        open_invitations: 3,
        open_reports: 1,
        members: l.number(1234),
    };
    let calm = AdminHome {
        checks: Vec::new(),
        failed_deliveries: 0,
        silent_peers: 0,
        open_invitations: 0,
        open_reports: 0,
        ..busy.clone()
    };
    vec![Sample::member("busy", busy), Sample::member("calm", calm)]
}

pub(super) fn peers(l: Locale) -> Vec<Sample<Peers>> {
    let fine = PeerLine {
        href: "/administration/kpa/0192".into(),
        key: "p1".into(),
        name: "Le Chevalement".into(),
        host: "chevalement.example".into(),
        trust: Trust::Member,
        last_success: Some(ago(l, 1)),
        lag: None,
        waiting: 0,
        last_error: None,
        next_try: None,
        software: Some("interkpa 0.1.0".into()),
    };
    let silent = PeerLine {
        key: "p2".into(),
        name: "La Criée Partagée".into(),
        host: "criee.example".into(),
        trust: Trust::Allowed,
        last_success: Some(ago(l, 60)),
        lag: Some(l.duration(3600)),
        waiting: 14,
        last_error: Some("connexion refusée".into()),
        next_try: Some(ahead(l, 2)),
        ..fine.clone()
    };
    let guest = PeerLine {
        key: "p3".into(),
        name: "mastodon.example".into(),
        host: "mastodon.example".into(),
        trust: Trust::Guest,
        last_success: None,
        software: None,
        ..fine.clone()
    };
    let blocked = PeerLine {
        key: "p4".into(),
        name: "spam.example".into(),
        trust: Trust::Blocked,
        ..guest.clone()
    };
    let full = Peers {
        peers: vec![silent, fine, guest, blocked],
        next: None,
        form: Form::new(),
    };
    let mut form = Form::from_pairs([("address", "http://")]);
    form.refuse("address", Problem::NotAnAddress);
    vec![
        Sample::member("full", full.clone()),
        Sample::member(
            "errors",
            Peers {
                form,
                ..full.clone()
            },
        ),
        Sample::member(
            "alone",
            Peers {
                peers: Vec::new(),
                ..full
            },
        ),
    ]
}

pub(super) fn deliveries(l: Locale) -> Vec<Sample<Deliveries>> {
    let waiting = Delivery {
        href: "/administration/envois/0192".into(),
        hub: "La Criée Partagée".into(),
        what: "Annonce".into(),
        state: Travel::Waiting,
        attempts: 7,
        created: ago(l, 60),
        next_try: Some(ahead(l, 2)),
        last_error: Some("connexion refusée".into()),
    };
    let failed = Delivery {
        state: Travel::Failed,
        attempts: 24,
        next_try: None,
        last_error: Some("410".into()),
        ..waiting.clone()
    };
    let busy = Deliveries {
        failed: vec![failed],
        waiting: vec![waiting],
        received_today: 42,
        next: Some(Link::new("/administration/envois?apres=x", "")),
    };
    let calm = Deliveries {
        failed: Vec::new(),
        waiting: Vec::new(),
        next: None,
        ..busy.clone()
    };
    vec![Sample::member("busy", busy), Sample::member("calm", calm)]
}

pub(super) fn invitations(l: Locale) -> Vec<Sample<Invitations>> {
    let line = |state| InvitationLine {
        href: "/administration/invitations/0192".into(),
        name: "Oumar".into(),
        by: "Karima".into(),
        role: Role::Cooperant,
        state,
        created: ago(l, 30),
        expires: ahead(l, 138),
    };
    let lines = InvitationState::ALL.iter().copied().map(line).collect();
    vec![
        Sample::member("full", Invitations { lines, next: None }),
        Sample::member(
            "empty",
            Invitations {
                lines: Vec::new(),
                next: None,
            },
        ),
    ]
}

pub(super) fn members(l: Locale) -> Vec<Sample<Members>> {
    let line = |key: &str, name: &str, state, is_me: bool| MemberLine {
        href: "/administration/membres/0192".into(),
        key: key.into(),
        person: Person::new(name).at("/members/0192"),
        handle: name.to_lowercase(),
        roles: vec![Role::Cooperant],
        permissions: vec![Permission::Desk],
        state,
        last_seen: (!is_me).then(|| ago(l, 20)),
        is_me,
    };
    let full = Members {
        words: "a".into(),
        lines: vec![
            line("m1", "Oumar", MemberState::Active, false),
            line("m2", "Karima", MemberState::Active, true),
            line("m3", "Bruno", MemberState::Suspended, false),
            line("m4", "Inconnu", MemberState::Deleted, false),
        ],
        total: l.number(1234),
        next: Some(Link::new("/administration/membres?apres=x", "")),
    };
    let nobody = Members {
        words: "zz".into(),
        lines: Vec::new(),
        next: None,
        ..full.clone()
    };
    vec![
        Sample::member("full", full),
        Sample::member("nobody", nobody),
    ]
}

pub(super) fn audit(l: Locale) -> Vec<Sample<Audit>> {
    let line = AuditLine {
        at: ago(l, 3),
        actor: "Karima".into(),
        on_behalf: Some("G-7K2".into()),
        action: "accepte une réponse".into(),
        subject: Some(Link::new("/objets/0192", "Poser une étagère")),
        change: Some("envoyée → acceptée".into()),
        reason: Some("vue au guichet".into()),
    };
    let bare = AuditLine {
        on_behalf: None,
        subject: None,
        change: None,
        reason: None,
        ..line.clone()
    };
    let full = Audit {
        filter: AuditFilter {
            actor: "karima".into(),
            action: String::new(),
        },
        actions: vec![("response.accept".into(), "accepte une réponse".into())],
        lines: vec![line, bare],
        next: Some("c=1".into()),
    };
    let empty = Audit {
        lines: Vec::new(),
        next: None,
        filter: AuditFilter::default(),
        ..full.clone()
    };
    vec![Sample::member("full", full), Sample::member("empty", empty)]
}
