//! Titles and texts that differ, with words that are rare and words that are not.
//!
//! The same number gives the same words, on every machine.

/// A generated title and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// A word of one title in two hundred.
pub(crate) const RARE: &str = "harmonium";
/// A word of one title in sixteen.
pub(crate) const COMMON: &str = "vélo";

const THINGS: [&str; 16] = [
    "vélo",
    "machine à coudre",
    "potager",
    "cours d’accordéon",
    "covoiturage",
    "lecture à voix haute",
    "perceuse",
    "atelier de sérigraphie",
    "garde d’enfants",
    "repas partagé",
    "dépannage informatique",
    "chantier de peinture",
    "tricot",
    "remorque",
    "compost",
    "traduction",
];
const MANNERS: [&str; 10] = [
    "le samedi",
    "en soirée",
    "à domicile",
    "pour débuter",
    "entre voisins",
    "au local",
    "par beau temps",
    "avec le matériel",
    "en petit groupe",
    "à prix libre",
];
const VERBS: [&str; 8] = [
    "réparer",
    "apprendre",
    "prêter",
    "partager",
    "transporter",
    "fabriquer",
    "trier",
    "accompagner",
];

impl Words {
    /// The words of a number.
    pub(crate) fn of(number: u64) -> Self {
        let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 16
        };
        let thing = pick(&THINGS, draw());
        let rare = if draw() % 200 == 0 { RARE } else { "" };
        let title = format!(
            "{} {rare} {} {number}",
            capital(thing),
            pick(&MANNERS, draw())
        );
        let sentences: Vec<String> = (0..4)
            .map(|_| {
                format!(
                    "On peut {} {} et {} {}.",
                    pick(&VERBS, draw()),
                    pick(&THINGS, draw()),
                    pick(&VERBS, draw()),
                    pick(&MANNERS, draw())
                )
            })
            .collect();
        Self {
            title: title.split_whitespace().collect::<Vec<_>>().join(" "),
            text: sentences.join(" "),
        }
    }
}

fn pick<'a>(words: &[&'a str], number: u64) -> &'a str {
    let count = u64::try_from(words.len()).unwrap_or(1).max(1);
    let place = usize::try_from(number % count).unwrap_or(0);
    words.get(place).copied().unwrap_or_default()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_gives_the_same_words_and_rare_words_are_rare() {
        let all: Vec<Words> = (0..2_000).map(Words::of).collect();
        let rare = all
            .iter()
            .filter(|words| words.title.contains(RARE))
            .count();

        assert_eq!(Words::of(7), Words::of(7));
        assert!((1..60).contains(&rare), "{rare}");
        assert!(all.iter().all(|words| words.title.chars().count() <= 120));
    }
}
