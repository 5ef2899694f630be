//! Members of a test hub, written straight into its tables, and what their programs ask.

use std::sync::OnceLock;

use diesel::prelude::*;
use interkpa_federation::Uri;
use serde_json::Value;

use crate::db::error::StoreError;
use crate::db::schema::{api_tokens, member_roles, members, sessions};
use crate::features::people::rights::Role;
use crate::features::people::secret_hash;
use crate::fediverse::keys::{ActorKeys, StoredActorKeys};
use crate::fediverse::member_keys;
use crate::fediverse::ours::OurActor;
use crate::http::access::session_cookie;
use crate::ids::MemberId;
use crate::random::Random;
use crate::testing::caller::{Answered, Caller};
use crate::testing::network::TestHub;

/// How long a session of a test lives: a year, so that clocks may be advanced.
const SESSION_MS: i64 = 365 * 86_400_000;

/// A member of a test hub.
#[derive(Debug, Clone)]
pub struct TestMember {
    /// Local key.
    pub id: MemberId,
    /// Handle in the hub.
    pub handle: String,
    /// Bearer token of the API.
    pub token: String,
    /// Cookie of a session.
    pub cookie: String,
    /// Token of the forms of that session.
    pub csrf: String,
    /// Address of the Person, or of the hub for who has none.
    pub actor: Uri,
}

/// A member about to be made.
pub struct MemberBuilder<'a> {
    hub: &'a TestHub,
    handle: String,
    roles: Vec<Role>,
    public_actor: bool,
    state: &'static str,
}

impl TestHub {
    /// A member who is a coopérant.
    pub fn member(&self, handle: &str) -> MemberBuilder<'_> {
        MemberBuilder {
            hub: self,
            handle: handle.to_owned(),
            roles: vec![Role::Cooperant],
            public_actor: false,
            state: "active",
        }
    }

    /// A page as a browser asks for it, signed in or not.
    pub async fn page(&self, member: Option<&TestMember>, path: &str) -> Answered {
        let headers = self.browser(member);
        Caller::new()
            .send("GET", &self.uri(path), &headers, None)
            .await
    }

    /// A form as a browser sends it, with the token of its session.
    pub async fn form(&self, member: &TestMember, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut headers = self.browser(Some(member));
        let form = "application/x-www-form-urlencoded".to_owned();
        headers.push(("content-type".to_owned(), form));
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &member.csrf);
        body.extend_pairs(fields);
        let body = body.finish().into_bytes();
        Caller::new()
            .send("POST", &self.uri(path), &headers, Some(body))
            .await
    }

    fn browser(&self, member: Option<&TestMember>) -> Vec<(String, String)> {
        let mut headers = vec![("accept".to_owned(), "text/html,*/*;q=0.8".to_owned())];
        if let Some(member) = member {
            let cookie = format!("{}={}", session_cookie(&self.app), member.cookie);
            headers.push(("cookie".to_owned(), cookie));
        }
        headers
    }

    /// What the program of a member asks, and the answer.
    pub async fn api(
        &self,
        member: &TestMember,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Answered {
        let mut headers = vec![(
            "authorization".to_owned(),
            format!("Bearer {}", member.token),
        )];
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let body = body.map(|body| body.to_string().into_bytes());
        Caller::new()
            .send(method, &self.uri(path), &headers, body)
            .await
    }
}

impl MemberBuilder<'_> {
    /// One more role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// Somebody whose account was suspended; sessions and keys stay in the tables.
    #[must_use]
    pub fn suspended(self) -> Self {
        Self {
            state: "suspended",
            ..self
        }
    }

    /// Somebody others can follow.
    #[must_use]
    pub fn public_actor(self) -> Self {
        Self {
            public_actor: true,
            ..self
        }
    }

    /// Writes the member.
    pub async fn create(self) -> TestMember {
        let app = &self.hub.app;
        let (now, id) = (app.now().as_milliseconds(), MemberId::known(app.new_id()));
        let token = format!("ikpa_test_{}_{}", app.config.hub.slug, self.handle);
        let member = TestMember {
            id: id.clone(),
            handle: self.handle.clone(),
            token: token.clone(),
            cookie: format!("cookie-of-{}", id.as_str()),
            csrf: format!("csrf-of-{}", id.as_str()),
            actor: self.hub.uri(&if self.public_actor {
                OurActor::Member(id.clone()).path()
            } else {
                OurActor::Hub.path()
            }),
        };
        let (app_in, token_id) = (app.clone(), app.new_id());
        let (cookie, csrf) = (member.cookie.clone(), member.csrf.clone());
        app.write(move |tx| -> Result<(), StoreError> {
            diesel::insert_into(members::table)
                .values((
                    members::id.eq(id.as_str()),
                    members::handle.eq(&self.handle),
                    members::display_name.eq(title_case(&self.handle)),
                    members::state.eq(self.state),
                    members::public_actor.eq(self.public_actor),
                    members::created_at.eq(now),
                    members::updated_at.eq(now),
                ))
                .execute(tx)?;
            for role in &self.roles {
                diesel::insert_into(member_roles::table)
                    .values((
                        member_roles::member_id.eq(id.as_str()),
                        member_roles::role.eq(role.as_str()),
                        member_roles::granted_at.eq(now),
                    ))
                    .execute(tx)?;
            }
            diesel::insert_into(api_tokens::table)
                .values((
                    api_tokens::id.eq(token_id),
                    api_tokens::secret_hash.eq(secret_hash(&token)),
                    api_tokens::member_id.eq(id.as_str()),
                    api_tokens::label.eq("test"),
                    api_tokens::created_at.eq(now),
                ))
                .execute(tx)?;
            diesel::insert_into(sessions::table)
                .values((
                    sessions::id_hash.eq(secret_hash(&cookie)),
                    sessions::member_id.eq(id.as_str()),
                    sessions::csrf_secret.eq(csrf),
                    sessions::browser.eq("test"),
                    sessions::created_at.eq(now),
                    sessions::seen_at.eq(now),
                    sessions::expires_at.eq(now + SESSION_MS),
                    sessions::confirmed_at.eq(now),
                ))
                .execute(tx)?;
            if self.public_actor {
                member_keys::keep(&app_in, tx, app_in.now(), &id, member_key_pair())?;
            }
            Ok(())
        })
        .await
        .expect("a member is written");
        member
    }
}

/// One pair for all members of all tests: making RSA keys takes its time.
fn member_key_pair() -> &'static StoredActorKeys {
    static PAIR: OnceLock<StoredActorKeys> = OnceLock::new();
    PAIR.get_or_init(|| {
        ActorKeys::generate(&Random::seeded(7))
            .expect("keys are made")
            .1
    })
}

fn title_case(handle: &str) -> String {
    let mut letters = handle.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
