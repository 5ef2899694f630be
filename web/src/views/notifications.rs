//! Notifications: what happened, newest first; nothing leaves the KPA for them.

use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Section, body};
use crate::views::parts::Link;
use crate::views::proposals::samples::ago;

/// One notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Where it leads.
    pub href: String,
    /// An icon of the sprite.
    pub icon: &'static str,
    /// A finished sentence.
    pub sentence: String,
    /// When.
    pub at: Stamp,
    /// Not read yet.
    pub is_new: bool,
}

/// Notifications (`/notifications`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notifications {
    /// This page's, newest first.
    pub items: Vec<Notification>,
    /// The next page.
    pub next: Option<Link>,
}

impl Notifications {
    fn has_new(&self) -> bool {
        self.items.iter().any(|item| item.is_new)
    }
}

impl Page for Notifications {
    fn title(&self, l: Locale) -> String {
        l.t("notifications-title")
    }

    body!(Notifications, "notifications/list.html");

    fn section(&self) -> Section {
        Section::Notifications
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let item = |icon, sentence: &str, hours, is_new| Notification {
            href: "/objets/0192f0a0-0000-7000-8000-000000000002#r1".into(),
            icon,
            sentence: sentence.into(),
            at: ago(l, hours),
            is_new,
        };
        let items = vec![
            item(
                "hand",
                "Lucien répond à «\u{a0}Réparer le vélo-cargo\u{a0}»",
                2,
                true,
            ),
            item("check", "Aïcha confirme 2 h", 20, true),
            item(
                "network",
                "KPA Le Chevalement accepte de vous suivre",
                70,
                false,
            ),
        ];
        vec![
            Sample::member(
                "full",
                Self {
                    items,
                    next: Some(Link::new("/notifications?apres=x", "")),
                },
            ),
            Sample::member(
                "empty",
                Self {
                    items: Vec::new(),
                    next: None,
                },
            ),
        ]
    }
}
