//! Every route × everybody: strangers, a member of another hub, somebody invited, a suspended
//! member, and each role.

use interkpa_federation::Uri;
use interkpa_server::features::people::rights::{Role, Roles};
use interkpa_server::http::access::session_cookie;
use interkpa_server::http::router::routes;
use interkpa_server::http::{Access, Method, Route, Surface};
use interkpa_server::testing::caller::{Answered, Caller};
use interkpa_server::testing::members::TestMember;
use interkpa_server::testing::network::{TestHub, TestNetwork};

use super::filled;

/// An id of nothing.
const NOTHING: &str = "0199c0de-7000-7000-8000-00000000dead";

/// Who asks.
struct Asker {
    name: String,
    /// Sent to pages.
    cookie: Option<String>,
    /// Sent to the JSON twin.
    bearer: Option<String>,
    /// What the hub must take them for; nothing for whoever is not signed in.
    roles: Option<Roles>,
}

/// What the access layer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The handler ran.
    Reached,
    /// Asked to sign in, or for a signature.
    SignIn,
    /// Signed in, without the right.
    Forbidden,
}

impl Asker {
    fn stranger(name: &str, cookie: Option<&str>, bearer: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            cookie: cookie.map(str::to_owned),
            bearer: bearer.map(str::to_owned),
            roles: None,
        }
    }

    fn member(name: &str, member: &TestMember, roles: &[Role]) -> Self {
        Self {
            name: name.to_owned(),
            cookie: Some(member.cookie.clone()),
            bearer: Some(member.token.clone()),
            roles: Some(roles.iter().copied().collect()),
        }
    }

    /// What the table says.
    fn expected(&self, route: &Route) -> Outcome {
        let unknown_key = route.surface == Surface::Api && self.bearer.is_some();
        match (route.access, &self.roles) {
            // A key that is none is said to be none, wherever it is shown.
            (Access::Anyone, None) if unknown_key => Outcome::SignIn,
            (Access::Anyone, _) | (Access::Member, Some(_)) => Outcome::Reached,
            (Access::Peer, _) | (Access::Member | Access::Right(_), None) => Outcome::SignIn,
            (Access::Right(right), Some(roles)) if roles.may(right) => Outcome::Reached,
            (Access::Right(_), Some(_)) => Outcome::Forbidden,
        }
    }

    async fn ask(&self, hub: &TestHub, caller: &Caller, route: &Route) -> Answered {
        let method = format!("{:?}", route.method).to_uppercase();
        // Refusals in JSON name their code.
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        match route.surface {
            Surface::Page => headers.extend(self.cookie.iter().map(|cookie| {
                let name = session_cookie(&hub.app);
                ("cookie".to_owned(), format!("{name}={cookie}"))
            })),
            Surface::Api => headers.extend(
                self.bearer
                    .iter()
                    .map(|key| ("authorization".to_owned(), format!("Bearer {key}"))),
            ),
            Surface::Fediverse => {
                let activity = "application/activity+json".to_owned();
                headers.push(("content-type".to_owned(), activity));
            }
        }
        let uri: Uri = hub.uri(&filled(route, NOTHING));
        let body = (route.method == Method::Post).then(Vec::new);
        caller.send(&method, &uri, &headers, body).await
    }
}

fn outcome(route: &Route, answer: &Answered) -> Outcome {
    if route.access == Access::Peer && (400..500).contains(&answer.status) {
        // The guard of the inbox has tests of its own: here nobody passes without a signature.
        return Outcome::SignIn;
    }
    let code = || {
        serde_json::from_str(&answer.text)
            .ok()
            .and_then(|problem: serde_json::Value| Some(problem.get("code")?.as_str()?.to_owned()))
            .unwrap_or_default()
    };
    match answer.status {
        303 if answer.header("location").starts_with("/connexion?next=") => Outcome::SignIn,
        401 => Outcome::SignIn,
        403 if matches!(code().as_str(), "forbidden" | "scope_missing") => Outcome::Forbidden,
        _ => Outcome::Reached,
    }
}

async fn askers(hub: &TestHub, other: &TestHub) -> Vec<Asker> {
    let neighbour = other
        .member("voisine")
        .role(Role::TechnicalAdmin)
        .create()
        .await;
    let suspended = hub
        .member("suspendue")
        .role(Role::TechnicalAdmin)
        .role(Role::Facilitator)
        .suspended()
        .create()
        .await;
    let mut all = vec![
        Asker::stranger("a stranger", None, None),
        Asker::stranger(
            "a member of another hub",
            Some(&neighbour.cookie),
            Some(&neighbour.token),
        ),
        // Whoever was invited holds the secret of the link, and nothing else.
        Asker::stranger(
            "somebody invited",
            Some(&"1".repeat(64)),
            Some(&"1".repeat(64)),
        ),
        Asker::stranger(
            "a suspended member",
            Some(&suspended.cookie),
            Some(&suspended.token),
        ),
    ];
    for role in Role::ALL {
        let member = hub.member(role.as_str());
        let member = match role {
            Role::Cooperant => member,
            other => member.role(other),
        };
        let member = member.create().await;
        all.push(Asker::member(
            role.as_str(),
            &member,
            &[Role::Cooperant, role],
        ));
    }
    all
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_names_and_nobody_else() {
    let network = TestNetwork::new(13);
    let hub = network.open_hub("bobinette").await;
    let other = network.open_hub("chevalement").await;
    let caller = Caller::new();
    let (mut asked, mut wrong) = (0, Vec::new());

    for asker in askers(&hub, &other).await {
        for route in routes() {
            let answer = asker.ask(&hub, &caller, &route).await;
            let (expected, found) = (asker.expected(&route), outcome(&route, &answer));
            asked += 1;
            if found != expected || answer.status >= 500 {
                wrong.push(format!(
                    "{} {:?} {}: {expected:?} expected, {} {found:?}: {:.200}",
                    asker.name, route.method, route.path, answer.status, answer.text
                ));
            }
        }
    }

    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(asked > 1000, "{asked}");
}
