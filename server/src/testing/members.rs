//! Members of a test hub, written straight into its tables, and what their programs ask.

use std::sync::OnceLock;

use diesel::prelude::*;
use interkpa_federation::Uri;
use serde_json::Value;

use crate::db::error::StoreError;
use crate::db::schema::{api_tokens, member_roles, members};
use crate::features::people::rights::Role;
use crate::features::people::secret_hash;
use crate::fediverse::keys::{ActorKeys, StoredActorKeys};
use crate::fediverse::member_keys;
use crate::fediverse::ours::OurActor;
use crate::ids::MemberId;
use crate::random::Random;
use crate::testing::caller::{Answered, Caller};
use crate::testing::network::TestHub;

/// A member of a test hub.
#[derive(Debug, Clone)]
pub struct TestMember {
    /// Local key.
    pub id: MemberId,
    /// Handle in the hub.
    pub handle: String,
    /// Bearer token of the API.
    pub token: String,
    /// Address of the Person, or of the hub for who has none.
    pub actor: Uri,
}

/// A member about to be made.
pub struct MemberBuilder<'a> {
    hub: &'a TestHub,
    handle: String,
    roles: Vec<Role>,
    public_actor: bool,
}

impl TestHub {
    /// A member who is a coopérant.
    pub fn member(&self, handle: &str) -> MemberBuilder<'_> {
        MemberBuilder {
            hub: self,
            handle: handle.to_owned(),
            roles: vec![Role::Cooperant],
            public_actor: false,
        }
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
            actor: self.hub.uri(&if self.public_actor {
                OurActor::Member(id.clone()).path()
            } else {
                OurActor::Hub.path()
            }),
        };
        let (app_in, token_id) = (app.clone(), app.new_id());
        app.write(move |tx| -> Result<(), StoreError> {
            diesel::insert_into(members::table)
                .values((
                    members::id.eq(id.as_str()),
                    members::handle.eq(&self.handle),
                    members::display_name.eq(title_case(&self.handle)),
                    members::state.eq("active"),
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
            if self.public_actor {
                member_keys::store(&app_in, tx, app_in.now(), &id, member_key_pair())?;
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
