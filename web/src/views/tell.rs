//! À prévenir: people to tell by telephone, text message or face to face, because they have no account or
//! do not look at the site. For facilitators and the desk; printable.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, body};
use crate::routes;
use crate::views::parts::Link;
use crate::views::proposals::samples::ago;

/// One person to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tell {
    /// Its path, `/a-prevenir/<id>`; the form posts to `<href>/fait`.
    pub href: String,
    /// First name or code of the slip.
    pub name: String,
    /// The telephone as dialled; nothing if there is none.
    pub phone: Option<String>,
    /// What to say: a finished sentence.
    pub sentence: String,
    /// The announcement or agreement it is about.
    pub about: Link,
    /// Since when.
    pub since: Stamp,
    /// Who told them and when, once done: a finished sentence.
    pub done: Option<String>,
}

impl Tell {
    fn tel(&self) -> Option<String> {
        self.phone.as_deref().map(routes::tel)
    }

    fn sms(&self) -> Option<String> {
        self.phone
            .as_deref()
            .map(|phone| routes::sms(phone, &self.sentence))
    }
}

/// À prévenir (`/a-prevenir`), longest waiting first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellList {
    /// Those to tell.
    pub waiting: Vec<Tell>,
    /// Those told in the last days.
    pub told: Vec<Tell>,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for TellList {
    fn title(&self, l: Locale) -> String {
        l.t("tell-title")
    }

    body!(TellList, "facilitation/tell.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let tell = |name: &str, phone: Option<&str>, done: Option<&str>| Tell {
            href: "/a-prevenir/0192f0a0".into(),
            name: name.into(),
            phone: phone.map(Into::into),
            sentence: "Lucien peut poser l’étagère jeudi à 10 h.".into(),
            about: Link::new(
                "/objets/0192f0a0-0000-7000-8000-000000000008",
                "Poser une étagère",
            ),
            since: ago(l, 26),
            done: done.map(Into::into),
        };
        let full = Self {
            waiting: vec![
                tell("G-7K2", Some("06 00 00 00 00"), None),
                tell("Fatou", None, None),
            ],
            told: vec![tell("Marcel", None, Some("Oumar, hier"))],
            next: None,
        };
        vec![
            Sample::member("full", full),
            Sample::member(
                "empty",
                Self {
                    waiting: Vec::new(),
                    told: Vec::new(),
                    next: None,
                },
            ),
        ]
    }
}
