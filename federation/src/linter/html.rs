//! Looking at HTML we wrote: its tags and links. Not a sanitiser.

/// Names of the tags in a text, in order, closing ones included; a comment is the tag `!`. A
/// bracket that no letter follows is text, as browsers read it.
pub(super) fn tags(html: &str) -> Vec<String> {
    let name = |part: &str| {
        let part = part.strip_prefix('/').unwrap_or(part);
        match part.chars().next()? {
            '!' | '?' => Some("!".to_owned()),
            c if c.is_ascii_alphabetic() => {
                let word = part.chars().take_while(char::is_ascii_alphanumeric);
                Some(word.collect::<String>().to_ascii_lowercase())
            }
            _ => None,
        }
    };
    html.split('<').skip(1).filter_map(name).collect()
}

/// Values of `href` inside tags, as written; what only reads like one is text.
pub(super) fn links(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>').map(|(tag, _)| tag))
        .flat_map(|tag| tag.split("href=\"").skip(1))
        .filter_map(|rest| rest.split_once('"').map(|(href, _)| href))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn a_link_is_found_in_a_tag_and_not_in_a_text() {
        let html =
            r#"<p>&lt;a href="javascript:x"&gt; <a rel="x" href="https://a.example/">a</a></p>"#;

        assert_eq!(links(html), ["https://a.example/"]);
    }
}
