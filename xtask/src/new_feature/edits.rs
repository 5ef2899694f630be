//! Lines put into files where they belong. Each answers none when the place is not there.

/// A list on one line that would be longer is broken, as rustfmt does (with room for its closing signs).
const WIDTH_MAX: usize = 70;

/// Adds a line among those that begin alike (`pub mod a;`), in the order of the alphabet.
pub(super) fn module(text: &str, line: &str) -> Option<String> {
    let start = line
        .rsplit_once(' ')
        .map(|(start, _)| format!("{start} "))?;
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|found| found.starts_with(&start))?;
    let block = lines
        .iter()
        .skip(first)
        .take_while(|found| found.starts_with(&start));
    let before = block.take_while(|found| **found < line).count();
    let (above, below) = lines.split_at(first + before);
    Some([above, &[line], below].concat().join("\n") + "\n")
}

/// Adds an item at the end of the list that opens so and ends with this sign: `[a, b]`, or one a line.
pub(super) fn item(text: &str, opening: &str, closing: char, item: &str) -> Option<String> {
    let (head, rest) = text.split_once(opening)?;
    let (inside, tail) = rest.split_once(closing)?;
    let kept = inside.trim_end().trim_end_matches(',');
    let end = inside.get(inside.trim_end().len()..)?;
    let added = match kept.rsplit_once('\n') {
        Some((_, last)) => {
            let indent: String = last.chars().take_while(|letter| *letter == ' ').collect();
            format!("{kept},\n{indent}{item},{end}")
        }
        None if kept.trim().is_empty() => format!("{item}{end}"),
        None if width(head) + opening.len() + kept.len() + item.len() > WIDTH_MAX => {
            let items = kept
                .split(", ")
                .chain([item])
                .map(|item| format!("\n    {item},"));
            items.collect::<String>() + "\n"
        }
        None => format!("{kept}, {item}{end}"),
    };
    Some(format!("{head}{opening}{added}{closing}{tail}"))
}

/// How much of the last line is taken.
fn width(text: &str) -> usize {
    text.rsplit('\n').next().map_or(0, str::len)
}

/// Puts lines before the first place that begins so.
pub(super) fn before(text: &str, place: &str, lines: &str) -> Option<String> {
    let (head, tail) = text.split_once(place)?;
    Some(format!("{head}{lines}{place}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_stands_in_the_order_of_the_alphabet() {
        let text = "//! Doc.\n\npub mod a;\npub mod c;\n\nuse x;\n";

        assert_eq!(
            module(text, "pub mod b;").unwrap(),
            "//! Doc.\n\npub mod a;\npub mod b;\npub mod c;\n\nuse x;\n"
        );
        assert!(
            module(text, "pub mod d;")
                .unwrap()
                .contains("pub mod c;\npub mod d;\n\nuse")
        );
    }

    #[test]
    fn an_item_ends_a_list_on_one_line_or_on_many() {
        assert_eq!(
            item("X = [a, b];", "X = [", ']', "c").unwrap(),
            "X = [a, b, c];"
        );
        assert_eq!(item("X = [];", "X = [", ']', "c").unwrap(), "X = [c];");
        assert_eq!(
            item("add!(\n    a,\n    b,\n);\n", "add!(", ')', "c").unwrap(),
            "add!(\n    a,\n    b,\n    c,\n);\n"
        );
    }

    #[test]
    fn a_list_that_no_longer_fits_on_its_line_is_broken() {
        let long = "b".repeat(WIDTH_MAX);

        assert_eq!(
            item("X = [a, a];", "X = [", ']', &long).unwrap(),
            format!("X = [\n    a,\n    a,\n    {long},\n];")
        );
    }

    #[test]
    fn a_place_that_is_not_there_is_no_guess() {
        assert_eq!(module("use x;\n", "pub mod b;"), None);
        assert_eq!(item("Y = [];", "X = [", ']', "c"), None);
        assert_eq!(before("a\n", "b", "c"), None);
    }
}
