//! The OpenAPI description: what the features say, and what holds for every address.

use std::sync::LazyLock;

use utoipa::ToSchema as _;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, Required, Response, ResponseBuilder, Schema,
};

use crate::db::once;
use crate::features;
use crate::http::error::Problem;
use crate::http::router;
use crate::http::{Access, Method, Route, Surface};

/// Name of the security scheme.
const BEARER: &str = "bearer";
/// What only the keys of the team may do.
const TEXT: &str = "Everything the pages of a hub do, as JSON. A refusal is \
    `application/problem+json` with a stable `code`. Lists are `{\"items\": [], \"next\": …}`: give \
    `next` as `after` for the page that follows. Members that are unknown in a body are ignored. \
    A POST with an `Idempotency-Key` takes effect once, and a repetition gets the first answer.";

/// The description of this version's interface, made once.
pub fn description() -> &'static OpenApi {
    static MADE: LazyLock<OpenApi> = LazyLock::new(make);
    &MADE
}

fn make() -> OpenApi {
    let mut whole = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Inter-KPA")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(TEXT))
                .license(Some(
                    LicenseBuilder::new()
                        .name("AGPL-3.0-or-later")
                        .identifier(Some("AGPL-3.0-or-later"))
                        .build(),
                ))
                .build(),
        )
        .components(Some(components()))
        .build();
    for feature in features::ALL {
        whole.merge((feature.describe)());
    }
    for route in router::routes() {
        if route.surface == Surface::Api
            && let Some(item) = whole.paths.paths.get_mut(route.path)
            && let Some(operation) = operation(item, route.method)
        {
            complete(operation, &route);
        }
    }
    whole
}

fn components() -> utoipa::openapi::Components {
    let mut schemas: Vec<(String, RefOr<Schema>)> = Vec::new();
    Problem::schemas(&mut schemas);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("ikpa_…")
        .description(Some("A key made on the page « Mes clés ».".to_owned()))
        .build();
    ComponentsBuilder::new()
        .schema(
            Problem::name(),
            <Problem as utoipa::PartialSchema>::schema(),
        )
        .schemas_from_iter(schemas)
        .security_scheme(BEARER, SecurityScheme::Http(bearer))
        .build()
}

/// The operation of a method.
pub(super) fn operation(item: &mut PathItem, method: Method) -> Option<&mut Operation> {
    match method {
        Method::Get => item.get.as_mut(),
        Method::Post => item.post.as_mut(),
        Method::Delete => item.delete.as_mut(),
    }
}

/// What follows from the authorisation table and the house's rules.
fn complete(operation: &mut Operation, route: &Route) {
    operation.operation_id = Some(operation_id(route));
    operation.tags = Some(vec![group(route.path).to_owned()]);
    let signed_in = SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, []);
    let mut security = vec![signed_in];
    if route.access == Access::Anyone {
        security.push(SecurityRequirement::default());
    }
    operation.security = Some(security);
    let mut refuse = |status: &str, why: &str| {
        let answers = &mut operation.responses.responses;
        answers.insert(status.to_owned(), RefOr::T(refusal(why)));
    };
    refuse(
        "default",
        "Any other refusal or failure; `code` says which.",
    );
    match route.access {
        Access::Anyone | Access::Peer => {}
        Access::Member => refuse("401", "Nobody is signed in, or the key is unknown."),
        Access::Right(right) => {
            refuse("401", "Nobody is signed in, or the key is unknown.");
            refuse("403", &format!("Needs the right `{}`.", right.as_str()));
        }
    }
    if route.method == Method::Post {
        operation
            .parameters
            .get_or_insert_default()
            .push(idempotency_key());
    }
}

/// `post_proposals_id_responses`: unique because method and path are.
fn operation_id(route: &Route) -> String {
    let method = format!("{:?}", route.method).to_lowercase();
    let words = route
        .path
        .split(['/', '{', '}', '.'])
        .filter(|word| !word.is_empty() && !matches!(*word, "api" | "v1"));
    std::iter::once(method.as_str())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

/// The first word of the path behind the version.
pub(super) fn group(path: &str) -> &str {
    path.trim_start_matches("/api/v1/")
        .split('/')
        .next()
        .unwrap_or_default()
}

fn refusal(why: &str) -> Response {
    let problem = RefOr::Ref(Ref::from_schema_name(Problem::name()));
    ResponseBuilder::new()
        .description(why)
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(problem)).build(),
        )
        .header("x-request-id", Header::default())
        .build()
}

fn idempotency_key() -> Parameter {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .min_length(Some(1))
        .max_length(Some(once::KEY_BYTES_MAX));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Makes a repetition harmless: any text of the caller's.",
        ))
        .schema(Some(text))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::api::OPENAPI;

    fn json() -> Value {
        serde_json::to_value(description()).unwrap()
    }

    #[test]
    fn every_address_of_the_json_twin_is_described_and_no_other() {
        let routes: BTreeSet<String> = router::routes()
            .iter()
            .filter(|route| route.surface == Surface::Api && route.path != OPENAPI)
            .map(|route| format!("{:?} {}", route.method, route.path).to_lowercase())
            .collect();

        let described: BTreeSet<String> = json()["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                item.as_object()
                    .unwrap()
                    .keys()
                    .map(move |method| format!("{method} {path}"))
            })
            .map(|name| name.to_lowercase())
            .collect();

        assert_eq!(described, routes);
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        let whole = json();
        let mut stack = vec![&whole];
        let mut seen = 0;

        while let Some(value) = stack.pop() {
            if let Some(target) = value.get("$ref").and_then(Value::as_str) {
                seen += 1;
                let pointer = target.trim_start_matches('#');
                assert!(whole.pointer(pointer).is_some(), "{target}");
            }
            match value {
                Value::Object(members) => stack.extend(members.values()),
                Value::Array(items) => stack.extend(items),
                _ => {}
            }
        }

        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_a_summary_and_says_who_may() {
        let whole = json();
        let mut names = BTreeSet::new();

        for (path, item) in whole["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap().to_owned();
                assert!(names.insert(name.clone()), "{name}");
                let said = operation["summary"].as_str().unwrap_or_default();
                assert!(!said.is_empty(), "{method} {path}");
                assert!(operation["security"].is_array(), "{method} {path}");
                assert!(operation["responses"]["default"].is_object());
            }
        }
    }
}
