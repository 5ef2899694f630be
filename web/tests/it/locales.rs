//! The texts: same keys, none missing, none unused, French typography, everyday words.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;

use crate::sources::below;

/// Key → (file, text of every variant).
fn keys(language: &str) -> BTreeMap<String, (String, Vec<String>)> {
    let mut keys = BTreeMap::new();
    for (file, text) in below(&format!("locales/{language}"), "ftl") {
        let resource = parse(text).unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut texts = Vec::new();
                if let Some(pattern) = &message.value {
                    collect(pattern, &mut texts);
                }
                let known = keys.insert(message.id.name.clone(), (file.clone(), texts));
                assert!(known.is_none(), "{} is written twice", message.id.name);
            }
        }
    }
    keys
}

/// One string for a pattern, `{}` for its values; the variants of a choice apart.
fn collect(pattern: &Pattern<String>, texts: &mut Vec<String>) {
    let mut line = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => line.push_str(value),
            PatternElement::Placeable { expression } => {
                line.push_str("{}");
                match expression {
                    Expression::Select { variants, .. } => {
                        for variant in variants {
                            collect(&variant.value, texts);
                        }
                    }
                    Expression::Inline(InlineExpression::StringLiteral { value }) => {
                        texts.push(value.clone());
                    }
                    Expression::Inline(InlineExpression::FunctionReference { id, .. }) => {
                        panic!("{} is not localised by the Rust implementation", id.name)
                    }
                    Expression::Inline(_) => {}
                }
            }
        }
    }
    texts.push(line);
}

#[test]
fn both_languages_have_the_same_keys_in_the_same_files() {
    let by_file = |language: &str| -> BTreeSet<(String, String)> {
        keys(language)
            .into_iter()
            .map(|(key, (file, _))| (file.replace(&format!("/{language}/"), "/"), key))
            .collect()
    };
    let (fr, en) = (by_file("fr"), by_file("en"));
    assert_eq!(
        fr.difference(&en).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "French only"
    );
    assert_eq!(
        en.difference(&fr).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "English only"
    );
}

#[test]
fn every_key_is_used_and_every_key_used_exists() {
    let mut sources = below("templates", "html");
    sources.extend(below("src", "rs"));
    sources.extend(below("../server/src", "rs"));
    sources.extend(below("../federation/src", "rs"));
    let known = keys("fr");
    let mut used = HashSet::new();
    for (file, text) in &sources {
        for literal in text.split('"').skip(1) {
            used.insert(literal.to_owned());
            // The server finds the sentence of a stable code by the code itself.
            used.insert(format!("error-{}", literal.replace('_', "-")));
        }
        for part in text.split(['.', ' ', '(']) {
            for call in ["t(\"", "t1(\"", "t2(\""] {
                if let Some(rest) = part.strip_prefix(call) {
                    let key = rest.split('"').next().unwrap();
                    let is_test = key == "there-is-no-such-key";
                    assert!(
                        is_test || known.contains_key(key),
                        "{file} uses the missing key {key}"
                    );
                }
            }
        }
    }
    let unused: Vec<_> = known.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "unused keys: {unused:?}");
}

#[test]
fn french_texts_follow_french_typography() {
    let mut faults = Vec::new();
    for (key, (_, texts)) in keys("fr") {
        for text in texts {
            let characters: Vec<char> = text.chars().collect();
            for (place, character) in characters.iter().enumerate() {
                let before = place.checked_sub(1).map(|before| characters[before]);
                let after = characters.get(place + 1).copied();
                let alone = after.is_none_or(char::is_whitespace);
                let good = match character {
                    ';' | '!' | '?' => before == Some('\u{202f}') || !alone,
                    ':' => before == Some('\u{a0}') || !alone,
                    '»' => before == Some('\u{a0}'),
                    '«' => after == Some('\u{a0}'),
                    '\'' | '"' => false,
                    _ => true,
                };
                if !good {
                    faults.push(format!("{key}: {character:?} in {text}"));
                }
            }
            if text.contains("  ") || text.contains("...") {
                faults.push(format!("{key}: {text}"));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "run `cargo run -p interkpa-web --example typography`:\n{}",
        faults.join("\n")
    );
}

/// Words of the trade that a member does not have to know (web.md, section 5), and words that scold.
const FORBIDDEN: [&str; 27] = [
    "instance",
    "instances",
    "fédération",
    "fediverse",
    "fédivers",
    "activitypub",
    "activité",
    "activités",
    "objet",
    "objets",
    "acteur",
    "acteurs",
    "endpoint",
    "workflow",
    "token",
    "tokens",
    "soumettre",
    "valider",
    "push",
    "timeline",
    "utilisateur",
    "utilisateurs",
    "transaction",
    "invalide",
    "veuillez",
    "hub",
    "serveur",
];

/// Lines `key word # reason`.
const EXCEPTIONS: &str = include_str!("word-lint-exceptions.txt");

#[test]
fn french_texts_use_everyday_words() {
    let mut exceptions = HashSet::new();
    for line in EXCEPTIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (rule, reason) = line.split_once('#').expect("a reason after #");
        let (key, word) = rule.trim().split_once(' ').expect("key and word");
        assert!(!reason.trim().is_empty(), "{line}");
        exceptions.insert((key.to_owned(), word.trim().to_owned()));
    }
    let mut faults = Vec::new();
    let mut met = HashSet::new();
    for (key, (_, texts)) in keys("fr") {
        for text in texts {
            for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
                if FORBIDDEN.contains(&word) {
                    let rule = (key.clone(), word.to_owned());
                    if exceptions.contains(&rule) {
                        met.insert(rule);
                    } else {
                        faults.push(format!("{key}: « {word} » in {text}"));
                    }
                }
            }
            if key.starts_with("problem-") && text.contains('!') {
                faults.push(format!("{key}: an error does not shout"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let stale: Vec<_> = exceptions.difference(&met).collect();
    assert!(stale.is_empty(), "exceptions no longer needed: {stale:?}");
}

#[test]
fn french_sentences_are_short() {
    let mut faults = Vec::new();
    for (key, (file, texts)) in keys("fr") {
        // Legal pages and pages for operators say what the law and the settings ask.
        if ["legal", "administration", "api"]
            .iter()
            .any(|name| file.ends_with(&format!("{name}.ftl")))
        {
            continue;
        }
        for text in texts {
            for sentence in text.split(['.', '?', '\u{202f}', ':']) {
                let count = sentence
                    .split_whitespace()
                    .filter(|w| w.chars().any(char::is_alphabetic))
                    .count();
                if count > 15 {
                    faults.push(format!("{key}: {count} words: {sentence}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_word_lint_finds_a_planted_word() {
    assert!(FORBIDDEN.contains(&"instance") && FORBIDDEN.contains(&"utilisateur"));
}
