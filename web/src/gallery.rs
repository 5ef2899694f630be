//! Every page × sample × locale: what the page test checks, what `--example gallery` writes, and what the
//! crawl of the server compares itself with. One line per page.

use crate::chrome::{Chrome, Door, Flash, Notice, Viewer};
use crate::locale::Locale;
use crate::page::{Page, render};
use crate::views;
use crate::words::Role;

/// One rendered sample.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The view, such as `ProposalPage`.
    pub view: &'static str,
    /// The sample of the view.
    pub sample: &'static str,
    /// Its language.
    pub locale: Locale,
    /// The whole page.
    pub html: String,
}

/// Renders every sample of every page in one language.
pub fn all(l: Locale) -> Vec<Rendered> {
    let mut pages = Vec::new();
    macro_rules! add {
        ($($view:ty),+ $(,)?) => {$( pages.extend(samples_of::<$view>(stringify!($view), l)); )+};
    }
    add!(
        views::home::Home,
        views::people::SignIn,
        views::people::AcceptInvitation,
        views::proposals::ProposalList,
        views::proposals::ProposalPage,
        views::proposals::ProposalForm,
        views::proposals::WithdrawForm,
        views::proposals::ReportForm,
        views::agreements::AgreementPage,
        views::agreements::AgreementList,
        views::people::Devices,
        views::people::PasswordForm,
        views::people::LeaveForm,
        views::people::Tokens,
        views::people::Me,
        views::people::MyProposals,
        views::people::MyResponses,
        views::people::Profile,
        views::people::MemberPage,
        views::hubs::HubPage,
        views::hubs::HubList,
        views::hubs::RemoteFollow,
        views::hubs::Interact,
        views::notifications::Notifications,
        views::time::Hours,
        views::tell::TellList,
        views::votes::VoteList,
        views::votes::VotePage,
        views::votes::BallotForm,
        views::votes::BallotSummary,
        views::votes::ConfirmPage,
        views::votes::Receipt,
        views::votes::NotForYou,
        views::votes::OpenVoteForm,
        views::votes::OpenVotePreview,
        views::votes::MinutesPage,
        views::votes::VerifyPage,
        views::votes::RegisterPage,
        views::facilitation::HelpOthers,
        views::facilitation::ActForPage,
        views::facilitation::InviteForm,
        views::facilitation::InvitationSheet,
        views::facilitation::RecoverForm,
        views::moderation::ReportQueue,
        views::moderation::ReportPage,
        views::administration::AdminHome,
        views::administration::Peers,
        views::administration::Deliveries,
        views::administration::Invitations,
        views::administration::Members,
        views::administration::Audit,
        views::errors::ErrorPage,
        views::errors::StalePage,
        views::legal::LegalNotice,
        views::legal::Privacy,
        views::legal::Accessibility,
        views::legal::Source,
        views::help::Help,
        views::help::ApiPage,
    );
    pages
}

fn samples_of<P: Page>(view: &'static str, l: Locale) -> Vec<Rendered> {
    let view = view.rsplit([':', ' ']).next().unwrap_or(view);
    P::samples(l)
        .into_iter()
        .enumerate()
        .map(|(place, sample)| {
            let chrome = chrome(sample.signed_in, place == 0);
            Rendered {
                view,
                sample: sample.name,
                locale: l,
                html: render(&sample.page, l, &chrome),
            }
        })
        .collect()
}

/// The chrome of the samples: La Bobinette, Karima signed in or nobody, a message on the first sample.
pub fn chrome(signed_in: bool, with_flash: bool) -> Chrome {
    Chrome {
        hub_name: "La Bobinette".into(),
        hub_slug: "bobinette".into(),
        network_name: "KPA-Cité".into(),
        accent: 1,
        path: "/entraide?q=v%C3%A9lo".into(),
        viewer: signed_in.then(|| Viewer {
            name: "Karima".into(),
            handle: "karima".into(),
            roles: vec![Role::Facilitator, Role::Spokesperson, Role::TechnicalAdmin],
            doors: vec![
                Door::Moderate,
                Door::Invite,
                Door::Recover,
                Door::ActOnBehalf,
                Door::Tell,
                Door::Administer,
            ],
            unread: 3,
        }),
        flash: (signed_in && with_flash).then(|| Flash {
            link: Some(("/entraide".into(), "Entraide".into())),
            ..Flash::good(Notice::Published)
        }),
        csrf: "3q2-7wAAAAAAAAAAAAAAAA".into(),
        once: "b25jZS1hbmQtb25seS1vbmNl".into(),
        phone: "03 20 00 00 00".into(),
        version: "0.1.0".into(),
        is_demo: !signed_in,
    }
}
