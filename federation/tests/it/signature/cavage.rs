//! What is particular to draft-cavage.

use super::{BODY, HOST, KEY_ID, Method, NOW, STANDARD, Sent, Span, digest, http_date, key};
use base64::Engine;

/// A request before it is signed; each test changes one thing.
pub(super) struct Signed {
    pub(super) method: Method,
    pub(super) target: &'static str,
    pub(super) target_in_text: Option<&'static str>,
    pub(super) host: &'static str,
    pub(super) date: String,
    pub(super) digest: Option<String>,
    pub(super) covered: Vec<&'static str>,
    pub(super) more: Vec<(&'static str, &'static str)>,
    pub(super) key_id: &'static str,
    pub(super) algorithm: Option<&'static str>,
    pub(super) created: Option<String>,
    pub(super) expires: Option<String>,
}

impl Signed {
    pub(super) fn delivery() -> Self {
        Self {
            method: Method::Post,
            target: "/inbox",
            target_in_text: None,
            host: HOST,
            date: http_date(Span::default()),
            digest: Some(digest(BODY)),
            covered: vec!["(request-target)", "host", "date", "digest"],
            more: Vec::new(),
            key_id: KEY_ID,
            algorithm: Some("hs2019"),
            created: None,
            expires: None,
        }
    }

    pub(super) fn read() -> Self {
        Self {
            method: Method::Get,
            target: "/hub?page=1",
            digest: None,
            covered: vec!["(request-target)", "host", "date"],
            ..Self::delivery()
        }
    }

    fn headers(&self) -> Vec<(String, Vec<u8>)> {
        let mut headers = vec![("host", self.host), ("date", &self.date)];
        headers.extend(self.digest.as_deref().map(|digest| ("digest", digest)));
        headers.extend(self.more.iter().copied());
        headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()))
            .collect()
    }

    /// The signed text, written apart from the code under test.
    fn text(&self) -> String {
        let mut lines = Vec::new();
        for name in &self.covered {
            let value = match *name {
                "(request-target)" => {
                    let target = self.target_in_text.unwrap_or(self.target);
                    format!("{} {target}", self.method.as_str().to_lowercase())
                }
                "(created)" => self.created.clone().unwrap_or_default(),
                "(expires)" => self.expires.clone().unwrap_or_default(),
                name => self
                    .headers()
                    .into_iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, value)| String::from_utf8(value).unwrap())
                    .unwrap_or_default(),
            };
            lines.push(format!("{name}: {value}"));
        }
        lines.join("\n")
    }

    pub(super) fn parameters(&self) -> Vec<String> {
        let signature = STANDARD.encode(key().sign(self.text().as_bytes()));
        let mut parameters = vec![format!("keyId=\"{}\"", self.key_id)];
        parameters.extend(self.algorithm.map(|name| format!("algorithm=\"{name}\"")));
        parameters.extend(self.created.as_ref().map(|at| format!("created={at}")));
        parameters.extend(self.expires.as_ref().map(|at| format!("expires={at}")));
        parameters.push(format!("headers=\"{}\"", self.covered.join(" ")));
        parameters.push(format!("signature=\"{signature}\""));
        parameters
    }

    pub(super) fn send(&self) -> Sent {
        self.send_with(&self.parameters().join(","))
    }

    fn send_with(&self, signature: &str) -> Sent {
        let sent = Sent {
            method: self.method,
            target: self.target.to_owned(),
            headers: self.headers(),
            body: if self.method == Method::Post {
                BODY.to_vec()
            } else {
                Vec::new()
            },
        };
        sent.add("signature", signature)
    }
}

/// The code after one change of a genuine delivery.
fn code(change: impl FnOnce(&mut Signed)) -> &'static str {
    let mut signed = Signed::delivery();
    change(&mut signed);
    signed.send().code()
}

#[test]
fn d4_a_signature_over_the_digest_only_is_refused() {
    assert_eq!(
        code(|request| request.covered = vec!["digest"]),
        "sig_headers_insufficient"
    );
}

#[test]
fn d5_leaving_out_any_required_header_is_refused() {
    for name in ["(request-target)", "host", "date", "digest"] {
        let without = |request: &mut Signed| request.covered.retain(|known| *known != name);
        assert_eq!(code(without), "sig_headers_insufficient", "{name}");
    }
    for name in ["(request-target)", "host", "date"] {
        let mut read = Signed::read();
        read.covered.retain(|known| *known != name);
        assert_eq!(read.send().code(), "sig_headers_insufficient", "{name}");
    }
}

#[test]
fn created_does_not_stand_for_the_date() {
    assert_eq!(
        code(|request| {
            request.created = Some(NOW.to_string());
            request.covered = vec!["(request-target)", "host", "(created)", "digest"];
        }),
        "sig_headers_insufficient"
    );
}

#[test]
fn d8_digests_that_are_absent_or_of_another_algorithm_are_refused() {
    assert_eq!(
        code(|request| request.digest = None),
        "sig_headers_insufficient"
    );
    let value = digest(BODY).split_once('=').unwrap().1.to_owned();
    for wrong in [
        format!("md5={value}"),
        format!("SHA={value}"),
        format!("SHA-512={value}"),
        format!("unknown={value}"),
        value.clone(),
        format!("SHA-256={}", value.trim_end_matches('=')),
        format!("SHA-256={value},SHA-512=AAAA"),
        format!("SHA-256={value},SHA-256={value}"),
        format!("SHA-256:{value}"),
        String::new(),
    ] {
        let refused = code(|request| request.digest = Some(wrong.clone()));
        assert_eq!(refused, "digest_mismatch", "{wrong}");
    }
    assert_eq!(
        code(|request| request.digest = Some(format!("sha-256={value}"))),
        "ok"
    );
}

#[test]
fn d9_dates_outside_one_hour_or_unreadable_are_refused() {
    let with_date = |date: String| code(|request| request.date = date);

    assert_eq!(with_date(http_date(Span::hours(1))), "ok");
    assert_eq!(with_date(http_date(Span::hours(-1))), "ok");
    for span in [
        Span::seconds(3_601),
        Span::seconds(-3_601),
        Span::hours(2),
        Span::hours(-2),
        Span::days(24 * 365),
    ] {
        assert_eq!(with_date(http_date(span)), "sig_time", "{span:?}");
    }
    for date in [
        "Fri, 31 Dec 1999 23:59:59 GMT",
        "yesterday",
        "",
        "2026-11-25T08:00:00Z",
        "Wednesday, 25-Nov-26 08:00:00 GMT",
        "Wed, 25 Nov 2026 08:00:00 +0000",
        "Wed, 25 Nov 2026 08:00:00 CET",
        "Thu, 25 Nov 2026 08:00:00 GMT",
    ] {
        assert_eq!(with_date(date.to_owned()), "sig_time", "{date}");
    }
}

#[test]
fn d10_wide_and_odd_times_are_refused_covered_or_not() {
    for odd in [
        "-1",
        "9223372036854775807",
        "18446744073709551615",
        &format!("1{}", "0".repeat(40)),
        "abc",
        "1.5",
        "1e9",
        "+1",
        "",
        "\"\"",
        "\"abc\"",
        "0",
    ] {
        let covering = |request: &mut Signed, name| request.covered.push(name);
        let created = |request: &mut Signed| request.created = Some(odd.to_owned());
        let expires = |request: &mut Signed| request.expires = Some(odd.to_owned());
        let codes = [
            code(created),
            code(expires),
            code(|request| {
                created(request);
                covering(request, "(created)");
            }),
            code(|request| {
                expires(request);
                covering(request, "(expires)");
            }),
        ];
        for code in codes {
            // An empty or signed value is no parameter at all.
            let expected = matches!(code, "sig_time" | "sig_malformed");
            assert!(expected, "{odd}: {code}");
            assert_ne!(code, "ok");
        }
    }
}

#[test]
fn created_and_expires_within_twelve_hours_pass_when_not_past() {
    let at = |hours: i64| (NOW + hours * 3_600).to_string();
    let times = |created: i64, expires: i64| {
        code(|request| {
            request.created = Some(at(created));
            request.expires = Some(at(expires));
            request.covered.extend(["(created)", "(expires)"]);
        })
    };

    assert_eq!(times(0, 1), "ok");
    assert_eq!(times(-12, 12), "ok");
    assert_eq!(times(0, -1), "ok");
    assert_eq!(times(0, -2), "sig_time");
    assert_eq!(times(-13, 1), "sig_time");
    assert_eq!(times(13, 1), "sig_time");
    assert_eq!(times(0, 13), "sig_time");
}

#[test]
fn pseudo_headers_need_their_value_and_an_algorithm_that_knows_them() {
    assert_eq!(
        code(|request| request.covered.push("(created)")),
        "sig_malformed"
    );
    assert_eq!(
        code(|request| {
            request.algorithm = Some("rsa-sha256");
            request.created = Some(NOW.to_string());
            request.covered.push("(created)");
        }),
        "sig_malformed"
    );
}

#[test]
fn d18_unknown_algorithms_are_refused() {
    for algorithm in [
        "rsa-sha1",
        "rsa-sha512",
        "hmac-sha256",
        "ecdsa-sha256",
        "none",
        "",
    ] {
        let refused = code(|request| request.algorithm = Some(algorithm));
        assert_eq!(refused, "key_unsupported", "{algorithm}");
    }
    for algorithm in [None, Some("hs2019"), Some("ed25519")] {
        assert_eq!(code(|request| request.algorithm = algorithm), "ok");
    }
}

#[test]
fn d19_repeated_parameters_are_refused() {
    let genuine = Signed::delivery();
    for parameter in genuine.parameters() {
        let mut doubled = genuine.parameters();
        doubled.push(parameter.clone());
        assert_eq!(
            genuine.send_with(&doubled.join(",")).code(),
            "sig_malformed",
            "{parameter}"
        );
    }
    let mut other_case = genuine.parameters();
    other_case.push("keyid=\"http://evil.localhost:1/hub\"".to_owned());
    assert_eq!(
        genuine.send_with(&other_case.join(",")).code(),
        "sig_malformed"
    );
}

#[test]
fn d19_quotes_and_commas_inside_the_key_id_are_refused() {
    for key_id in [
        "http://criee.localhost:8403/hub#main-key,x",
        "http://criee.localhost:8403/hub\\\"#main-key",
        "http://criee.localhost:8403/hub\",keyId=\"http://evil.localhost:1/",
        "http://criee.localhost:8403/hub #main-key",
        "criee",
        "",
        "acct:hub@criee.localhost",
        "http://127.0.0.1:8403/hub",
    ] {
        assert_eq!(
            code(|request| request.key_id = key_id),
            "sig_malformed",
            "{key_id}"
        );
    }
}

#[test]
fn spaces_stand_around_commas_only_and_the_order_is_free() {
    let genuine = Signed::delivery();
    let mut parameters = genuine.parameters();
    parameters.reverse();

    for separator in [",", ", ", " , "] {
        let header = parameters.join(separator);
        assert_eq!(genuine.send_with(&header).code(), "ok", "{separator:?}");
    }
    let spaced = genuine
        .parameters()
        .join(",")
        .replacen("keyId=", "keyId =", 1);
    assert_eq!(genuine.send_with(&spaced).code(), "sig_malformed");
}

#[test]
fn headers_that_are_no_parameter_list_are_refused() {
    let genuine = Signed::delivery();
    let whole = genuine.parameters().join(",");
    for header in [
        "",
        "x",
        ",",
        "keyId",
        "keyId=",
        "keyId=\"",
        "=\"x\"",
        &format!("Signature {whole}"),
        &format!("{whole},"),
        &format!(",{whole}"),
        &format!("{whole}x"),
        &format!("{whole};a=\"b\""),
        &format!("{whole},a=\"b\\c\""),
        &whole.replace("\",", "\""),
        &format!("{whole},{}", "a".repeat(9_000)),
        &format!(
            "{whole},{}",
            (0..20)
                .map(|n| format!("p{n}=1"))
                .collect::<Vec<_>>()
                .join(",")
        ),
    ] {
        assert_eq!(
            genuine.send_with(header).code(),
            "sig_malformed",
            "{header:.60}"
        );
    }
}

#[test]
fn each_required_parameter_must_be_there() {
    let genuine = Signed::delivery();
    for name in ["keyId", "headers", "signature"] {
        let mut parameters = genuine.parameters();
        parameters.retain(|parameter| !parameter.starts_with(&format!("{name}=")));
        assert_eq!(
            genuine.send_with(&parameters.join(",")).code(),
            "sig_malformed",
            "{name}"
        );
    }
}

#[test]
fn lists_of_covered_headers_with_two_readings_are_refused() {
    for list in [
        vec!["(request-target)", "host", "date", "digest", "host"],
        vec!["(request-target)", "Host", "date", "digest"],
        vec!["(request-target)", "", "host", "date", "digest"],
        vec!["(request-target)", "host", "date", "digest", "(unknown)"],
        vec!["(request-target)", "host", "date", "digest", ":authority"],
        vec![""],
    ] {
        assert_eq!(
            code(|request| request.covered = list.clone()),
            "sig_malformed",
            "{list:?}"
        );
    }
}

#[test]
fn a_covered_header_that_is_absent_is_refused() {
    assert_eq!(
        code(|request| request.covered.push("content-type")),
        "sig_headers_insufficient"
    );
}

#[test]
fn signatures_that_are_no_base64_or_too_long_are_refused() {
    let genuine = Signed::delivery();
    for signature in ["", "%%", "AQI", &"AAAA".repeat(400)] {
        let mut parameters = genuine.parameters();
        parameters.pop();
        parameters.push(format!("signature=\"{signature}\""));
        assert_eq!(
            genuine.send_with(&parameters.join(",")).code(),
            "sig_malformed"
        );
    }
}

#[test]
fn a_read_may_leave_its_query_unsigned_and_a_delivery_may_not() {
    let mut read = Signed::read();
    read.target_in_text = Some("/hub");
    assert_eq!(read.send().code(), "ok");
    read.target_in_text = Some("/hub?page=2");
    assert_eq!(read.send().code(), "sig_invalid");
    read.target_in_text = Some("/other");
    assert_eq!(read.send().code(), "sig_invalid");

    let mut delivery = Signed::delivery();
    (delivery.target, delivery.target_in_text) = ("/inbox?x=1", Some("/inbox"));
    assert_eq!(delivery.send().code(), "sig_invalid");
    delivery.target_in_text = None;
    assert_eq!(delivery.send().code(), "ok");
}
