use super::*;

fn read(text: &str) -> Result<Value, JsonError> {
    strict_json(text.as_bytes(), JsonLimits::DOCUMENT)
}

fn is_syntax(result: &Result<Value, JsonError>) -> bool {
    matches!(result, Err(JsonError::Syntax { .. }))
}

#[test]
fn an_honest_document_is_read_as_serde_json_reads_it() {
    let text = r#"{"a":[1,-2,3.5,true,null,"é\ud83d\ude00"],"b":{"c":18446744073709551615},"":""}"#;

    assert_eq!(
        read(text).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );
}

#[test]
fn a_member_named_twice_is_refused_at_any_depth_and_however_it_is_escaped() {
    for text in [
        r#"{"actor":"a","actor":"b"}"#,
        r#"{"object":[{"id":1,"id":1}]}"#,
        r#"{"actor":"a","\u0061ctor":"b"}"#,
    ] {
        assert!(
            matches!(read(text), Err(JsonError::DuplicateMember { .. })),
            "{text}"
        );
    }
}

#[test]
fn the_same_name_in_two_objects_is_fine() {
    assert!(read(r#"{"id":1,"object":{"id":2}}"#).is_ok());
}

#[test]
fn depth_ends_at_the_limit() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));

    assert!(read(&nested(64)).is_ok());
    assert_eq!(read(&nested(65)), Err(JsonError::TooDeep { depth_max: 64 }));
    assert_eq!(
        read(&nested(100_000)),
        Err(JsonError::TooDeep { depth_max: 64 })
    );
}

#[test]
fn the_number_of_values_ends_at_the_limit() {
    let items = |count: usize| format!("[{}0]", "0,".repeat(count - 1));

    assert!(read(&items(19_999)).is_ok());
    assert_eq!(
        read(&items(20_000)),
        Err(JsonError::TooManyValues { values_max: 20_000 })
    );
}

#[test]
fn a_document_over_one_mebibyte_is_refused_before_it_is_read() {
    let text = format!("\"{}\"", "x".repeat(1_048_575));

    assert_eq!(
        read(&text),
        Err(JsonError::TooLong {
            bytes: 1_048_577,
            bytes_max: 1_048_576
        })
    );
}

#[test]
fn a_giant_member_name_is_refused() {
    let text = format!("{{\"{}\":1}}", "x".repeat(2_049));

    assert_eq!(
        read(&text),
        Err(JsonError::NameTooLong {
            name_bytes_max: 2_048
        })
    );
}

#[test]
fn the_nul_character_is_refused_in_texts_and_names() {
    assert_eq!(read(r#""a\u0000b""#), Err(JsonError::Nul));
    assert_eq!(read(r#"{"a\u0000":1}"#), Err(JsonError::Nul));
    assert!(is_syntax(&read("\"a\0b\"")));
}

#[test]
fn what_is_not_json_in_utf8_is_refused() {
    for bytes in [
        &b""[..],
        b"{",
        b"{} {}",
        b"{}x",
        b"\xef\xbb\xbf{}",
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        br#""\ud800""#,
        br#""\udc00\ud800""#,
        b"{\"\xff\":1}",
        b"\xff\xfe{\0}\0",
        b"NaN",
        b"1e999",
        b"{'a':1}",
        b"[1,]",
        b"01",
    ] {
        let result = strict_json(bytes, JsonLimits::DOCUMENT);
        assert!(is_syntax(&result), "{bytes:?}: {result:?}");
    }
}

#[test]
fn every_refusal_has_the_code_of_the_catalogue() {
    assert_eq!(read("{").unwrap_err().code(), "bad_json");
    assert_eq!(read("\"\\u0000\"").unwrap_err().code(), "bad_json");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes: Vec<u8>) {
        let ours = strict_json(&bytes, JsonLimits::DOCUMENT);
        if let Ok(value) = ours {
            proptest::prop_assert_eq!(value, serde_json::from_slice::<Value>(&bytes).unwrap());
        }
    }
}
