//! The theme of a proposal whose author chose none, guessed from its words; the author corrects it
//! later (web.md §10, journey 1).

use interkpa_web::words::Category;
use unicode_normalization::UnicodeNormalization as _;

/// Beginnings of words, without accents, that name a theme. The first theme with most hits wins.
const ROOTS: &[(Category, &[&str])] = &[
    (
        Category::Textile,
        &[
            "cout",
            "cous",
            "tissu",
            "textil",
            "serigraph",
            "retouch",
            "tricot",
            "friperie",
            "vetement",
            "surjet",
            "ourlet",
            "floqu",
            "voile",
        ],
    ),
    (
        Category::Mobility,
        &[
            "velo",
            "cycl",
            "cargo",
            "remorque",
            "trottinette",
            "covoitur",
            "permis",
            "bike",
        ],
    ),
    (
        Category::Food,
        &[
            "cuisin", "repas", "buffet", "traiteur", "conserve", "pain", "farine", "legume",
            "recette", "cook",
        ],
    ),
    (
        Category::Repair,
        &[
            "repar", "bricol", "etagere", "meuble", "menuis", "peintur", "plomb", "perceuse",
            "bois", "repair",
        ],
    ),
    (
        Category::Garden,
        &[
            "jardin", "plant", "haie", "compost", "potager", "arbre", "graine", "garden",
        ],
    ),
    (
        Category::Digital,
        &[
            "ordinateur",
            "informatiq",
            "telephone",
            "internet",
            "numeriq",
            "tablette",
            "logiciel",
            "imprimante",
            "computer",
        ],
    ),
    (
        Category::Papers,
        &[
            "tradui",
            "traduc",
            "courrier",
            "papier",
            "dossier",
            "administrat",
            "lettre",
            "arabe",
            "francais",
            "anglais",
            "notice",
            "comptab",
        ],
    ),
    (
        Category::Care,
        &[
            "garde",
            "enfant",
            "accompagn",
            "visite",
            "ancien",
            "lecture",
            "bebe",
            "aide",
        ],
    ),
    (
        Category::Transport,
        &[
            "livr",
            "transport",
            "demenag",
            "camion",
            "porter",
            "colis",
            "trajet",
            "bac",
        ],
    ),
    (
        Category::Culture,
        &[
            "musiqu",
            "concert",
            "repetition",
            "photo",
            "video",
            "theatre",
            "fete",
            "chant",
            "son",
        ],
    ),
    (
        Category::Workshop,
        &[
            "atelier", "machine", "laser", "presse", "fablab", "etabli", "outil", "3d",
        ],
    ),
];

/// The theme whose words stand most often in the title and the text; [`Category::Other`] if none.
pub fn guess(title: &str, text: &str) -> Category {
    let words = words_of(title);
    let rest = words_of(text);
    let mut best = (Category::Other, 0);
    for (category, roots) in ROOTS {
        let hits = |words: &[String]| {
            words
                .iter()
                .filter(|word| roots.iter().any(|root| begins(word, root)))
                .count()
        };
        // What the title says weighs more than what the text mentions.
        let score = hits(&words) * 3 + hits(&rest);
        if score > best.1 {
            best = (*category, score);
        }
    }
    best.0
}

/// Short roots are whole words: « son » is no beginning of « sonnette ».
fn begins(word: &str, root: &str) -> bool {
    if root.len() <= 3 {
        word == root
    } else {
        word.starts_with(root)
    }
}

fn words_of(text: &str) -> Vec<String> {
    let bare: String = text
        .nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    bare.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(400)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_title_name_the_theme() {
        for (title, expected) in [
            (
                "Cours de couture débutant, 2 h, 4 places",
                Category::Textile,
            ),
            ("Réparer le vélo-cargo", Category::Mobility),
            ("Buffet 30 personnes, produits locaux", Category::Food),
            ("Taille de haies < 3 m", Category::Garden),
            ("Traduire une notice fr→ar", Category::Papers),
            ("Poser une étagère", Category::Repair),
            ("Livrer 3 bacs à Roubaix jeudi", Category::Transport),
            ("Presse à chaud 40×50", Category::Workshop),
            ("Sonnette", Category::Other),
            ("", Category::Other),
        ] {
            assert_eq!(guess(title, ""), expected, "{title}");
        }
    }

    #[test]
    fn the_title_weighs_more_than_the_text() {
        assert_eq!(
            guess("Cours de couture", "On cuisine après, un repas"),
            Category::Textile
        );
    }
}
