//! A link whose text names another host than the one it leads to says where it really leads.

/// Adds the real host after each link whose text looks like an address of another host. Reads the HTML
/// ammonia wrote, so every attribute is quoted with `"` and every `<` of a text is an entity.
pub(super) fn show_hosts(html: String) -> String {
    if !html.contains("<a ") {
        return html;
    }
    let mut shown = String::with_capacity(html.len() + 64);
    let mut rest = html.as_str();
    while let Some((before, link)) = rest.split_once("<a ") {
        let Some((inside, after)) = link.split_once("</a>") else {
            break;
        };
        shown.push_str(before);
        shown.push_str("<a ");
        shown.push_str(inside);
        shown.push_str("</a>");
        // The host comes from an attribute as ammonia writes it: as text it is safe and reads alike.
        // HTML that was cleaned before says it already.
        if let Some(said) = lying_host(inside).map(|host| format!(" ({host})"))
            && !after.starts_with(&said)
        {
            shown.push_str(&said);
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The host a link leads to, if its text claims another one.
fn lying_host(inside: &str) -> Option<&str> {
    let (attributes, text) = inside.split_once('>')?;
    let (_, href) = attributes.split_once("href=\"")?;
    let (href, _) = href.split_once('"')?;
    let real = host(href)?;
    let words = strip_tags(text);
    let claimed = words.split_whitespace().find_map(claimed_host)?;
    let bare = |host: &str| host.trim_start_matches("www.").to_ascii_lowercase();
    (bare(&claimed) != bare(real)).then_some(real)
}

fn strip_tags(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => words.push(c),
            _ => {}
        }
    }
    words
}

/// The host of an address with a scheme, without user, password and port.
fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => authority.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

/// The host a word names: `https://a.example/x`, or `a.example`.
fn claimed_host(word: &str) -> Option<String> {
    if word.contains("://") {
        return host(word).map(ToOwned::to_owned);
    }
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let name = word.split(['/', '?', '#', ':']).next()?;
    let (_, last) = name.rsplit_once('.')?;
    let is_name = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let is_host = is_name && last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    is_host.then(|| name.to_owned())
}
