//! French text to terms, in Rust, so that both engines find the same things (storage.md 6.2).
//!
//! Not here: ranking, phrases, typing errors, other alphabets than the Latin one.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Raised whenever the same text would give other terms: the index is then made anew.
pub const ANALYSER_VERSION: i64 = 2;

/// Longest term kept, in letters: longer words are cut, and found by the same cut (`electricien`,
/// `electricite`). Each shorter beginning has an index of its own: see the migration
/// `search_by_date`.
const TERM_LETTERS_MAX: usize = 8;
/// Most different terms kept of one text.
const TERMS_MAX: usize = 2_000;

/// The terms of a text, each once, in alphabetical order: `[a-z0-9]` only.
///
/// œ and æ are spelt out, accents dropped, words of one letter and the stop list dropped, plurals
/// and endings cut. Elisions need no rule: `l'`, `d'` are words of one letter, `qu'` is a stop word.
pub fn terms(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::French);
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let kept = words.filter(|word| word.len() > 1 && !is_stop_word(word));
    let mut terms: Vec<String> = kept.map(|word| stem(&stemmer, word)).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.truncate(TERMS_MAX);
    terms
}

/// Lower case without accents; letters outside ASCII stay and separate words later.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The stemmer keeps the plural of short words such as `velos`: it is cut first.
fn stem(stemmer: &Stemmer, word: &str) -> String {
    let singular = if word.len() > 3 {
        word.trim_end_matches(['s', 'x'])
    } else {
        word
    };
    let stem = stemmer.stem(singular);
    stem.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(TERM_LETTERS_MAX)
        .collect()
}

fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Words that say nothing about a subject, folded, in alphabetical order.
const STOP_WORDS: &[&str] = &[
    "ai",
    "ainsi",
    "alors",
    "apres",
    "au",
    "aucun",
    "aucune",
    "aussi",
    "autre",
    "autres",
    "aux",
    "avec",
    "avez",
    "avoir",
    "avons",
    "ca",
    "car",
    "ce",
    "ceci",
    "cela",
    "celle",
    "celles",
    "celui",
    "ces",
    "cet",
    "cette",
    "ceux",
    "chaque",
    "chez",
    "ci",
    "comme",
    "dans",
    "de",
    "des",
    "donc",
    "dont",
    "du",
    "elle",
    "elles",
    "en",
    "encore",
    "entre",
    "es",
    "est",
    "et",
    "etaient",
    "etait",
    "etant",
    "ete",
    "etes",
    "etre",
    "eu",
    "eux",
    "faire",
    "fait",
    "ici",
    "il",
    "ils",
    "je",
    "jusqu",
    "la",
    "le",
    "les",
    "leur",
    "leurs",
    "lorsqu",
    "lui",
    "ma",
    "mais",
    "me",
    "meme",
    "memes",
    "mes",
    "moi",
    "mon",
    "ne",
    "ni",
    "nos",
    "notre",
    "nous",
    "on",
    "ont",
    "ou",
    "par",
    "parce",
    "pas",
    "peu",
    "peut",
    "plus",
    "plusieurs",
    "pour",
    "puis",
    "puisqu",
    "qu",
    "quand",
    "que",
    "quel",
    "quelle",
    "quelles",
    "quels",
    "qui",
    "quoi",
    "quoiqu",
    "sa",
    "sans",
    "se",
    "sera",
    "ses",
    "si",
    "soit",
    "sommes",
    "son",
    "sont",
    "sous",
    "suis",
    "sur",
    "ta",
    "te",
    "tes",
    "toi",
    "ton",
    "tous",
    "tout",
    "toute",
    "toutes",
    "tres",
    "tu",
    "un",
    "une",
    "vers",
    "vos",
    "votre",
    "vous",
    "vu",
    "ya",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stop_list_is_sorted_and_folded_as_its_search_needs() {
        assert!(STOP_WORDS.is_sorted_by(|a, b| a < b));
        assert!(STOP_WORDS.iter().all(|word| fold(word) == *word));
    }

    #[test]
    fn accents_plurals_and_ligatures_give_the_same_terms() {
        assert_eq!(
            terms("Réparation d'éclairages"),
            terms("reparation d’eclairage")
        );
        assert_eq!(terms("vélos"), terms("Velo"));
        assert_eq!(terms("cœurs"), terms("COEUR"));
        assert_eq!(terms("É"), terms("le"), "words of one letter are no terms");
    }

    #[test]
    fn elisions_and_small_words_leave_nothing() {
        assert!(terms("l' d’ qu'il jusqu'à la, et des").is_empty());
        assert!(terms("").is_empty());
    }

    #[test]
    fn a_term_is_short_and_made_of_letters_and_digits_whatever_is_typed() {
        for text in [
            "\" OR 1=1 --",
            "a AND NOT (b*)",
            "x\0y",
            &"é".repeat(10_000),
            "漢字 ß İ ﬁn 𝒜𝒷",
        ] {
            for term in terms(text) {
                assert!((1..=TERM_LETTERS_MAX).contains(&term.len()), "{term}");
                assert!(
                    term.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
                    "{term}"
                );
            }
        }
    }
}
