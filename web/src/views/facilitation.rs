//! Accompagner: what a facilitator does for people — invite, give access back, publish for them, approve.

use crate::form::{Choice, Form};
use crate::locale::{Locale, Stamp};
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, body};
use crate::views::proposals::samples::{ago, ahead};
use crate::words::Role;

/// Somebody who waits for the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonWaiting {
    /// Where to help.
    pub href: String,
    /// An icon of the sprite.
    pub icon: &'static str,
    /// A finished sentence: « Fatou attend une réponse depuis 3 jours ».
    pub sentence: String,
    /// Since when.
    pub since: Stamp,
}

/// Something one person asked and a second one has to approve (four eyes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its path, `/accompagner/validations/<id>`; posts to `<href>/approuver` and `<href>/refuser`.
    pub href: String,
    /// A finished sentence: « Redonner l'accès au compte de Chloé, porte-parole ».
    pub sentence: String,
    /// Who asked.
    pub asked_by: String,
    /// Why, plain.
    pub reason: String,
    /// When it was asked.
    pub at: Stamp,
    /// False for one's own request: somebody else has to decide.
    pub may_decide: bool,
}

/// Accompagner (`/accompagner`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelpOthers {
    /// Who waits, longest first; at most 20.
    pub waiting: Vec<PersonWaiting>,
    /// What waits for a second person.
    pub approvals: Vec<Approval>,
    /// People to tell by telephone.
    pub to_tell: u32,
}

impl Page for HelpOthers {
    fn title(&self, l: Locale) -> String {
        l.t("help-others-title")
    }

    body!(HelpOthers, "facilitation/home.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let approval = |may_decide| Approval {
            href: "/accompagner/validations/0192".into(),
            sentence: "Redonner l’accès au compte de Chloé, porte-parole".into(),
            asked_by: "Oumar".into(),
            reason: "Téléphone perdu, vue ce matin".into(),
            at: ago(l, 4),
            may_decide,
        };
        let busy = Self {
            waiting: vec![PersonWaiting {
                href: "/objets/0192f0a0".into(),
                icon: "clock",
                sentence: "Fatou attend une réponse à «\u{a0}Poser une étagère\u{a0}»".into(),
                since: ago(l, 70),
            }],
            approvals: vec![approval(true), approval(false)],
            to_tell: 4,
        };
        vec![
            Sample::member("busy", busy),
            Sample::member("quiet", Self::default()),
        ]
    }
}

/// Agir pour quelqu'un (`/accompagner/agir-pour`): what waits for a member who does not use a screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActForPage {
    /// Members to choose from, by name: (value of `membre`, name).
    pub members: Vec<(String, String)>,
    /// Who was chosen.
    pub chosen: Option<ActFor>,
}

/// What a facilitator may do for one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActFor {
    /// Key of the member.
    pub id: String,
    /// The name.
    pub name: String,
    /// What waits: announcements with answers to decide, exchanges to do or to confirm; at most 30.
    pub waiting: Vec<PersonWaiting>,
}

impl Page for ActForPage {
    fn title(&self, l: Locale) -> String {
        l.t("act-for-title")
    }

    body!(ActForPage, "facilitation/act_for.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let members = vec![("0192".to_owned(), "Fatou".to_owned())];
        let chosen = |waiting| Self {
            members: members.clone(),
            chosen: Some(ActFor {
                id: "0192".into(),
                name: "Fatou".into(),
                waiting,
            }),
        };
        let line = PersonWaiting {
            href: "/accords/0192f0a0?pour=0192".into(),
            icon: "clock",
            sentence: "Dites si c’est fait avec Bruno : «\u{a0}Poser une étagère\u{a0}»".into(),
            since: ago(l, 70),
        };
        let blank = Self {
            members: members.clone(),
            chosen: None,
        };
        vec![
            Sample::member("blank", blank),
            Sample::member("busy", chosen(vec![line])),
            Sample::member("quiet", chosen(Vec::new())),
        ]
    }
}

/// Inviter (`/accompagner/inviter`). Fields: `name` (first name, kept here only), `role` (a [`Role`] code the
/// inviter may give), `days` (`1`, `7`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteForm {
    /// Values and errors.
    pub form: Form,
    /// Roles the inviter may give.
    pub roles: Vec<Role>,
}

impl InviteForm {
    fn role_choices(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        self.roles
            .iter()
            .map(|role| Choice::new(role.code(), l.t(role.key())))
            .collect()
    }

    fn lifetimes(l: impl Into<Locale>) -> Vec<Choice> {
        let l = l.into();
        vec![
            Choice::new("7", l.t("invite-week")),
            Choice::new("1", l.t("invite-day")),
        ]
    }
}

impl Page for InviteForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t("invite-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(InviteForm, "facilitation/invite.html");

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let blank = Self {
            form: Form::from_pairs([("role", "user"), ("days", "7")]),
            roles: vec![Role::User, Role::Cooperant],
        };
        let mut refused = blank.clone();
        refused.form.refuse("name", crate::form::Problem::Required);
        vec![
            Sample::member("blank", blank),
            Sample::member("errors", refused),
        ]
    }
}

/// The sheet handed to the person: an invitation or a recovery, shown once, printable on A5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationSheet {
    /// First name of the person.
    pub name: String,
    /// The full address with its secret. Shown once: only its hash is stored.
    pub url: String,
    /// The QR code of it.
    pub qr: Option<SafeHtml>,
    /// Until when it works.
    pub expires: Stamp,
    /// True if it gives access back.
    pub is_recovery: bool,
    /// True if a second person has to approve before it works.
    pub needs_approval: bool,
}

impl Page for InvitationSheet {
    fn title(&self, l: Locale) -> String {
        let key = if self.is_recovery {
            "sheet-recovery-title"
        } else {
            "sheet-invitation-title"
        };
        l.t1(key, "name", &self.name)
    }

    body!(InvitationSheet, "facilitation/sheet.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let url = "https://bobinette.example/invitation/Zk3vQ2hXbnRlc3QtdGVzdC10ZXN0LXRlc3Q";
        let invitation = Self {
            name: "Oumar".into(),
            url: url.into(),
            qr: crate::qr::svg(url, &l.t("sheet-qr")),
            expires: ahead(l, 168),
            is_recovery: false,
            needs_approval: false,
        };
        let recovery = Self {
            is_recovery: true,
            needs_approval: true,
            ..invitation.clone()
        };
        vec![
            Sample::member("invitation", invitation),
            Sample::member("recovery", recovery),
        ]
    }
}

/// Redonner un accès (`/accompagner/redonner-acces`). Fields: `member` (id), `seen` (tick: I saw the person),
/// `reason`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverForm {
    /// Values and errors.
    pub form: Form,
    /// Members: (id, finished name); at most 500, the reader's own account left out.
    pub members: Vec<(String, String)>,
}

impl RecoverForm {
    fn choices(&self, l: impl Into<Locale>) -> Vec<Choice> {
        let none = Choice::new("", l.into().t("choose"));
        let named = self.members.iter().map(|(id, name)| Choice::new(id, name));
        std::iter::once(none).chain(named).collect()
    }
}

impl Page for RecoverForm {
    fn title(&self, l: Locale) -> String {
        let title = l.t("give-access-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(RecoverForm, "facilitation/recover.html");

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let blank = Self {
            form: Form::new(),
            members: vec![
                ("0192".into(), "Aïcha".into()),
                ("0193".into(), "Bruno".into()),
            ],
        };
        let mut refused = blank.clone();
        refused
            .form
            .refuse("member", crate::form::Problem::ChoiceRequired);
        refused
            .form
            .refuse("seen", crate::form::Problem::ConsentRequired);
        vec![
            Sample::member("blank", blank),
            Sample::member("errors", refused),
        ]
    }
}
