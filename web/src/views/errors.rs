//! What a reader sees when something does not work: what happened, what to do now, the code to give.

use crate::locale::Locale;
use crate::page::{Page, Sample, body};
use crate::views::parts::Link;

/// The kinds of errors that have a page. The status decides the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: the request cannot be read.
    Unreadable,
    /// 401: signed out.
    Unauthenticated,
    /// 403: not for this reader.
    Forbidden,
    /// 404.
    NotFound,
    /// 405: the address exists, not that way.
    NotAllowedMethod,
    /// 409: it changed in between.
    Conflict,
    /// 410: it existed.
    Gone,
    /// 413.
    TooLarge,
    /// 422 outside a form.
    Invalid,
    /// 429.
    TooMany,
    /// 500.
    Internal,
    /// 503: busy or in maintenance.
    Busy,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Unreadable,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::NotAllowedMethod,
        Self::Conflict,
        Self::Gone,
        Self::TooLarge,
        Self::Invalid,
        Self::TooMany,
        Self::Internal,
        Self::Busy,
    ];

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unreadable => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::NotAllowedMethod => 405,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::Invalid => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }

    const fn keys(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => ("error-400-title", "error-400"),
            Self::Unauthenticated => ("error-401-title", "error-401"),
            Self::Forbidden => ("error-403-title", "error-403"),
            Self::NotFound => ("error-404-title", "error-404"),
            Self::NotAllowedMethod => ("error-405-title", "error-405"),
            Self::Conflict => ("error-409-title", "error-409"),
            Self::Gone => ("error-410-title", "error-410"),
            Self::TooLarge => ("error-413-title", "error-413"),
            Self::Invalid => ("error-422-title", "error-422"),
            Self::TooMany => ("error-429-title", "error-429"),
            Self::Internal => ("error-500-title", "error-500"),
            Self::Busy => ("error-503-title", "error-503"),
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Unauthenticated | Self::Forbidden => "lock",
            Self::NotFound | Self::Gone => "search",
            Self::TooMany | Self::Busy | Self::Conflict => "clock",
            _ => "warn",
        }
    }

    fn is_ours(self) -> bool {
        matches!(self, Self::Internal | Self::Busy)
    }
}

/// An error page, for any path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    /// What happened.
    pub kind: ErrorKind,
    /// A finished sentence that says more: « Cette annonce a été retirée le 3 mars. ».
    pub detail: Option<String>,
    /// The best next step; without it, the page offers Accueil and the search.
    pub next: Option<Link>,
    /// The request id, as in the logs: the code to give to the team.
    pub request_id: String,
    /// The path asked for, so that signing in leads back.
    pub path: String,
}

impl ErrorPage {
    fn sign_in_href(&self) -> Option<String> {
        (self.kind == ErrorKind::Unauthenticated).then(|| {
            format!(
                "{}?next={}",
                crate::routes::SIGN_IN,
                crate::routes::percent_encode(&self.path)
            )
        })
    }

    fn offers_search(&self) -> bool {
        matches!(self.kind, ErrorKind::NotFound | ErrorKind::Gone)
    }
}

impl Page for ErrorPage {
    fn title(&self, l: Locale) -> String {
        l.t(self.kind.keys().0)
    }

    body!(ErrorPage, "errors/error.html");

    fn samples(l: Locale) -> Vec<Sample<Self>> {
        let names = [
            "400", "401", "403", "404", "405", "409", "410", "413", "422", "429", "500", "503",
        ];
        let mut samples: Vec<_> = names
            .into_iter()
            .zip(ErrorKind::ALL)
            .map(|(name, kind)| {
                let detail = (kind == ErrorKind::Gone).then(|| l.t("proposal-closed"));
                let next = (kind == ErrorKind::Forbidden).then(|| Link::new("/kpa", "KPA"));
                let page = Self {
                    kind,
                    detail,
                    next,
                    request_id: "7F3K-92".into(),
                    path: "/accords/<script>".into(),
                };
                Sample::visitor(name, page)
            })
            .collect();
        if let Some(first) = samples.first().cloned() {
            samples.push(Sample {
                name: "of-a-member",
                signed_in: true,
                ..first
            });
        }
        samples
    }
}

/// What was typed into a form that could not be taken, to be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where the form was going: a path of this hub.
    pub action: String,
    /// Fields as typed, without passwords: (name, value).
    pub fields: Vec<(String, String)>,
    /// A file was chosen, which cannot be kept: it has to be chosen again.
    pub files_lost: bool,
}

/// A form whose page had stayed open too long, or that waited for signing in: everything typed, and one button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StalePage {
    /// The form.
    pub kept: Kept,
    /// True when the person has just signed in again.
    pub signed_in: bool,
}

impl StalePage {
    fn keys(&self) -> (&'static str, &'static str) {
        if self.signed_in {
            ("kept-title", "kept-explain")
        } else {
            ("stale-title", "stale-explain")
        }
    }
}

impl Page for StalePage {
    fn title(&self, l: Locale) -> String {
        l.t(self.keys().0)
    }

    body!(StalePage, "errors/stale.html");

    fn samples(_: Locale) -> Vec<Sample<Self>> {
        let kept = Kept {
            action: "/publier".into(),
            fields: vec![("title".into(), "Vélo \"cargo\" <b>".into())],
            files_lost: true,
        };
        let page = |signed_in| Self {
            kept: kept.clone(),
            signed_in,
        };
        vec![
            Sample::member("typed", page(false)),
            Sample::member("signed-in", page(true)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorKind;

    #[test]
    fn every_kind_has_its_own_status() {
        let mut statuses: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.status()).collect();
        statuses.dedup();
        assert_eq!(statuses.len(), ErrorKind::ALL.len());
    }
}
