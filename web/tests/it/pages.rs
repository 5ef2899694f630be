//! Every page × sample × locale: one look at each with the eyes of a browser, a screen reader and the CSP.

use std::collections::{HashMap, HashSet};

use interkpa_web::gallery::{self, Rendered};
use interkpa_web::locale::MISSING;
use interkpa_web::{Locale, assets};
use scraper::{ElementRef, Html, Selector};

fn everything() -> Vec<Rendered> {
    Locale::ALL.into_iter().flat_map(gallery::all).collect()
}

/// Runs a check on every page and reports all faults at once.
fn each(check: impl Fn(&Rendered, &Html) -> Vec<String>) {
    let mut faults = Vec::new();
    let pages = everything();
    assert!(pages.len() > 20, "the gallery lost its pages");
    for page in &pages {
        let parsed = Html::parse_document(&page.html);
        for fault in check(page, &parsed) {
            faults.push(format!(
                "{}.{}.{}: {fault}",
                page.view,
                page.sample,
                page.locale.code()
            ));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).collect()
}

fn words(element: ElementRef<'_>) -> String {
    element
        .text()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_page_is_well_formed_html() {
    each(|page, parsed| {
        let mut faults: Vec<String> = parsed.errors.iter().map(ToString::to_string).collect();
        faults.extend(unbalanced(&page.html));
        faults
    });
}

/// Elements opened and not closed, or closed and not opened: the parser mends them silently.
fn unbalanced(html: &str) -> Vec<String> {
    const VOID: [&str; 8] = ["meta", "link", "input", "img", "br", "hr", "use", "path"];
    const DRAWN: [&str; 3] = ["circle", "rect", "line"];
    let mut open: Vec<String> = Vec::new();
    let mut faults = Vec::new();
    for part in html.split('<').skip(1) {
        if part.starts_with('!') {
            continue;
        }
        let (closing, rest) = match part.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, part),
        };
        let name: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let alone = VOID.contains(&name.as_str()) || DRAWN.contains(&name.as_str());
        if closing {
            match open.pop() {
                Some(last) if last == name => {}
                last => faults.push(format!("</{name}> closes {last:?}")),
            }
        } else if !alone {
            open.push(name);
        }
    }
    faults.extend(
        open.into_iter()
            .map(|name| format!("<{name}> is not closed")),
    );
    faults
}

#[test]
fn a_page_has_its_language_one_title_one_h1_and_headings_in_order() {
    each(|page, parsed| {
        let mut faults = Vec::new();
        let html = select(parsed, "html");
        if html.first().and_then(|html| html.attr("lang")) != Some(page.locale.code()) {
            faults.push("the language is not said".to_owned());
        }
        if select(parsed, "title").len() != 1 || select(parsed, "h1").len() != 1 {
            faults.push(format!("{} h1", select(parsed, "h1").len()));
        }
        if select(parsed, "main").len() != 1 {
            faults.push("one main".to_owned());
        }
        let mut last = 1;
        for heading in select(parsed, "main h1, main h2, main h3, main h4") {
            let level: u32 = heading
                .value()
                .name()
                .trim_start_matches('h')
                .parse()
                .unwrap();
            if level > last + 1 {
                faults.push(format!("h{level} after h{last}: {}", words(heading)));
            }
            if words(heading).is_empty() {
                faults.push("an empty heading".to_owned());
            }
            last = level;
        }
        faults
    });
}

#[test]
fn titles_differ_from_page_to_page() {
    for locale in Locale::ALL {
        let mut known: HashMap<String, &str> = HashMap::new();
        for page in gallery::all(locale) {
            let parsed = Html::parse_document(&page.html);
            let title = words(*select(&parsed, "title").first().unwrap());
            let other = known.entry(title.clone()).or_insert(page.view);
            assert_eq!(*other, page.view, "{title} is the title of two pages");
        }
    }
}

#[test]
fn an_identifier_stands_once_and_references_lead_somewhere() {
    each(|_, parsed| {
        let mut faults = Vec::new();
        let mut known = HashSet::new();
        for element in select(parsed, "[id]") {
            if !known.insert(element.attr("id").unwrap_or("").to_owned()) {
                faults.push(format!("twice the id {:?}", element.attr("id")));
            }
        }
        for attribute in ["for", "aria-describedby", "aria-labelledby", "data-listen"] {
            for element in select(parsed, &format!("[{attribute}]")) {
                for id in element.attr(attribute).unwrap_or("").split_whitespace() {
                    if !known.contains(id) {
                        faults.push(format!("{attribute} names the missing {id}"));
                    }
                }
            }
        }
        for link in select(parsed, "a[href^='#']") {
            let id = link.attr("href").unwrap_or("").trim_start_matches('#');
            if !known.contains(id) {
                faults.push(format!("a link to the missing #{id}"));
            }
        }
        faults
    });
}

#[test]
fn every_control_has_a_label_and_every_button_and_link_has_words() {
    each(|_, parsed| {
        let mut faults = Vec::new();
        let labelled: HashSet<String> = select(parsed, "label[for]")
            .into_iter()
            .filter(|label| !words(*label).is_empty())
            .filter_map(|label| label.attr("for").map(ToOwned::to_owned))
            .collect();
        for control in select(parsed, "input, select, textarea") {
            if control.attr("type") == Some("hidden") {
                continue;
            }
            let by_id = control.attr("id").is_some_and(|id| labelled.contains(id));
            let inside = control
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|above| above.value().name() == "label" && !words(above).is_empty());
            if !by_id && !inside && control.attr("aria-label").is_none() {
                faults.push(format!("no label: {}", control.html()));
            }
        }
        for thing in select(parsed, "button, a, summary, legend") {
            if words(thing).is_empty()
                && thing.attr("aria-label").is_none()
                && !has_named_picture(thing)
            {
                faults.push(format!("no words: {}", thing.html()));
            }
        }
        for picture in select(parsed, "img") {
            if picture.attr("alt").is_none() || picture.attr("width").is_none() {
                faults.push(format!("alt and size: {}", picture.html()));
            }
        }
        for group in select(parsed, "input[type=radio], input[type=checkbox]") {
            let name = group.attr("name").unwrap_or("");
            if name.is_empty() {
                faults.push("a choice without a name".to_owned());
            }
        }
        faults
    });
}

fn has_named_picture(element: ElementRef<'_>) -> bool {
    let selector = Selector::parse("img[alt]:not([alt=''])").unwrap();
    element.select(&selector).next().is_some()
}

#[test]
fn nothing_breaks_the_content_security_policy() {
    each(|page, parsed| {
        let mut faults = Vec::new();
        for element in select(parsed, "[style], style, iframe, object, embed, base") {
            faults.push(format!("blocked by the CSP: {}", element.html()));
        }
        for script in select(parsed, "script") {
            if script.attr("src").is_none() || !words(script).is_empty() {
                faults.push("a script in the page".to_owned());
            }
        }
        for element in select(parsed, "*") {
            for (name, value) in element.value().attrs() {
                if name.starts_with("on") {
                    faults.push(format!("an event handler: {name}"));
                }
                let loads = matches!(name, "src" | "action" | "srcset" | "poster")
                    || (name == "href" && matches!(element.value().name(), "link" | "use"));
                if loads && !(value.starts_with('/') || value.is_empty()) {
                    faults.push(format!("{name} leaves the site: {value}"));
                }
                if name == "href" && value.trim_start().to_lowercase().starts_with("javascript") {
                    faults.push(format!("a script in a link: {value}"));
                }
            }
        }
        for asset in page.html.split("/assets/").skip(1) {
            let name: String = asset.chars().take_while(|c| !"\"#".contains(*c)).collect();
            if assets::find(&format!("/assets/{name}")).is_none() {
                faults.push(format!("no such asset: {name}"));
            }
        }
        faults
    });
}

#[test]
fn every_icon_used_is_in_the_sprite() {
    let sprite = assets::all()
        .iter()
        .find(|asset| asset.name == "icons.svg")
        .unwrap();
    let sprite = std::str::from_utf8(sprite.bytes).unwrap();
    each(|_, parsed| {
        select(parsed, "use")
            .into_iter()
            .filter_map(|icon| icon.attr("href").and_then(|href| href.split_once('#')))
            .filter(|(_, name)| !sprite.contains(&format!("<symbol id=\"{name}\"")))
            .map(|(_, name)| format!("no icon {name}"))
            .collect()
    });
}

#[test]
fn a_form_that_changes_something_carries_its_tokens_and_a_get_form_carries_none() {
    each(|_, parsed| {
        let mut faults = Vec::new();
        for form in select(parsed, "form") {
            let has = |name: &str| {
                let selector =
                    Selector::parse(&format!("input[type=hidden][name={name}]")).unwrap();
                form.select(&selector)
                    .filter(|input| input.attr("value") != Some(""))
                    .count()
            };
            let expected = usize::from(form.attr("method") == Some("post"));
            if has("_csrf") != expected || has("_once") != expected {
                faults.push(format!("tokens of {:?}", form.attr("action")));
            }
            if form.attr("action").is_none() || form.attr("method").is_none() {
                faults.push("a form says where it goes".to_owned());
            }
        }
        faults
    });
}

#[test]
fn no_key_is_missing_and_no_placeholder_is_left() {
    each(|page, _| {
        let mut faults = Vec::new();
        if let Some((_, after)) = page.html.split_once(MISSING) {
            faults.push(format!(
                "missing: {}",
                after.chars().take(60).collect::<String>()
            ));
        }
        for mark in ["{$", "{ $", "{{", "{%", "None", "Some(", "\u{2068}"] {
            if page.html.contains(mark) {
                faults.push(format!("left in the page: {mark}"));
            }
        }
        faults
    });
}

#[test]
fn a_page_stays_within_its_weight() {
    // Compressed HTML is a fifth to a quarter of its size (measured with gzip -6 on these pages): 20 KB
    // compressed is at least 80 KB as it is.
    each(|page, _| {
        let bytes = page.html.len();
        if bytes > 80_000 {
            vec![format!("{bytes} bytes")]
        } else {
            Vec::new()
        }
    });
}

#[test]
fn the_language_switch_leads_to_the_same_page() {
    each(|page, parsed| {
        let other = page.locale.other().code();
        let switches = select(parsed, &format!("a[hreflang={other}]"));
        let good = !switches.is_empty()
            && switches.iter().all(|link| {
                link.attr("href").is_some_and(|href| {
                    href.starts_with("/entraide?q=") && href.ends_with(&format!("&lang={other}"))
                })
            });
        if good {
            Vec::new()
        } else {
            vec!["no switch".to_owned()]
        }
    });
}

#[test]
fn every_page_of_the_crate_is_in_the_gallery() {
    let shown: HashSet<&str> = everything().iter().map(|page| page.view).collect();
    for (file, text) in crate::sources::below("src/views", "rs") {
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("impl Page for ") {
                let name = rest.split([' ', '<']).next().unwrap();
                assert!(shown.contains(name), "{file}: {name} is not in gallery.rs");
            }
        }
    }
}
