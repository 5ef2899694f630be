//! What is particular to RFC 9421.

use super::{
    BODY, HOST, KEY_ID, Method, NOW, STANDARD, Sent, Span, content_digest, http_date, key,
};
use base64::Engine;

/// A request before it is signed; each test changes one thing.
pub(super) struct Signed {
    pub(super) method: Method,
    pub(super) target: &'static str,
    pub(super) host: &'static str,
    pub(super) components: Vec<&'static str>,
    pub(super) content_digest: Option<String>,
    pub(super) date: Option<String>,
    pub(super) created: String,
    pub(super) key_id: &'static str,
    pub(super) more_parameters: String,
    pub(super) label: &'static str,
}

impl Signed {
    pub(super) fn delivery() -> Self {
        Self {
            method: Method::Post,
            target: "/inbox",
            host: HOST,
            components: vec!["@method", "@target-uri", "content-digest"],
            content_digest: Some(content_digest(BODY)),
            date: None,
            created: NOW.to_string(),
            key_id: KEY_ID,
            more_parameters: String::new(),
            label: "sig1",
        }
    }

    pub(super) fn read() -> Self {
        Self {
            method: Method::Get,
            target: "/hub?page=1",
            components: vec!["@method", "@target-uri"],
            content_digest: None,
            ..Self::delivery()
        }
    }

    fn parameters(&self) -> String {
        let components: Vec<String> = self
            .components
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect();
        format!(
            "({});created={};keyid=\"{}\"{}",
            components.join(" "),
            self.created,
            self.key_id,
            self.more_parameters
        )
    }

    /// The signature base, written apart from the code under test.
    fn base(&self) -> String {
        let (path, query) = self.target.split_once('?').unwrap_or((self.target, ""));
        let mut lines = Vec::new();
        for name in &self.components {
            let value = match *name {
                "@method" => self.method.as_str().to_owned(),
                "@target-uri" => format!("http://{}{}", self.host, self.target),
                "@authority" | "host" => self.host.to_owned(),
                "@path" => path.to_owned(),
                "@query" => format!("?{query}"),
                "@request-target" => self.target.to_owned(),
                "content-digest" => self.content_digest.clone().unwrap_or_default(),
                "date" => self.date.clone().unwrap_or_default(),
                _ => String::new(),
            };
            lines.push(format!("\"{name}\": {value}"));
        }
        lines.push(format!("\"@signature-params\": {}", self.parameters()));
        lines.join("\n")
    }

    pub(super) fn send(&self) -> Sent {
        let signature = STANDARD.encode(key().sign(self.base().as_bytes()));
        self.send_with(
            &format!("{}={}", self.label, self.parameters()),
            &format!("{}=:{signature}:", self.label),
        )
    }

    fn send_with(&self, input: &str, signature: &str) -> Sent {
        let body = if self.method == Method::Post {
            BODY.to_vec()
        } else {
            Vec::new()
        };
        let mut sent = Sent {
            method: self.method,
            target: self.target.to_owned(),
            headers: Vec::new(),
            body,
        };
        sent = sent.add("host", self.host);
        if let Some(date) = &self.date {
            sent = sent.add("date", date);
        }
        if let Some(digest) = &self.content_digest {
            sent = sent.add("content-digest", digest);
        }
        sent.add("signature-input", input)
            .add("signature", signature)
    }
}

/// The code after one change of a genuine delivery.
fn code(change: impl FnOnce(&mut Signed)) -> &'static str {
    let mut signed = Signed::delivery();
    change(&mut signed);
    signed.send().code()
}

#[test]
fn d4_d5_leaving_out_method_target_or_digest_is_refused() {
    for components in [
        vec!["content-digest"],
        vec!["@target-uri", "content-digest"],
        vec!["@method", "content-digest"],
        vec!["@method", "@path", "content-digest"],
        vec!["@method", "@authority", "content-digest"],
        vec!["@method", "@target-uri"],
        vec![],
    ] {
        let refused = code(|request| request.components = components.clone());
        assert_eq!(refused, "sig_headers_insufficient", "{components:?}");
    }
}

#[test]
fn authority_and_path_stand_for_the_target() {
    for target in [
        vec!["@method", "@authority", "@path", "content-digest"],
        vec!["@method", "@authority", "@request-target", "content-digest"],
        vec![
            "@method",
            "@target-uri",
            "@authority",
            "host",
            "content-digest",
        ],
    ] {
        assert_eq!(
            code(|request| request.components = target.clone()),
            "ok",
            "{target:?}"
        );
    }
}

#[test]
fn a_query_must_be_covered_when_there_is_one() {
    let mut read = Signed::read();
    read.components = vec!["@method", "@authority", "@path"];
    assert_eq!(read.send().code(), "sig_headers_insufficient");

    read.components.push("@query");
    assert_eq!(read.send().code(), "ok");
}

#[test]
fn d8_digests_that_are_absent_or_of_another_algorithm_are_refused() {
    assert_eq!(
        code(|request| request.content_digest = None),
        "digest_mismatch"
    );
    let value = content_digest(BODY)
        .strip_prefix("sha-256=")
        .unwrap()
        .to_owned();
    for wrong in [
        format!("md5={value}"),
        format!("sha={value}"),
        format!("sha-512={value}"),
        format!("SHA-256={value}"),
        format!("sha-256={value}, sha-512={value}"),
        format!("sha-256={value}, md5={value}"),
        format!("sha-256={value}, sha-256={value}"),
        format!("sha-256={value},"),
        format!("sha-256={}", value.trim_matches(':')),
        format!("sha-256={value};x=1"),
        String::new(),
    ] {
        let refused = code(|request| request.content_digest = Some(wrong.clone()));
        assert_eq!(refused, "digest_mismatch", "{wrong}");
    }
}

#[test]
fn a_right_sha_512_may_stand_beside_the_sha_256() {
    use sha2::{Digest, Sha512};
    let sha512 = STANDARD.encode(Sha512::digest(BODY));
    let both = format!("{}, sha-512=:{sha512}:", content_digest(BODY));

    assert_eq!(code(|request| request.content_digest = Some(both)), "ok");
    assert_eq!(
        code(|request| request.content_digest = Some(format!("sha-512=:{sha512}:"))),
        "digest_mismatch"
    );
}

#[test]
fn d9_created_is_required_and_within_one_hour() {
    let created = |offset: i64| code(|request| request.created = (NOW + offset).to_string());

    assert_eq!(created(3_600), "ok");
    assert_eq!(created(-3_600), "ok");
    assert_eq!(created(3_601), "sig_time");
    assert_eq!(created(-3_601), "sig_time");
    assert_eq!(created(24 * 365 * 86_400), "sig_time");
    let mut request = Signed::delivery();
    request.more_parameters = ";nonce=\"x\"".into();
    let sent = request.send();
    let input = format!("sig1={}", request.parameters()).replace(&format!(";created={NOW}"), "");
    assert_eq!(
        sent.set("signature-input", &input).code(),
        "sig_headers_insufficient"
    );
}

#[test]
fn d10_wide_and_odd_times_are_refused() {
    for odd in [
        "-1",
        "9223372036854775807",
        "18446744073709551615",
        &format!("1{}", "0".repeat(40)),
        "abc",
        "1.5",
        "\"1\"",
        "?1",
        "0",
    ] {
        assert_eq!(
            code(|request| request.created = odd.to_owned()),
            "sig_time",
            "{odd}"
        );
        let expires = |request: &mut Signed| request.more_parameters = format!(";expires={odd}");
        assert_eq!(code(expires), "sig_time", "{odd}");
    }
}

#[test]
fn an_expired_signature_is_refused_and_a_fresh_one_passes() {
    let expires = |offset: i64| {
        code(|request| request.more_parameters = format!(";expires={}", NOW + offset))
    };

    assert_eq!(expires(300), "ok");
    assert_eq!(expires(-3_601), "sig_time");
    assert_eq!(expires(13 * 3_600), "sig_time");
}

#[test]
fn a_covered_date_counts_as_well() {
    let with_date = |date: String| {
        code(|request| {
            request.date = Some(date);
            request.components.push("date");
        })
    };

    assert_eq!(with_date(http_date(Span::default())), "ok");
    assert_eq!(with_date(http_date(Span::hours(2))), "sig_time");
}

#[test]
fn any_one_label_passes_and_tag_nonce_and_unknown_parameters_are_part_of_what_is_signed() {
    assert_eq!(code(|request| request.label = "ma-signature"), "ok");
    for more in [";tag=\"x\"", ";nonce=\"a\\\"b\"", ";x", ";y=?0;z=:AQI=:"] {
        assert_eq!(
            code(|request| request.more_parameters = more.into()),
            "ok",
            "{more}"
        );
    }
    let tampered = Signed::delivery().send();
    let input = format!("sig1={};tag=\"y\"", Signed::delivery().parameters());
    assert_eq!(
        tampered.set("signature-input", &input).code(),
        "sig_invalid"
    );
}

#[test]
fn d18_unknown_algorithms_are_refused() {
    for algorithm in [
        "\"rsa-pss-sha512\"",
        "\"hmac-sha256\"",
        "\"none\"",
        "\"\"",
        "ed25519",
        "1",
    ] {
        let refused = code(|request| request.more_parameters = format!(";alg={algorithm}"));
        assert_eq!(refused, "key_unsupported", "{algorithm}");
    }
    assert_eq!(
        code(|request| request.more_parameters = ";alg=\"ed25519\"".into()),
        "ok"
    );
}

#[test]
fn d19_two_labels_or_repeated_parameters_are_refused() {
    let request = Signed::delivery();
    let sent = request.send();
    let input = request.parameters();
    for input in [
        format!("sig1={input}, sig2={input}"),
        format!("sig1={input};keyid=\"x\""),
        format!("sig1={input};created=1"),
        format!("sig2={input}"),
        format!("sig1={}", "a".repeat(9_000)),
    ] {
        let refused = sent.clone().set("signature-input", &input).code();
        assert_eq!(refused, "sig_malformed", "{input:.60}");
    }
}

#[test]
fn a_key_id_that_is_no_address_is_refused() {
    for key_id in [
        "test-key",
        "",
        "http://criee.localhost:8403/hub,x",
        "http://127.0.0.1/hub",
    ] {
        assert_eq!(
            code(|request| request.key_id = key_id),
            "sig_malformed",
            "{key_id}"
        );
    }
    let request = Signed::delivery();
    let input = format!(
        "sig1={}",
        request
            .parameters()
            .replace(&format!("\"{KEY_ID}\""), "token")
    );
    assert_eq!(
        request.send().set("signature-input", &input).code(),
        "sig_malformed"
    );
}
