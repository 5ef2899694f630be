//! Following from elsewhere: never a redirect to another server after a form (the CSP would stop it), a page
//! with a link instead.

use crate::form::Form;
use crate::locale::Locale;
use crate::markup::SafeHtml;
use crate::page::{Page, Sample, body};
use crate::views::parts::Link;

/// Suivre depuis mon compte (`/@<slug>/suivre`). Field: `account` (`@me@server`, `server`, `https://…`),
/// `remember` (tick).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFollow {
    /// The KPA's name, without the word.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// The full handle, to copy.
    pub handle: String,
    /// The full address of the KPA's account.
    pub url: String,
    /// The QR code of the handle's address.
    pub qr: Option<SafeHtml>,
    /// KPAs of the network, one button each: their own page « interagir » filled with this KPA.
    pub hubs: Vec<Link>,
    /// True in mode `open`: accounts of other sites may follow.
    pub is_open_mode: bool,
    /// The form.
    pub form: Form,
    /// Once the server of the account is known: the page to go to there.
    pub found: Option<Link>,
    /// The Atom feed; nothing if there is none.
    pub feed: Option<String>,
}

impl RemoteFollow {
    fn action(&self) -> String {
        crate::routes::remote_follow(&self.slug)
    }
}

impl Page for RemoteFollow {
    fn title(&self, l: Locale) -> String {
        let title = l.t1("remote-follow-title", "hub", &self.name);
        if self.form.is_fine() {
            title
        } else {
            l.t1("title-error", "title", title)
        }
    }

    body!(RemoteFollow, "hubs/remote_follow.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["share.js"]
    }

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        super::samples::remote_follow(l)
    }
}

/// What somebody came to do from another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InteractKind {
    /// Follow a KPA: a button that posts to [`crate::routes::INTERACT`] with the field `uri`.
    Follow,
    /// Read and answer an announcement: a link to its page here.
    Open,
    /// Nothing that can be done here.
    Nothing,
}

/// Acting from another server (`/interagir?uri=`): a preview, then a button. A GET never acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interact {
    /// The address asked for, as received.
    pub uri: String,
    /// What it is, cleaned: the title or the name.
    pub title: String,
    /// Its beginning, plain.
    pub summary: String,
    /// Who it comes from: the real host.
    pub host: String,
    /// What can be done.
    pub kind: InteractKind,
    /// The page here, for [`InteractKind::Open`].
    pub href: Option<String>,
}

impl Interact {
    fn follows(&self) -> bool {
        self.kind == InteractKind::Follow
    }
}

impl Page for Interact {
    fn title(&self, l: Locale) -> String {
        l.t1("interact-title", "host", &self.host)
    }

    body!(Interact, "hubs/interact.html");

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        super::samples::interact()
    }
}
