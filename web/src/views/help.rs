//! Aide, and the list of the JSON addresses.

use crate::locale::Locale;
use crate::page::{Page, Sample, Width, body};

/// Aide (`/aide`): one short guide per question, and the telephone of the reception (from the chrome).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Help {
    /// Address of the reception; empty if none.
    pub address: String,
    /// Opening hours; empty if none.
    pub hours: String,
}

/// One guide: icon, keys of the question and of its three steps.
struct Guide {
    icon: &'static str,
    question: &'static str,
    steps: [&'static str; 3],
}

const GUIDES: [Guide; 8] = [
    Guide {
        icon: "plus",
        question: "help-publish",
        steps: ["help-publish-1", "help-publish-2", "help-publish-3"],
    },
    Guide {
        icon: "hand",
        question: "help-answer",
        steps: ["help-answer-1", "help-answer-2", "help-answer-3"],
    },
    Guide {
        icon: "check",
        question: "help-agree",
        steps: ["help-agree-1", "help-agree-2", "help-agree-3"],
    },
    Guide {
        icon: "clock",
        question: "help-hours",
        steps: ["help-hours-1", "help-hours-2", "help-hours-3"],
    },
    Guide {
        icon: "warn",
        question: "help-dispute",
        steps: ["help-dispute-1", "help-dispute-2", "help-dispute-3"],
    },
    Guide {
        icon: "eye",
        question: "help-who",
        steps: ["help-who-1", "help-who-2", "help-who-3"],
    },
    Guide {
        icon: "key",
        question: "help-lost",
        steps: ["help-lost-1", "help-lost-2", "help-lost-3"],
    },
    Guide {
        icon: "flag",
        question: "help-report",
        steps: ["help-report-1", "help-report-2", "help-report-3"],
    },
];

impl Help {
    fn guides() -> &'static [Guide] {
        &GUIDES
    }
}

impl Page for Help {
    fn title(&self, l: Locale) -> String {
        l.t("help-title")
    }

    body!(Help, "help/help.html");

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let full = Self {
            address: "12 rue du Métier, Roubaix".into(),
            hours: "Mardi au samedi".into(),
        };
        vec![
            Sample::visitor("full", full),
            Sample::member("bare", Self::default()),
        ]
    }
}

/// One JSON address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Method.
    pub method: String,
    /// Path, with its parameters in braces.
    pub path: String,
    /// What it does, finished.
    pub summary: String,
    /// The scope a key needs; nothing if everybody may.
    pub scope: Option<String>,
}

/// API (`/api`): grouped by feature; for people who write programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiPage {
    /// The address of the machine-readable description.
    pub openapi: String,
    /// The address the examples start with: `https://bobinette.example`.
    pub base: String,
    /// (name of the group, its addresses).
    pub groups: Vec<(String, Vec<Endpoint>)>,
}

impl Page for ApiPage {
    fn title(&self, l: Locale) -> String {
        l.t("api-title")
    }

    body!(ApiPage, "help/api.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn may_be_indexed(&self) -> bool {
        true
    }

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let endpoint = |method: &str, path: &str, scope: Option<&str>| Endpoint {
            method: method.into(),
            path: path.into(),
            summary: "List the announcements the reader may see, newest first.".into(),
            scope: scope.map(Into::into),
        };
        let full = Self {
            openapi: "/api/openapi.json".into(),
            base: "https://bobinette.example".into(),
            groups: vec![(
                "proposals".into(),
                vec![
                    endpoint("GET", "/api/v1/proposals", None),
                    endpoint("POST", "/api/v1/proposals/{id}/responses", Some("write")),
                ],
            )],
        };
        vec![Sample::visitor("full", full)]
    }
}
