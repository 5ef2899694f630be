//! Signing in: cookies (D81), what is told of accounts (D84), invitations (D86, D87), many tries (D88).

use std::time::Duration;

use interkpa_federation::Span;
use interkpa_server::features::people::accounts::NewAccount;
use interkpa_server::features::people::commands::{self, By, team};
use interkpa_server::features::people::rights::Role;
use interkpa_server::http::router::routes;
use interkpa_server::http::{Access, Method, Surface};
use tokio::time::Instant;

use super::{NOTHING, PEOPLE, filled};
use crate::browser::Browser;
use crate::scene::Scene;
use crate::table::Table;

const PASSWORD: &str = "quatre mots au hasard";

pub(super) async fn run(scene: &Scene, table: &mut Table) {
    let account = NewAccount::parse("nadege59", "Karima", PASSWORD).unwrap();
    commands::create_member(&scene.hub.app, account, vec![Role::Cooperant])
        .await
        .unwrap();
    cookies(scene, table).await;
    enumeration(scene, table).await;
    invitations(scene, table).await;
    unconfirmed(scene, table).await;
    tries(scene, table).await;
}

async fn sign_in(
    browser: &Browser<'_>,
    handle: &str,
    password: &str,
) -> interkpa_server::testing::caller::Answered {
    browser
        .post("/connexion", &[("handle", handle), ("password", password)])
        .await
}

/// D81.
async fn cookies(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        81,
        "a session chosen before signing in; after signing out; after a new password",
        &[(303, ""), (401, "*"), (403, "*")],
    );
    let mut case = case.await.rows(PEOPLE);
    let stranger = Browser::stranger(&scene.hub).await;
    let mut fixed = Browser::bare(&scene.hub).with("cookie", "session=choisie-par-un-autre");
    fixed.headers.extend(
        stranger
            .headers
            .iter()
            .filter(|(name, _)| name == "cookie")
            .cloned(),
    );
    fixed.csrf.clone_from(&stranger.csrf);
    let signed = sign_in(&fixed, "nadege59", PASSWORD).await;
    let set = signed
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find(|cookie| cookie.starts_with("session="))
        .unwrap_or_default()
        .to_owned();
    case.answered(&signed);
    case.holds(
        "a new session at each sign-in",
        set.starts_with("session=") && !set.contains("choisie"),
    );
    case.holds(
        "HttpOnly, SameSite=Lax, Path=/",
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"),
    );
    let cookie = set.split(';').next().unwrap_or_default().to_owned();
    let mut inside = Browser::bare(&scene.hub).with("cookie", &cookie);
    let page = inside.get("/moi").await;
    case.holds("it works", page.status == 200);
    let token = page
        .text
        .split("name=\"_csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned();
    case.holds(
        "the token of forms is not the one of before",
        !token.is_empty() && token != stranger.csrf,
    );
    inside.csrf = token;
    let out = inside;
    case.answered(&out.post("/deconnexion", &[]).await);
    case.answered(&out.get("/moi").await);
    case.answered(&out.post("/moi/profil", &[("name", "x")]).await);
    case.end(table).await;
}

/// D84.
async fn enumeration(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        84,
        "wrong passwords for a handle that exists and for one that does not: text, status, time",
        &[(422, "")],
    );
    let mut case = case.await;
    let stranger = Browser::stranger(&scene.hub).await;
    let mut times = [Duration::ZERO; 2];
    let mut texts = Vec::new();
    for _ in 0..8 {
        for (which, handle) in ["nadege59", "personne59"].into_iter().enumerate() {
            let began = Instant::now();
            let answered = sign_in(&stranger, handle, "ce n’est pas lui").await;
            times[which] += began.elapsed();
            texts.push(words(&answered.text).replace(handle, "…"));
            case.answered(&answered);
        }
    }
    texts.sort();
    texts.dedup();
    case.holds("the same page", texts.len() == 1);
    let [known, unknown] = times.map(|time| time.as_secs_f64());
    // Means over 500 tries are compared on a quiet machine; here that both cost a hash.
    case.holds(
        "the same cost, within a half",
        known < 1.5 * unknown && unknown < 1.5 * known,
    );
    case.end(table).await;
}

/// The page without what changes each time it is shown.
fn words(page: &str) -> String {
    let html = scraper::Html::parse_document(page);
    let main = scraper::Selector::parse("main").unwrap();
    html.select(&main)
        .flat_map(|main| main.text())
        .collect::<Vec<_>>()
        .join(" ")
}

/// D86.
async fn invitations(scene: &Scene, table: &mut Table) {
    let app = &scene.hub.app;
    let case = scene.case(86, "an invitation used twice, past, taken back, unknown, with a role in the form, of somebody suspended", &[(303, ""), (410, "*"), (404, "*"), (422, "")]);
    let mut case = case
        .await
        .rows(PEOPLE)
        .rows(&["actor_keys", "notifications", "jobs"]);
    let inviter = scene
        .hub
        .member("invite")
        .role(Role::Spokesperson)
        .create()
        .await;
    let stranger = Browser::stranger(&scene.hub).await;
    let invite = async || {
        commands::invite(
            app,
            By::Member(inviter.id.clone()),
            "Nour".to_owned(),
            Role::Cooperant,
        )
        .await
        .unwrap()
    };
    let join = async |path: &str, handle: &str| {
        stranger
            .post(
                path,
                &[
                    ("handle", handle),
                    ("name", "Nour"),
                    ("password", PASSWORD),
                    ("rules", "1"),
                    ("role", "technical_admin"),
                    ("roles", "technical_admin"),
                ],
            )
            .await
    };
    let first = invite().await;
    case.answered(&join(&first.path, "nour1").await);
    let again = join(&first.path, "nour2").await;
    case.holds("a second use is refused", again.status == 410);
    case.answered(&again);
    let granted = roles_of(scene, "nour1").await;
    case.holds(
        "the role of the invitation and no other",
        !granted.iter().any(|role| role == "technical_admin"),
    );
    let taken_back = invite().await;
    team::cancel_invitation(
        app,
        By::Member(inviter.id.clone()),
        taken_back.id.as_str().to_owned(),
    )
    .await
    .unwrap();
    case.answered(&join(&taken_back.path, "nour3").await);
    let past = invite().await;
    let of_suspended = invite().await;
    team::suspend(app, By::Operator, inviter.id.clone())
        .await
        .unwrap();
    let answered = join(&of_suspended.path, "nour4").await;
    case.holds("not by somebody suspended", answered.status == 410);
    case.answered(&answered);
    scene.network.clock.advance(Span::hours(24 * 40));
    case.answered(&join(&past.path, "nour5").await);
    for path in [
        format!("/invitation/{}", "0".repeat(64)),
        "/invitation/x".to_owned(),
        format!("/invitation/{NOTHING}"),
    ] {
        case.answered(&join(&path, "nour6").await);
    }
    case.end(table).await;
}

async fn roles_of(scene: &Scene, handle: &str) -> Vec<String> {
    use diesel::prelude::*;
    use interkpa_server::db::error::StoreError;
    use interkpa_server::db::schema::{member_roles, members};
    let handle = handle.to_owned();
    let read = scene
        .hub
        .app
        .store
        .read(move |conn| -> Result<Vec<String>, StoreError> {
            let of = members::table
                .filter(members::handle.eq(handle))
                .select(members::id);
            Ok(member_roles::table
                .filter(member_roles::member_id.eq_any(of))
                .select(member_roles::role)
                .load(conn)?)
        });
    read.await.unwrap()
}

/// D87.
async fn unconfirmed(scene: &Scene, table: &mut Table) {
    let case = scene.case(
        87,
        "every member route with the secret of an invitation as cookie and as key",
        &[(303, ""), (401, "*"), (403, "*")],
    );
    let mut case = case.await.rows(&["invitations", "audit_events"]);
    let invited = commands::invite(
        &scene.hub.app,
        By::Operator,
        "Léo".to_owned(),
        Role::TechnicalAdmin,
    )
    .await
    .unwrap();
    let secret = invited.path.rsplit('/').next().unwrap().to_owned();
    let browser = Browser::bare(&scene.hub)
        .with("cookie", &format!("session={secret}"))
        .with("authorization", &format!("Bearer {secret}"));
    for route in routes() {
        if route.surface == Surface::Fediverse
            || !matches!(route.access, Access::Member | Access::Right(_))
        {
            continue;
        }
        let (path, method) = (
            filled(&route, NOTHING),
            format!("{:?}", route.method).to_uppercase(),
        );
        let body = (route.method == Method::Post).then(Vec::new);
        case.answered(&browser.send(&method, &path, &[], body).await);
    }
    case.end(table).await;
}

/// D88.
async fn tries(scene: &Scene, table: &mut Table) {
    let case = scene.case(88, "75 wrong passwords with changing X-Forwarded-For and Forwarded, for one handle and for many", &[(422, ""), (429, "*")]);
    let mut case = case.await;
    scene.network.clock.advance(Span::hours(1));
    let mut waited = [0; 2];
    for n in 0..75_u32 {
        let browser = Browser::stranger(&scene.hub)
            .await
            .with("x-forwarded-for", &format!("203.0.113.{}", n % 250))
            .with("forwarded", &format!("for=198.51.100.{}", n % 250))
            .with("x-real-ip", &format!("192.0.2.{n}"));
        let (which, handle) = if n < 20 {
            (0, "nadege59".to_owned())
        } else {
            (1, format!("inconnu{n}"))
        };
        let answered = sign_in(&browser, &handle, "ce n’est pas lui").await;
        if answered.status == 429 {
            waited[which] += 1;
            case.holds(
                "Retry-After is said",
                !answered.header("retry-after").is_empty(),
            );
        }
        case.answered(&answered);
    }
    case.holds("limited per account after 10", waited[0] == 10);
    case.holds(
        "limited per address whatever the headers say",
        waited[1] >= 1,
    );
    scene.network.clock.advance(Span::hours(1));
    case.end(table).await;
}
