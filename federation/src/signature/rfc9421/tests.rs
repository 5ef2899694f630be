use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::multikey::PublicKey;

/// The request of RFC 9421 appendix B.2, and its Ed25519 key (B.1.4).
const HEADERS: [(&str, &[u8]); 4] = [
    ("host", b"example.com"),
    ("date", b"Tue, 20 Apr 2021 02:07:55 GMT"),
    ("content-type", b"application/json"),
    ("content-length", b"18"),
];
const TARGET: &str = "/foo?param=Value&Pet=dog";

fn base_of(input: &str) -> Result<String, SignatureError> {
    let own = Origin::parse("https://example.com").unwrap();
    let target = Target {
        method: Method::Post,
        path_and_query: TARGET,
        own: &own,
    };
    base(&read_input(input)?, &target, &Headers::new(&HEADERS))
}

#[test]
fn the_ed25519_signature_of_appendix_b_2_6_verifies() {
    let base = base_of(
        "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \
         \"content-length\");created=1618884473;keyid=\"test-key-ed25519\"",
    )
    .unwrap();
    let signature = read_signature(
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
        "sig-b26",
    )
    .unwrap();
    let key = STANDARD
        .decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")
        .unwrap();
    let key = PublicKey::from_bytes(&key.try_into().unwrap()).unwrap();

    assert!(key.verifies(base.as_bytes(), &signature.try_into().unwrap()));
}

#[test]
fn derived_components_are_those_of_section_2_2() {
    let base = base_of(
        "s=(\"@method\" \"@target-uri\" \"@authority\" \"@scheme\" \"@request-target\" \"@path\" \
         \"@query\");created=1",
    )
    .unwrap();

    assert_eq!(
        base,
        "\"@method\": POST\n\
         \"@target-uri\": https://example.com/foo?param=Value&Pet=dog\n\
         \"@authority\": example.com\n\
         \"@scheme\": https\n\
         \"@request-target\": /foo?param=Value&Pet=dog\n\
         \"@path\": /foo\n\
         \"@query\": ?param=Value&Pet=dog\n\
         \"@signature-params\": (\"@method\" \"@target-uri\" \"@authority\" \"@scheme\" \
         \"@request-target\" \"@path\" \"@query\");created=1"
    );
}

#[test]
fn parameters_are_written_canonically_whatever_spaces_they_came_with() {
    let base = base_of(
        "s=(  \"@method\"   \"date\" );  created=0017; keyid=\"a\\\"b\\\\c\";x;y=?0;z=tok/en;b=:AQI=:",
    )
    .unwrap();

    assert!(
        base.ends_with(
            "\n\"@signature-params\": (\"@method\" \"date\");created=17;keyid=\"a\\\"b\\\\c\"\
             ;x;y=?0;z=tok/en;b=:AQI=:"
        ),
        "{base}"
    );
}

#[test]
fn inputs_with_two_readings_are_refused() {
    for input in [
        "",
        "sig1",
        "sig1=",
        "sig1=(\"@method\"",
        "sig1=(\"@method\");",
        "sig1=(\"@method\");created=1;created=2",
        "sig1=(\"@method\" \"@method\");created=1",
        "sig1=(\"@method\"\"@path\");created=1",
        "sig1=(@method);created=1",
        "sig1=(\"@method\";req);created=1",
        "sig1=(\"date\";sf);created=1",
        "sig1=(\"@query-param\";name=\"a\");created=1",
        "sig1=(\"Date\");created=1",
        "sig1=(\"da\\\"te\");created=1",
        "sig1=(\"\");created=1",
        "sig1=(\"@\");created=1",
        "Sig1=(\"@method\");created=1",
        "sig1=(\"@method\");created=1, sig2=(\"@method\");created=1",
        "sig1=(\"@method\");created=1,",
        "sig1=\"@method\";created=1",
        "sig1=(\"@method\");created=1.5",
        "sig1=(\"@method\");created=1234567890123456",
        "sig1=(\"@method\");created=--1",
        "sig1=(\"@method\");keyid=\"abc",
        "sig1=(\"@method\");x=:%%:",
        "sig1=(\"@method\");x=?2",
        "sig1=(\"@status\");created=1",
        "sig1=(\"@signature-params\");created=1",
    ] {
        assert!(
            matches!(base_of(input), Err(SignatureError::Malformed { .. })),
            "{input}"
        );
    }
}

#[test]
fn a_covered_header_that_is_absent_is_refused() {
    assert_eq!(
        base_of("sig1=(\"digest\");created=1"),
        Err(SignatureError::Insufficient {
            part: "digest".to_owned()
        })
    );
}

#[test]
fn the_signature_must_carry_the_one_label_of_its_input() {
    for text in [
        "sig2=:AQI=:",
        "sig1=:AQI=:, sig2=:AQI=:",
        "sig1=:AQI=:;x",
        "sig1=\"AQI=\"",
        "sig1=:AQI:",
        "sig1=:AQI=",
        "",
    ] {
        assert!(read_signature(text, "sig1").is_err(), "{text}");
    }
    assert_eq!(read_signature("sig1=:AQI=:", "sig1"), Ok(vec![1, 2]));
}
