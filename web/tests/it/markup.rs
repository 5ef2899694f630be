//! Hostile text in every place a person or another server may write: the parsed result holds allowed
//! elements and attributes only.

use interkpa_web::SafeHtml;
use interkpa_web::markup::{
    clean_name, excerpt, fuzz, is_hidden, member_text, plain_text, remote_html,
};
use proptest::prelude::*;
use scraper::Html;

const CORPUS: &str = include_str!("xss.txt");

const ALLOWED: [&str; 18] = [
    "p",
    "span",
    "br",
    "a",
    "del",
    "pre",
    "code",
    "em",
    "strong",
    "b",
    "i",
    "u",
    "s",
    "ul",
    "ol",
    "li",
    "blockquote",
    "html",
];

/// What a browser would build that must not be there.
fn faults(html: &SafeHtml) -> Vec<String> {
    let page = Html::parse_fragment(html.as_str());
    let mut faults = Vec::new();
    for element in page.root_element().descendent_elements() {
        let name = element.value().name();
        if !ALLOWED.contains(&name) {
            faults.push(format!("<{name}>"));
        }
        for (attribute, value) in element.value().attrs() {
            let good = match (name, attribute) {
                ("a", "href") => {
                    let value = value.to_lowercase();
                    value.starts_with("https://") || value.starts_with("http://")
                }
                ("a", "rel") => value == "nofollow noopener ugc",
                _ => false,
            };
            if !good {
                faults.push(format!("<{name} {attribute}={value:?}>"));
            }
        }
        if name == "a" && element.attr("href").is_some() && element.attr("rel").is_none() {
            faults.push("a link without rel".to_owned());
        }
    }
    faults
}

#[test]
fn the_corpus_holds_at_least_120_strings() {
    assert!(CORPUS.lines().count() >= 120);
}

#[test]
fn nothing_of_the_corpus_survives_as_html_of_another_server() {
    for line in CORPUS.lines() {
        assert_eq!(
            faults(&remote_html(line)),
            Vec::<String>::new(),
            "{line}\n{}",
            remote_html(line)
        );
    }
    assert_eq!(faults(&remote_html(CORPUS)), Vec::<String>::new());
}

#[test]
fn nothing_of_the_corpus_survives_as_markdown_of_a_member() {
    for line in CORPUS.lines() {
        assert_eq!(
            faults(&member_text(line)),
            Vec::<String>::new(),
            "{line}\n{}",
            member_text(line)
        );
    }
    assert_eq!(faults(&member_text(CORPUS)), Vec::<String>::new());
}

#[test]
fn control_characters_inside_a_scheme_do_not_hide_it() {
    for control in ['\t', '\r', '\u{1}', '\u{b}', '\u{7f}', '\u{a0}'] {
        let markdown = format!("[x](java{control}script:alert(1))");
        let html = format!("<a href=\"java{control}script:alert(1)\">x</a>");
        assert_eq!(
            faults(&member_text(&markdown)),
            Vec::<String>::new(),
            "{control:?}"
        );
        assert_eq!(
            faults(&remote_html(&html)),
            Vec::<String>::new(),
            "{control:?}"
        );
    }
}

#[test]
fn a_member_reads_the_html_they_typed_as_text() {
    let shown = plain_text(&member_text(
        "Mon site : <b>gras</b> & <script>alert(1)</script>",
    ));
    assert_eq!(shown, "Mon site : <b>gras</b> & <script>alert(1)</script>");
}

#[test]
fn markdown_keeps_emphasis_lists_quotes_and_links() {
    let html = member_text(
        "**gras** et *penché*\n\n- un\n- deux\n\n> cité\n\n[lien](https://a.example/x?y=1&z=2)",
    );
    for part in [
        "<strong>gras</strong>",
        "<em>penché</em>",
        "<li>un</li>",
        "<blockquote>",
        "href=\"https://a.example/x?y=1&amp;z=2\"",
    ] {
        assert!(html.as_str().contains(part), "{part} in {html}");
    }
}

#[test]
fn headings_become_paragraphs_and_pictures_their_description() {
    let html = member_text("# Titre\n\n![une chaise](https://a.example/x.png)");
    assert_eq!(plain_text(&html), "Titre une chaise");
    assert!(!html.as_str().contains("<img") && !html.as_str().contains("<h1"));
}

#[test]
fn what_mastodon_writes_is_kept() {
    let html = remote_html(
        "<p>Bonjour <span class=\"h-card\"><a href=\"https://m.example/@a\" class=\"u-url mention\">@<span>a</span></a></span><br />à jeudi</p>",
    );
    assert_eq!(
        html.as_str(),
        "<p>Bonjour <span><a href=\"https://m.example/@a\" rel=\"nofollow noopener ugc\">@<span>a</span></a></span><br>à jeudi</p>"
    );
}

#[test]
fn a_link_that_names_another_host_shows_where_it_leads() {
    let lies = [
        "<a href=\"https://evil.example/x\">https://bobinette.example/connexion</a>",
        "<a href=\"https://bobinette.example@evil.example/\">bobinette.example</a>",
        "<a href=\"https://evil.example\">www.<span>bobinette.example</span></a>",
    ];
    for lie in lies {
        assert!(
            plain_text(&remote_html(lie)).ends_with("(evil.example)"),
            "{}",
            remote_html(lie)
        );
    }
    let honest = [
        "<a href=\"https://www.bobinette.example/x\">bobinette.example/x</a>",
        "<a href=\"https://a.example\">cliquez ici</a>",
        "<a href=\"https://a.example\">Mme. Dupont</a>",
    ];
    for link in honest {
        assert!(
            !remote_html(link).as_str().contains('('),
            "{}",
            remote_html(link)
        );
    }
}

#[test]
fn a_name_loses_direction_overrides_and_invisible_characters() {
    assert_eq!(clean_name("Ka\u{202e}ri\u{200b}ma\u{2066}"), "Karima");
    assert_eq!(clean_name("  deux \n\t lignes\u{0}  "), "deux lignes");
    assert_eq!(clean_name("Cafe\u{301}"), "Café");
    assert_eq!(clean_name("\u{feff}\u{200d}\u{200c}"), "");
    assert_eq!(clean_name("a\u{e0041}b\u{ad}c"), "abc");
}

#[test]
fn a_name_keeps_the_joiners_of_emoji_and_of_persian() {
    assert_eq!(clean_name("👩\u{200d}🌾 ferme"), "👩\u{200d}🌾 ferme");
    assert_eq!(clean_name("می\u{200c}خواهم"), "می\u{200c}خواهم");
    assert_eq!(clean_name("adm\u{200d}in"), "admin");
}

#[test]
fn a_name_is_cut_at_its_limit() {
    assert_eq!(clean_name(&"é".repeat(5000)).chars().count(), 200);
}

#[test]
fn an_excerpt_ends_at_a_word() {
    assert_eq!(excerpt("Deux heures pour apprendre", 15), "Deux heures…");
    assert_eq!(excerpt("Court", 15), "Court");
    assert_eq!(excerpt("Indivisiblement", 5), "Indiv…");
}

#[test]
fn deep_nesting_and_long_texts_stay_cheap() {
    // No timing: the output stays within a multiple of the input, which bounds the work.
    for text in [
        "*".repeat(10_000),
        "> ".repeat(10_000),
        "[".repeat(10_000),
        "<b>".repeat(10_000),
    ] {
        let (remote, member) = fuzz(text.as_bytes());
        assert!(
            remote.as_str().len() <= 16 * text.len(),
            "{}",
            remote.as_str().len()
        );
        assert!(
            member.as_str().len() <= 32 * text.len(),
            "{}",
            member.as_str().len()
        );
    }
}

#[test]
fn a_text_beyond_the_limit_is_cut_between_two_characters() {
    let text = "é".repeat(interkpa_web::markup::TEXT_MAX);
    assert!(plain_text(&remote_html(&text)).len() <= interkpa_web::markup::TEXT_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_give_allowed_elements_only(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (remote, member) = fuzz(&bytes);
        prop_assert_eq!(faults(&remote), Vec::<String>::new());
        prop_assert_eq!(faults(&member), Vec::<String>::new());
    }

    #[test]
    fn pieces_of_the_corpus_in_any_order_give_allowed_elements_only(
        pieces in proptest::collection::vec((0_usize..170, 0_usize..60, 0_usize..60), 1..6)
    ) {
        let lines: Vec<&str> = CORPUS.lines().collect();
        let mut text = String::new();
        for (line, from, count) in pieces {
            let line = lines[line % lines.len()];
            text.extend(line.chars().skip(from % line.len().max(1)).take(count));
        }
        let clean = remote_html(&text);
        prop_assert_eq!(faults(&clean), Vec::<String>::new());
        prop_assert_eq!(&remote_html(clean.as_str()), &clean, "cleaned twice");
        prop_assert_eq!(faults(&member_text(&text)), Vec::<String>::new());
    }

    #[test]
    fn a_clean_name_is_clean_again(name in ".{0,80}") {
        let once = clean_name(&name);
        prop_assert_eq!(clean_name(&once), once.clone());
        let hidden = once.chars().any(|c| is_hidden(c) && !matches!(c, '\u{200c}' | '\u{200d}'));
        prop_assert!(!hidden);
    }
}
