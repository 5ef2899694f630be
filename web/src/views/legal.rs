//! The pages the law asks for. Real pages with the hub's own data; what is missing is said, not hidden.

use crate::locale::Locale;
use crate::markup::{SafeHtml, member_text};
use crate::page::{Page, Sample, body};
use crate::views::parts::Link;

/// Mentions légales (`/mentions-legales`): publisher and host (LCEN, article 6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegalNotice {
    /// The association or cooperative that publishes.
    pub publisher: String,
    /// Its legal form and register number.
    pub registration: String,
    /// Its address.
    pub address: String,
    /// The person responsible for what is published.
    pub responsible: String,
    /// Telephone or e-mail.
    pub contact: String,
    /// Name, address and telephone of the company that runs the machine.
    pub host: String,
    /// Additions of the team, safe.
    pub more: SafeHtml,
}

impl LegalNotice {
    /// True if every field the law asks for is filled.
    pub fn is_complete(&self) -> bool {
        [
            &self.publisher,
            &self.address,
            &self.responsible,
            &self.contact,
            &self.host,
        ]
        .into_iter()
        .all(|field| !field.is_empty())
    }
}

impl Page for LegalNotice {
    fn title(&self, l: Locale) -> String {
        l.t("legal-title")
    }

    body!(LegalNotice, "legal/notice.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let full = Self {
            publisher: "Centre social Les Tisserands".into(),
            registration: "Association loi 1901, RNA W000000001".into(),
            address: "12 rue du Métier, 59100 Roubaix".into(),
            responsible: "Karima Exemple".into(),
            contact: "03 20 00 00 00".into(),
            host: "Hébergeur Exemple, 1 rue du Serveur, 59000 Lille, 03 20 00 00 01".into(),
            more: member_text("Siège ouvert le mardi."),
        };
        vec![
            Sample::visitor("full", full),
            Sample::visitor("to-fill-in", Self::default()),
        ]
    }
}

/// Vie privée (`/vie-privee`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Privacy {
    /// Who answers for the data: name and contact.
    pub controller: String,
    /// How to write about one's data.
    pub contact: String,
    /// What is kept and how long, from the real settings: (what, how long), finished.
    pub retention: Vec<(String, String)>,
    /// KPAs that receive what members of the network see.
    pub hubs: u32,
    /// True in mode `open`: any server whose people follow may keep a copy.
    pub is_open_mode: bool,
}

impl Page for Privacy {
    fn title(&self, l: Locale) -> String {
        l.t("privacy-title")
    }

    body!(Privacy, "legal/privacy.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let full = Self {
            controller: "Centre social Les Tisserands".into(),
            contact: "03 20 00 00 00".into(),
            retention: vec![
                ("Annonces terminées".into(), "1 an".into()),
                ("Connexions".into(), "90 jours".into()),
            ],
            hubs: 14,
            is_open_mode: true,
        };
        let bare = Self {
            retention: Vec::new(),
            ..Self::default()
        };
        vec![Sample::visitor("full", full), Sample::visitor("bare", bare)]
    }
}

/// Accessibilité (`/accessibilite`): the declaration (RGAA 4.1). Not audited yet, so « non conforme ».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accessibility {
    /// How to tell us about a difficulty.
    pub contact: String,
    /// When the declaration was made, finished.
    pub date: String,
}

impl Page for Accessibility {
    fn title(&self, l: Locale) -> String {
        l.t("accessibility-title")
    }

    body!(Accessibility, "legal/accessibility.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let full = Self {
            contact: "03 20 00 00 00".into(),
            date: "24 novembre 2026".into(),
        };
        vec![
            Sample::visitor("full", full),
            Sample::visitor("bare", Self::default()),
        ]
    }
}

/// Code source (`/source`): the source of the exact version that runs (AGPL, section 13).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Version.
    pub version: String,
    /// Commit, short; empty if unknown.
    pub commit: String,
    /// Where the source of this version is.
    pub link: Option<Link>,
    /// Parts of others in the binary: (name, licence).
    pub parts: Vec<(String, String)>,
}

impl Page for Source {
    fn title(&self, l: Locale) -> String {
        l.t("source-title")
    }

    body!(Source, "legal/source.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let full = Self {
            version: "0.1.0".into(),
            commit: "bf57659".into(),
            link: Some(Link::new(
                "https://inter-kpa.example/source",
                "inter-kpa.example/source",
            )),
            parts: vec![
                ("axum".into(), "MIT".into()),
                ("ammonia".into(), "MIT OR Apache-2.0".into()),
            ],
        };
        vec![
            Sample::visitor("full", full),
            Sample::visitor("bare", Self::default()),
        ]
    }
}
