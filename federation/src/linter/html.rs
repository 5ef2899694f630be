//! Looking at HTML we wrote: its tags and links. Not a sanitiser.

/// Names of the tags in a text, in order, closing ones included.
pub(super) fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in html.split('<').skip(1) {
        let part = part.strip_prefix('/').unwrap_or(part);
        let name: String = part
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        found.push(name.to_ascii_lowercase());
    }
    found
}

/// Values of `href`, as written.
pub(super) fn links(html: &str) -> Vec<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(href, _)| href))
        .collect()
}
