//! `/@<slug>/suivre`: following this KPA from an account elsewhere. The answer is a page with a
//! link, never a redirect to another server (web.md §3, §13).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use interkpa_federation::webfinger::Handle;
use interkpa_federation::{Mode, Uri};
use interkpa_web::form::Problem;
use interkpa_web::views::hubs::RemoteFollow;
use interkpa_web::views::parts::Link;
use interkpa_web::{Form as WebForm, markup, qr, routes};

use crate::app::App;
use crate::fediverse::ours::OurActor;
use crate::fediverse::remote::Address;
use crate::fediverse::{hubs, peers, verify};
use crate::http::access::{cookie, set_cookie};
use crate::http::error::AppError;
use crate::http::form::Form;
use crate::http::identity::{Identity, Visitor};
use crate::http::render;

/// KPAs offered as buttons.
const BUTTONS_MAX: i64 = 100;
/// Keeps the server of the visitor's account, if the visitor ticked it.
const SERVER_COOKIE: &str = "serveur";
/// How long it is kept, in seconds.
const SERVER_KEPT: i64 = 365 * 24 * 3_600;

/// `GET /@<slug>/suivre`.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(handle): Path<String>,
    headers: axum::http::HeaderMap,
) -> Result<Response, AppError> {
    check_slug(&app, &handle)?;
    let mut form = WebForm::new();
    if let Some(server) = cookie(&headers, SERVER_COOKIE) {
        form.set("account", server);
    }
    let view = view(&app, &visitor, form, None).await?;
    Ok(render::anonymous_form(
        &app,
        visitor.0,
        StatusCode::OK,
        &view,
    ))
}

/// `POST /@<slug>/suivre`: finds the page of the visitor's own server.
pub(super) async fn find(
    State(app): State<App>,
    visitor: Visitor,
    Path(handle): Path<String>,
    form: Form,
) -> Result<Response, AppError> {
    check_slug(&app, &handle)?;
    // Asking another server costs: strangers may make us do it as often as they may post.
    verify::charge_stranger(&app, visitor.client)?;
    let typed = form.text("account").to_owned();
    let mut again = WebForm::from_pairs([("account", typed.as_str())]);
    let (found, status) = match page_elsewhere(&app, &typed).await? {
        Ok(page) => (Some(page), StatusCode::OK),
        Err(problem) => {
            again.refuse("account", problem);
            (None, StatusCode::UNPROCESSABLE_ENTITY)
        }
    };
    let remembered = found.as_ref().map(|page| page.label.clone());
    let view = view(&app, &visitor, again, found).await?;
    let mut response = render::anonymous_form(&app, visitor.0, status, &view);
    if let Some(server) = remembered.filter(|_| form.has("remember")) {
        render::add_cookie(
            &mut response,
            &set_cookie(&app, SERVER_COOKIE, &server, Some(SERVER_KEPT)),
        );
    }
    Ok(response)
}

fn check_slug(app: &App, handle: &str) -> Result<(), AppError> {
    if handle.strip_prefix('@') == Some(app.config.hub.slug.as_str()) {
        Ok(())
    } else {
        Err(AppError::not_found())
    }
}

async fn view(
    app: &App,
    identity: &Identity,
    form: WebForm,
    found: Option<Link>,
) -> Result<RemoteFollow, AppError> {
    let hub = &app.config.hub;
    let url = OurActor::Hub.address(app);
    let known = app
        .store
        .read(|conn| hubs::page(conn, None, BUTTONS_MAX))
        .await?;
    let hubs = known
        .iter()
        .map(|other| {
            Link::new(
                interact_at(other.peer.origin.as_str(), &url),
                &other.actor.name,
            )
        })
        .collect();
    Ok(RemoteFollow {
        name: markup::clean_name(&hub.name),
        slug: hub.slug.clone(),
        handle: format!("@{}@{}", hub.slug, app.origin.authority()),
        qr: qr::svg(&url, &identity.locale.t("hub-qr")),
        url,
        hubs,
        is_open_mode: peers::mode(app) == Mode::Open,
        form,
        found,
        feed: Some("/hub.atom".to_owned()),
    })
}

/// Where a KPA takes somebody who wants to follow `actor` from it.
fn interact_at(origin: &str, actor: &str) -> String {
    format!(
        "{origin}{}?uri={}",
        routes::INTERACT,
        routes::percent_encode(actor)
    )
}

/// The page of the server of an account, named by its real host; or what is wrong with what was
/// typed.
async fn page_elsewhere(app: &App, typed: &str) -> Result<Result<Link, Problem>, AppError> {
    let Ok(address) = Address::parse(app, typed) else {
        return Ok(Err(Problem::NotAnAddress));
    };
    let Ok(server) = address.server(app) else {
        return Ok(Err(Problem::NotAnAddress));
    };
    let actor = OurActor::Hub.uri(app)?;
    let peer = peers::peer(app, &server).await?;
    if server == app.origin || peer.heard_at_all().is_err() {
        return Ok(Err(Problem::AddressUnreachable));
    }
    let (asked, host) = (server.clone(), server.authority().to_owned());
    let authority = host.clone();
    let app_in = app.clone();
    let is_kpa = app
        .store
        .read(move |conn| hubs::find(&app_in, conn, &authority))
        .await?
        .is_some();
    if is_kpa {
        return Ok(Ok(Link::new(
            interact_at(asked.as_str(), actor.as_str()),
            host,
        )));
    }
    let page = match address {
        Address::Handle(handle) => app.client.follow_page(&handle, &actor).await.ok(),
        Address::Uri(uri) => match handle_in(&uri) {
            Some(handle) => app.client.follow_page(&handle, &actor).await.ok(),
            None => None,
        },
        Address::Server(_) => guessed(app, &asked, &actor).await,
    };
    Ok(page
        .map(|page| Link::new(page.as_str(), page.authority()))
        .ok_or(Problem::AddressUnreachable))
}

/// The handle in `https://server/@name`, as people copy it from their profile.
fn handle_in(uri: &Uri) -> Option<Handle> {
    let name = uri.as_url().path().strip_prefix("/@")?;
    Handle::parse(&format!("{name}@{}", uri.authority())).ok()
}

/// For a server alone there is no account to ask about: Mastodon's page is known.
async fn guessed(app: &App, server: &interkpa_federation::Origin, actor: &Uri) -> Option<Uri> {
    let software = app.client.nodeinfo(server).await.ok()?.software;
    if software != "mastodon" {
        return None;
    }
    let actor = routes::percent_encode(actor.as_str());
    Uri::parse(&format!("{server}/authorize_interaction?uri={actor}")).ok()
}
