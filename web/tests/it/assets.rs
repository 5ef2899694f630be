//! The embedded files: names, types, weights, and a style sheet the content security policy accepts.

use std::collections::HashSet;

use interkpa_web::assets::{all, asset, find};

fn text(name: &str) -> String {
    let file = all().iter().find(|file| file.name == name).expect(name);
    String::from_utf8(file.bytes.to_vec()).unwrap()
}

#[test]
fn a_path_carries_a_hash_and_leads_to_its_file() {
    let mut paths = HashSet::new();
    for file in all() {
        let (stem, extension) = file.name.rsplit_once('.').unwrap();
        let hash = file.path.strip_prefix(&format!("/assets/{stem}-")).unwrap();
        let hash = hash.strip_suffix(&format!(".{extension}")).unwrap();
        assert!(
            hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit()),
            "{}",
            file.path
        );
        assert_eq!(find(file.path), Some(file));
        assert_eq!(asset(file.name), file.path);
        assert!(paths.insert(file.path));
    }
    assert_eq!(find("/assets/app.css"), None);
    assert_eq!(find("/assets/../Cargo.toml"), None);
    assert_eq!(asset("nothing.css"), "/assets/nothing.css");
}

#[test]
fn the_weights_stay_within_their_budgets() {
    // Measured with gzip -6: CSS and scripts of this kind compress to a quarter or less. 15 KB of style and
    // 10 KB of scripts compressed are 60 KB and 30 KB as they are.
    let weight = |extension: &str| -> usize {
        all()
            .iter()
            .filter(|file| file.name.ends_with(extension))
            .map(|file| file.bytes.len())
            .sum()
    };
    assert!(weight(".css") < 60_000, "{}", weight(".css"));
    assert!(weight(".js") < 30_000, "{}", weight(".js"));
    assert!(weight(".svg") < 24_000, "{}", weight(".svg"));
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for file in all() {
        let text = text(file.name).replace("http://www.w3.org/2000/svg", "");
        for mark in [
            "http:",
            "https:",
            "//evil",
            "url(",
            "@import",
            "eval(",
            "innerHTML",
            "document.write",
        ] {
            assert!(!text.contains(mark), "{} holds {mark}", file.name);
        }
    }
}

#[test]
fn the_style_sheet_keeps_to_the_baseline_browsers() {
    let css = text("app.css");
    let rules: String = css
        .split("/*")
        .map(|part| part.split_once("*/").map_or(part, |(_, rule)| rule))
        .collect();
    for mark in [
        ":has(",
        "@container",
        "dvh",
        "@layer",
        "color-mix(",
        "oklch(",
        "popover",
    ] {
        assert!(!rules.contains(mark), "{mark} is not in Chrome 95");
    }
    assert_eq!(css.matches('{').count(), css.matches('}').count());
    for physical in [
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "text-align: left",
        "float: left",
    ] {
        assert!(
            !css.contains(physical),
            "{physical}: use logical properties"
        );
    }
}

/// Relative luminance and contrast as WCAG 2.2 defines them.
fn contrast(first: &str, second: &str) -> f64 {
    let luminance = |colour: &str| {
        let channel = |at: usize| {
            let figures = colour.get(at..at + 2).unwrap();
            let value = f64::from(u8::from_str_radix(figures, 16).unwrap()) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    };
    let (a, b) = (luminance(first), luminance(second));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The values of a token, in order of the sheet: light first, then dark.
fn token(css: &str, name: &str) -> Vec<String> {
    css.split(&format!("--{name}: "))
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
        .filter(|value| value.len() == 7 && value.starts_with('#'))
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn every_text_colour_reads_on_every_ground_in_both_schemes() {
    let css = text("app.css");
    let value = |name: &str, scheme: usize| token(&css, name)[scheme].clone();
    for scheme in [0, 1] {
        for ground in ["paper", "ground", "sunk"] {
            let ground_colour = value(ground, scheme);
            for ink in ["text", "muted", "offer", "request", "info", "warn", "bad"] {
                let ratio = contrast(&value(ink, scheme), &ground_colour);
                assert!(
                    ratio >= 4.5,
                    "{ink} on {ground}, scheme {scheme}: {ratio:.2}"
                );
            }
        }
        for soft in ["offer", "request", "info", "warn", "bad"] {
            let ratio = contrast(
                &value(soft, scheme),
                &value(&format!("{soft}-soft"), scheme),
            );
            assert!(
                ratio >= 4.5,
                "{soft} on its own soft ground, scheme {scheme}: {ratio:.2}"
            );
        }
        let ring = contrast(&value("ring", scheme), &value("ground", scheme));
        assert!(ring >= 3.0, "focus ring, scheme {scheme}: {ring:.2}");
    }
}

#[test]
fn each_of_the_eight_accents_reads_in_both_schemes() {
    let css = text("app.css");
    let accents = token(&css, "accent");
    let softs = token(&css, "accent-soft");
    let inks = token(&css, "accent-ink");
    assert_eq!((accents.len(), softs.len(), inks.len()), (16, 16, 2));
    for (place, accent) in accents.iter().enumerate() {
        let scheme = place / 8;
        let paper = &token(&css, "paper")[scheme];
        let ground = &token(&css, "ground")[scheme];
        for (name, other) in [
            ("paper", paper),
            ("ground", ground),
            ("ink", &inks[scheme]),
            ("soft", &softs[place]),
        ] {
            let ratio = contrast(accent, other);
            assert!(ratio >= 4.5, "accent {place} on {name}: {ratio:.2}");
        }
    }
}
