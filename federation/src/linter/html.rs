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

/// Values of `href`, as written.
pub(super) fn links(html: &str) -> Vec<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(href, _)| href))
        .collect()
}
