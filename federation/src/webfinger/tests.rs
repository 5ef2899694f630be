use super::*;

#[test]
fn three_spellings_name_one_account() {
    for text in [
        "bobinette@Bobinette.Example",
        "@bobinette@bobinette.example",
        "acct:bobinette@bobinette.example:443",
    ] {
        let handle = Handle::parse(text).unwrap();

        assert_eq!(handle.to_string(), "@bobinette@bobinette.example");
    }
}

#[test]
fn what_is_no_handle_is_refused() {
    let long = format!("{}@hub.example", "a".repeat(10_000));
    for text in [
        "a&resource=acct:x@y",
        "a?b#c@hub.example",
        "@@",
        "%00@hub.example",
        "a@b@hub.example",
        "a@hub.example/x",
        "a@hub.example.",
        "a@127.0.0.1",
        "a@2130706433",
        "\u{430}@hub.example",
        "a\u{200d}b@hub.example",
        "a@",
        ".a@hub.example",
        &long,
    ] {
        assert_eq!(Handle::parse(text), Err(WebfingerError::Handle), "{text}");
    }
}

#[test]
fn a_homograph_of_a_host_is_another_host_and_warned_about() {
    let cyrillic = Handle::parse("a@b\u{43e}binette.example").unwrap();

    assert!(cyrillic.is_confusable());
    assert!(!cyrillic.same(&Handle::parse("a@bobinette.example").unwrap()));
}

#[test]
fn the_question_keeps_the_handle_in_one_parameter() {
    let handle = Handle::parse("bobinette@bobinette.localhost:8401").unwrap();

    assert_eq!(
        handle.question("http").unwrap().as_str(),
        "http://bobinette.localhost:8401/.well-known/webfinger?resource=acct%3Abobinette%40bobinette.localhost%3A8401"
    );
}

#[test]
fn an_answer_about_something_else_is_not_believed() {
    let asked = Handle::parse("a@hub.example").unwrap();
    let jrd = |subject: &str, hrefs: &[&str]| {
        let links: Vec<_> = hrefs
            .iter()
            .map(|href| json!({"rel": "self", "type": ACTIVITY_JSON, "href": href}))
            .collect();
        json!({"subject": subject, "links": links})
    };
    let good = "https://hub.example/a";

    assert!(read(&jrd("acct:A@hub.example", &[good]), &asked).is_ok());
    for (answer, error) in [
        (jrd("acct:b@hub.example", &[good]), WebfingerError::Subject),
        (jrd("acct:a@evil.example", &[good]), WebfingerError::Subject),
        (jrd("acct:a@hub.example", &[]), WebfingerError::SelfLink),
        (
            jrd("acct:a@hub.example", &[good, "https://hub.example/b"]),
            WebfingerError::SelfLink,
        ),
        (
            jrd("acct:a@hub.example", &["https://evil.example/a"]),
            WebfingerError::SelfLink,
        ),
        (json!("no"), WebfingerError::Answer),
    ] {
        assert_eq!(read(&answer, &asked), Err(error), "{answer}");
    }
}

#[test]
fn only_resources_of_this_server_are_answered() {
    let ours = Origin::parse("https://hub.example").unwrap();

    assert_eq!(
        Resource::parse("acct:Hub@hub.example", &ours),
        Ok(Resource::Account("hub".to_owned()))
    );
    assert!(matches!(
        Resource::parse("https://hub.example/", &ours),
        Ok(Resource::Address(_))
    ));
    assert_eq!(
        Resource::parse("acct:hub@other.example", &ours),
        Err(WebfingerError::Elsewhere)
    );
    assert_eq!(
        Resource::parse("http://hub.example/hub", &ours),
        Err(WebfingerError::Elsewhere)
    );
}

#[test]
fn the_page_for_following_is_the_intent_else_the_older_link_and_never_of_another_scheme() {
    let asked = Handle::parse("moi@social.example").unwrap();
    let actor = Uri::parse("https://hub.example/hub").unwrap();
    let ostatus = |template: &str| json!({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": template});
    let intent = json!({
        "rel": "https://w3id.org/fep/3b86/Follow",
        "href": "https://social.example/intent?object={object}&back={on-success}",
    });
    let jrd = |links: Value| json!({"subject": "acct:moi@social.example", "links": links});
    let page =
        |answer: &Value| follow_page(answer, &asked, &actor).map(|page| page.as_str().to_owned());
    let old = ostatus("https://social.example/authorize_interaction?uri={uri}");

    assert_eq!(
        page(&jrd(json!([old]))).unwrap(),
        "https://social.example/authorize_interaction?uri=https%3A%2F%2Fhub.example%2Fhub"
    );
    assert_eq!(
        page(&jrd(json!([old, intent]))).unwrap(),
        "https://social.example/intent?object=https%3A%2F%2Fhub.example%2Fhub&back="
    );
    for bad in [
        "http://social.example/x?uri={uri}",
        "javascript:alert(1)",
        "/x?uri={uri}",
        "",
    ] {
        assert!(page(&jrd(json!([ostatus(bad)]))).is_err(), "{bad}");
    }
    let other = json!({"subject": "acct:toi@social.example", "links": [old]});
    assert_eq!(page(&other), Err(WebfingerError::Subject));
}
