use serde_json::json;

use super::*;

fn text(value: &Value, content: Content) -> Result<String, JcsError> {
    canonical(value, content).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn the_example_of_rfc_8785_section_3_2_4_is_reproduced() {
    let value: Value = serde_json::from_str(
        r#"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
            "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
    )
    .unwrap();

    assert_eq!(
        text(&value, Content::Any).unwrap(),
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
         \"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
    );
}

#[test]
fn names_are_sorted_by_utf16_units_as_in_rfc_8785_section_3_2_3() {
    let value = json!({"\u{20ac}":1,"\r":2,"\u{fb33}":3,"1":4,"\u{1f600}":5,"\u{80}":6,"\u{f6}":7});

    assert_eq!(
        text(&value, Content::Provable).unwrap(),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
}

#[test]
fn what_we_sign_holds_no_float_no_null_and_no_wide_integer() {
    for (value, refusal) in [
        (json!({"a":[1, 0.5]}), JcsError::Float { at: "/a/1".into() }),
        (
            json!({"a~b":{"c/d":1.0}}),
            JcsError::Float {
                at: "/a~0b/c~1d".into(),
            },
        ),
        (json!(-0.0), JcsError::Float { at: String::new() }),
        (json!({"a":null}), JcsError::Null { at: "/a".into() }),
        (
            json!(9_007_199_254_740_992_u64),
            JcsError::IntegerRange { at: String::new() },
        ),
        (
            json!([i64::MIN]),
            JcsError::IntegerRange { at: "/0".into() },
        ),
    ] {
        assert_eq!(
            text(&value, Content::Provable).unwrap_err().to_string(),
            refusal.to_string()
        );
    }
}

#[test]
fn the_widest_integers_are_let_in() {
    let value = json!([9_007_199_254_740_991_u64, -9_007_199_254_740_991_i64]);

    assert_eq!(
        text(&value, Content::Provable).unwrap(),
        "[9007199254740991,-9007199254740991]"
    );
}

#[test]
fn a_wide_integer_has_no_canonical_form_even_from_others() {
    assert!(matches!(
        text(&json!(u64::MAX), Content::Any),
        Err(JcsError::IntegerRange { .. })
    ));
}

#[test]
fn the_order_of_writing_does_not_count() {
    let one: Value = serde_json::from_str(r#"{"b":1,"a":{"d":[],"c":"é"}}"#).unwrap();
    let other: Value = serde_json::from_str(r#" {"a":{"c":"\u00e9","d":[ ]},"b":1}"#).unwrap();

    assert_eq!(
        canonical(&one, Content::Provable).unwrap(),
        canonical(&other, Content::Provable).unwrap()
    );
}
