//! What an answer says it is.
//!
//! An ActivityPub document is believed only under its own type: else a file that a member of
//! another server uploaded there could speak for that server (CVE-2024-25623, security.md D43).

const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// Whether a `Content-Type` is one of an ActivityPub document (ActivityPub §3.2):
/// `application/activity+json`, or `application/ld+json` with the profile of ActivityStreams.
///
/// Letter case, white space, quotes and `charset=utf-8` make no difference; another charset or an
/// unknown parameter does.
pub fn is_activity_document(content_type: &str) -> bool {
    let Some(media_type) = MediaType::parse(content_type) else {
        return false;
    };
    let mut has_profile = false;
    for (name, value) in &media_type.parameters {
        match name.as_str() {
            "charset" if value.eq_ignore_ascii_case("utf-8") => {}
            "profile" if value.split(' ').any(|part| part == ACTIVITY_STREAMS) => {
                has_profile = true;
            }
            _ => return false,
        }
    }
    match media_type.essence.as_str() {
        "application/activity+json" => true,
        "application/ld+json" => has_profile,
        _ => false,
    }
}

/// Whether the type without its parameters is one of these (lower case).
pub(super) fn is_one_of(content_type: &str, essences: &[&str]) -> bool {
    MediaType::parse(content_type)
        .is_some_and(|media_type| essences.contains(&media_type.essence.as_str()))
}

struct MediaType {
    /// Type and subtype in lower case.
    essence: String,
    /// Names in lower case, values without quotes.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// RFC 9110 §8.3.1. A repeated parameter or anything malformed gives nothing.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = split_outside_quotes(text).into_iter();
        let essence = parts.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let mut parameters: Vec<(String, String)> = Vec::new();
        for part in parts {
            let (name, value) = part.trim().split_once('=')?;
            let name = name.to_ascii_lowercase();
            let value = match value.strip_prefix('"') {
                Some(rest) => rest
                    .strip_suffix('"')
                    .filter(|v| !v.contains(['"', '\\']))?,
                None => Some(value).filter(|value| is_token(value))?,
            };
            if !is_token(&name) || parameters.iter().any(|(known, _)| *known == name) {
                return None;
            }
            parameters.push((name, value.to_owned()));
        }
        Some(Self {
            essence,
            parameters,
        })
    }
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        if c == '"' {
            quoted = !quoted;
        }
        c == ';' && !quoted
    })
    .collect()
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_servers_send_are_accepted() {
        for text in [
            "application/activity+json",
            "application/activity+json; charset=utf-8",
            "application/activity+json;charset=UTF-8",
            "Application/Activity+JSON; Charset=\"utf-8\"",
            "application/activity+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; charset=utf-8; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"http://example.org/x https://www.w3.org/ns/activitystreams\"",
        ] {
            assert!(is_activity_document(text), "{text}");
        }
    }

    #[test]
    fn every_other_type_is_refused() {
        for text in [
            "",
            "text/html",
            "text/plain",
            "image/png",
            "application/octet-stream",
            "application/json",
            "application/ld+json",
            "application/ld+json; charset=utf-8",
            "application/ld+json; profile=\"https://example.org/\"",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
            "application/activity+json; charset=utf-16",
            "application/activity+json; charset=utf-8; charset=utf-7",
            "application/activity+json, text/html",
            "application/activity+json text/html",
            "application/activity+json;",
            "text/html; x=\"application/activity+json\"",
            "application/activity+json; x=y",
        ] {
            assert!(!is_activity_document(text), "{text}");
        }
    }

    #[test]
    fn other_kinds_are_known_by_their_essence() {
        let json = ["application/jrd+json", "application/json"];

        assert!(is_one_of("application/jrd+json; charset=utf-8", &json));
        assert!(is_one_of("Application/JSON", &json));
        assert!(!is_one_of("text/html; a=application/json", &json));
        assert!(!is_one_of("json", &json));
    }
}
