//! Other KPAs and what is on its way to them.

use crate::form::Form;
use crate::locale::{Locale, Stamp};
use crate::page::{Page, Sample, Width, body};
use crate::views::parts::Link;
use crate::words::{Travel, Trust};

/// Another KPA as the administration sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeerLine {
    /// Its path, `/administration/kpa/<id>`; posts to `<href>/autoriser`, `/bloquer` (field `reason`),
    /// `/reessayer`.
    pub href: String,
    /// Letters and figures, unique on the page.
    pub key: String,
    /// Its name, without the word; the host if unknown.
    pub name: String,
    /// Host and port.
    pub host: String,
    /// What it is for this KPA.
    pub trust: Trust,
    /// Last delivery it took.
    pub last_success: Option<Stamp>,
    /// Age of the oldest thing that waits, finished: `2 h`; nothing when nothing waits.
    pub lag: Option<String>,
    /// Things that wait.
    pub waiting: u32,
    /// The last error, one finished line: `503, occupé`.
    pub last_error: Option<String>,
    /// When it will be tried again.
    pub next_try: Option<Stamp>,
    /// Software and version it says it runs.
    pub software: Option<String>,
}

/// Les autres KPA (`/administration/kpa`). The form posts `address` to the same path: allows a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peers {
    /// Those with trouble first, then by name.
    pub peers: Vec<PeerLine>,
    /// The next page.
    pub next: Option<Link>,
    /// The form to allow a new one.
    pub form: Form,
}

impl Page for Peers {
    fn title(&self, l: Locale) -> String {
        let title = l.t("admin-peers-title");
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(Peers, "administration/peers.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::peers(l)
    }
}

/// Something on its way to another KPA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its path, `/administration/envois/<id>`; posts to `<href>/reessayer` and `<href>/abandonner`.
    pub href: String,
    /// The other KPA.
    pub hub: String,
    /// What it is, finished, without content: `Annonce`, `Réponse`.
    pub what: String,
    /// How far it has come.
    pub state: Travel,
    /// Tries so far.
    pub attempts: u32,
    /// When it was put on its way.
    pub created: Stamp,
    /// When it will be tried again.
    pub next_try: Option<Stamp>,
    /// The last error, one line.
    pub last_error: Option<String>,
}

/// Envois (`/administration/envois`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliveries {
    /// Given up or refused, newest first.
    pub failed: Vec<Delivery>,
    /// Waiting, oldest first.
    pub waiting: Vec<Delivery>,
    /// Deliveries taken in the last 24 hours.
    pub received_today: u32,
    /// The next page.
    pub next: Option<Link>,
}

impl Page for Deliveries {
    fn title(&self, l: Locale) -> String {
        l.t("admin-deliveries-title")
    }

    body!(Deliveries, "administration/deliveries.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::deliveries(l)
    }
}
