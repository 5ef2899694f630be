//! What rules need of SQL: its words without comments and strings, and the columns of its tables.

/// The statements without comments and without what stands in quotes.
pub(super) fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['-', '/', '\'']) {
        let (before, from) = rest.split_at(at);
        bare.push_str(before);
        let (mark, end) = if from.starts_with("--") {
            ("--", "\n")
        } else if from.starts_with("/*") {
            ("/*", "*/")
        } else if from.starts_with('\'') {
            ("'", "'")
        } else {
            let mut letters = from.chars();
            bare.extend(letters.next());
            rest = letters.as_str();
            continue;
        };
        let inside = from.strip_prefix(mark).unwrap_or_default();
        let (skipped, after) = inside.split_once(end).unwrap_or((inside, ""));
        bare.extend(skipped.chars().filter(|letter| *letter == '\n'));
        if end == "\n" {
            bare.push('\n');
        } else {
            bare.push(' ');
        }
        rest = after;
    }
    bare.push_str(rest);
    bare
}

/// Words with their lines, in upper case: names and keywords, as `bare` text has them.
pub(super) fn words(bare: &str) -> impl Iterator<Item = (usize, String)> {
    bare.lines().enumerate().flat_map(|(index, line)| {
        line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .filter(|word| !word.is_empty())
            .map(move |word| (index + 1, word.to_uppercase()))
    })
}

/// How many columns a migration gives to a table: `CREATE TABLE` counts them, `ADD COLUMN` adds one.
pub(super) fn columns(bare: &str) -> Vec<(String, usize)> {
    bare.split(';').filter_map(of_statement).collect()
}

fn of_statement(statement: &str) -> Option<(String, usize)> {
    let mut words = words(statement).map(|(_, word)| word);
    let verb = words.next()?;
    if words.next()? != "TABLE" {
        return None;
    }
    let name = words.find(|word| !["IF", "NOT", "EXISTS", "ONLY"].contains(&word.as_str()))?;
    match verb.as_str() {
        "ALTER" if words.next()? == "ADD" && words.next()? == "COLUMN" => Some((name, 1)),
        "CREATE" => {
            let (_, inside) = statement.split_once('(')?;
            Some((name, parts(inside).filter(|part| is_column(part)).count()))
        }
        _ => None,
    }
}

/// What stands between the commas of the first level.
fn parts(inside: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    inside.split(move |letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
}

fn is_column(part: &str) -> bool {
    const OTHER: [&str; 7] = [
        "CONSTRAINT",
        "PRIMARY",
        "UNIQUE",
        "CHECK",
        "FOREIGN",
        "EXCLUDE",
        "LIKE",
    ];
    words(part)
        .next()
        .is_some_and(|(_, word)| !OTHER.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_left_out_and_lines_stay() {
        let bare = bare("a -- BLOB, b\nc /* d\n e */ f 'g''h' - i");

        let words: Vec<(usize, String)> = words(&bare).collect();
        let expected = [(1, "A"), (2, "C"), (3, "F"), (3, "I")];
        assert_eq!(words, expected.map(|(line, word)| (line, word.to_owned())));
    }

    #[test]
    fn columns_are_counted_and_constraints_are_not() {
        let text = "CREATE TABLE IF NOT EXISTS offers (\n\
            id TEXT PRIMARY KEY NOT NULL,\n\
            kind TEXT NOT NULL CHECK (kind IN ('gift', 'loan')),\n\
            check_in BIGINT,\n\
            PRIMARY KEY (id, kind),\n\
            CONSTRAINT positive CHECK (check_in > 0)\n);\n\
            CREATE INDEX offers_kind ON offers (kind);\n\
            ALTER TABLE offers ADD COLUMN title TEXT NOT NULL DEFAULT '';";

        assert_eq!(
            columns(&bare(text)),
            [("OFFERS".to_owned(), 3), ("OFFERS".to_owned(), 1)]
        );
    }
}
