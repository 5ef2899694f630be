//! `cargo xtask new-feature`: the skeleton of a feature that works (a table, a list, a page in two languages,
//! tests), and its registrations, one line each.
//!
//! Everything is prepared before anything is written: a name that is taken, or a file that does not look as
//! expected, leaves the repository as it was. The files of `xtask/skeleton/` are what is written.

mod edits;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{out, process, root};

/// What the command is told.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// The feature's folder and table: a plural of the glossary, as `repair_tickets`
    name: String,
    /// One of them, as `repair_ticket`
    #[arg(long)]
    thing: String,
    /// The title of its page in French
    #[arg(long)]
    french: String,
    /// The title of its page in English
    #[arg(long)]
    english: String,
}

/// The skeleton: where each file goes, and its text.
const SKELETON: [(&str, &str); 11] = [
    (
        "server/src/features/{names}/mod.rs",
        include_str!("../skeleton/mod.rs.txt"),
    ),
    (
        "server/src/features/{names}/model.rs",
        include_str!("../skeleton/model.rs.txt"),
    ),
    (
        "server/src/features/{names}/store.rs",
        include_str!("../skeleton/store.rs.txt"),
    ),
    (
        "server/src/features/{names}/pages.rs",
        include_str!("../skeleton/pages.rs.txt"),
    ),
    (
        "server/src/features/{names}/tests.rs",
        include_str!("../skeleton/tests.rs.txt"),
    ),
    (
        "web/src/views/{names}.rs",
        include_str!("../skeleton/view.rs.txt"),
    ),
    (
        "web/templates/{names}/list.html",
        include_str!("../skeleton/list.html.txt"),
    ),
    (
        "web/locales/fr/{names}.ftl",
        include_str!("../skeleton/fr.ftl.txt"),
    ),
    (
        "web/locales/en/{names}.ftl",
        include_str!("../skeleton/en.ftl.txt"),
    ),
    (
        "migrations/common/{stamp}_{names}/up.sql",
        include_str!("../skeleton/up.sql.txt"),
    ),
    (
        "migrations/common/{stamp}_{names}/down.sql",
        include_str!("../skeleton/down.sql.txt"),
    ),
];

/// The table, for `server/src/db/schema.rs`.
const SCHEMA: &str = include_str!("../skeleton/schema.rs.txt");

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let mut date = Command::new("date");
    date.args(["-u", "+%Y-%m-%d-%H%M%S"]);
    let stamp = process::captured(date)?;
    let files = prepare(root::folder(), arguments, stamp.trim())?;
    for (path, text) in &files {
        write(root::folder(), path, text)?;
        out::line(path);
    }
    format(&files, &Names::of(arguments)?)?;
    out::line(
        "\nIt works as it is: `cargo test -p interkpa-server -p interkpa-web`. Next: its rules in model.rs, \
         with their tests; its word in docs/glossary.md. If other hubs hear of it: a message in \
         federation/src/vocabulary and a variant of Body; the compiler names the matches that follow.",
    );
    Ok(true)
}

/// Long names break lines elsewhere than short ones: the new files are formatted, no other is touched.
fn format(files: &[(String, String)], names: &Names) -> Result<()> {
    let own = [
        names.put_in("server/src/features/{names}/"),
        names.put_in("web/src/views/{names}"),
    ];
    let rust = files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| Path::new(path).extension() == Some("rs".as_ref()));
    let mut rustfmt = Command::new("rustfmt");
    rustfmt
        .current_dir(root::folder())
        .args(["--edition", "2024"]);
    rustfmt.args(rust.filter(|path| own.iter().any(|own| path.starts_with(own.as_str()))));
    process::captured(rustfmt).map(drop)
}

/// Every file to be written, new or changed, with its whole text.
fn prepare(root: &Path, arguments: &Arguments, stamp: &str) -> Result<Vec<(String, String)>> {
    let names = Names::of(arguments)?;
    let folder = format!("server/src/features/{}", names.many);
    ensure!(!root.join(&folder).exists(), "{folder} exists");
    let mut files = Vec::new();
    for (path, text) in SKELETON {
        let path = names.put_in(path).replace("{stamp}", stamp);
        ensure!(!root.join(&path).exists(), "{path} exists");
        files.push((path, names.put_in(text)));
    }
    for (path, edit) in registrations(&names) {
        let text =
            fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))?;
        let changed = edit(&text).with_context(|| format!("{path} does not look as expected"))?;
        files.push((path.to_owned(), changed));
    }
    Ok(files)
}

type Edit = Box<dyn Fn(&str) -> Option<String>>;

/// The lines by which the rest of the hub comes to know the feature.
fn registrations(names: &Names) -> Vec<(&'static str, Edit)> {
    let module = format!("pub mod {};", names.many);
    let feature = format!("{}::FEATURE", names.many);
    let view = format!("views::{}::{}List", names.many, names.one_type);
    let id = format!(
        "text_id!(
    /// A {}.
    {}Id
);
",
        names.one_title, names.one_type
    );
    let table = names.put_in(SCHEMA) + "\n";
    let module_of_views = module.clone();
    vec![
        (
            "server/src/features/mod.rs",
            Box::new(move |text| {
                let text = edits::module(text, &module)?;
                edits::item(&text, "pub const ALL: &[Feature] = &[", ']', &feature)
            }),
        ),
        (
            "server/src/ids.rs",
            Box::new(move |text| edits::before(text, "\n#[cfg(test)]\nmod tests", &id)),
        ),
        (
            "server/src/db/schema.rs",
            Box::new(move |text| edits::before(text, "diesel::joinable!(", &table)),
        ),
        (
            "web/src/views.rs",
            Box::new(move |text| edits::module(text, &module_of_views)),
        ),
        (
            "web/src/gallery.rs",
            Box::new(move |text| edits::item(text, "    add!(", ')', &view)),
        ),
    ]
}

/// A name in the forms that the skeleton needs.
#[derive(Debug)]
struct Names {
    many: String,
    many_title: String,
    one: String,
    one_title: String,
    one_type: String,
    french: String,
    english: String,
}

impl Names {
    fn of(arguments: &Arguments) -> Result<Self> {
        for name in [&arguments.name, &arguments.thing] {
            let good = |letter: char| letter.is_ascii_lowercase() || letter == '_';
            let is_name = name.starts_with(|letter: char| letter.is_ascii_lowercase())
                && name.chars().all(good)
                && !name.ends_with('_')
                && !name.contains("__")
                && name.len() <= 40;
            ensure!(
                is_name,
                "`{name}` is no name: lower-case words joined by _, at most 40 letters"
            );
        }
        if arguments.name == arguments.thing {
            bail!("one of them needs another name than all of them");
        }
        Ok(Self {
            many: arguments.name.clone(),
            many_title: title(&arguments.name),
            one: arguments.thing.clone(),
            one_title: arguments.thing.replace('_', " "),
            one_type: arguments.thing.split('_').map(capital).collect(),
            french: arguments.french.clone(),
            english: arguments.english.clone(),
        })
    }

    fn put_in(&self, text: &str) -> String {
        text.replace("{names}", &self.many)
            .replace("{Names}", &self.many_title)
            .replace("{many}", &self.many.replace('_', " "))
            .replace("{thing}", &self.one)
            .replace("{one}", &self.one_title)
            .replace("{Thing}", &self.one_type)
            .replace("{French}", &self.french)
            .replace("{English}", &self.english)
    }
}

/// `Repair tickets` of `repair_tickets`.
fn title(name: &str) -> String {
    capital(&name.replace('_', " "))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn write(root: &Path, path: &str, text: &str) -> Result<()> {
    let file = root.join(path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).with_context(|| format!("cannot write {path}"))
}

#[cfg(test)]
mod tests;
