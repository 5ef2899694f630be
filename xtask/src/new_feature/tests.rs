use super::*;
use crate::tidy::follows_the_rules;

const STAMP: &str = "2026-11-25-120000";

fn arguments(name: &str, thing: &str) -> Arguments {
    Arguments {
        name: name.into(),
        thing: thing.into(),
        french: "Tickets de réparation".into(),
        english: "Repair tickets".into(),
    }
}

/// A copy of the files that registrations change, as they are in the repository.
fn copy(name: &str) -> std::path::PathBuf {
    let folder = root::ground().join("new-feature").join(name);
    let _ = fs::remove_dir_all(&folder);
    let names = Names::of(&arguments("repair_tickets", "repair_ticket")).unwrap();
    for (path, _) in registrations(&names) {
        let text = fs::read_to_string(root::path(path)).unwrap();
        write(&folder, path, &text).unwrap();
    }
    folder
}

#[test]
fn the_skeleton_and_its_registrations_are_written_into_the_files_as_they_are_today() {
    let folder = copy("whole");
    let files = prepare(
        &folder,
        &arguments("repair_tickets", "repair_ticket"),
        STAMP,
    )
    .unwrap();
    for (path, text) in &files {
        write(&folder, path, text).unwrap();
    }

    let read = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
    assert!(read("server/src/features/mod.rs").contains("repair_tickets::FEATURE"));
    assert!(read("server/src/features/mod.rs").contains("pub mod repair_tickets;"));
    assert!(read("server/src/ids.rs").contains("RepairTicketId"));
    assert!(read("server/src/db/schema.rs").contains("repair_tickets (id)"));
    assert!(read("web/src/views.rs").contains("pub mod repair_tickets;"));
    assert!(read("web/src/gallery.rs").contains("views::repair_tickets::RepairTicketList"));
    assert!(read("web/locales/fr/repair_tickets.ftl").contains("Tickets de réparation"));
    assert!(
        read("server/src/features/repair_tickets/store.rs").contains("fn insert(tx: &mut Conn")
    );
    assert!(
        folder
            .join(format!("migrations/common/{STAMP}_repair_tickets/down.sql"))
            .exists()
    );
}

#[test]
fn what_is_written_follows_the_rules_of_the_house() {
    let files = prepare(
        &copy("rules"),
        &arguments("repair_tickets", "repair_ticket"),
        STAMP,
    )
    .unwrap();
    let skeleton: Vec<(&str, &str)> = files
        .iter()
        .filter(|(path, _)| path.contains("repair_tickets"))
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();

    assert_eq!(skeleton.len(), SKELETON.len());
    assert_eq!(follows_the_rules(&skeleton), Vec::<String>::new());
    for (path, text) in skeleton {
        let left = [
            "{names}",
            "{Names}",
            "{thing}",
            "{Thing}",
            "{French}",
            "{English}",
        ];
        assert!(!left.iter().any(|mark| text.contains(mark)), "{path}");
    }
}

#[test]
fn a_name_that_is_taken_leaves_everything_as_it_was() {
    let folder = copy("taken");
    write(&folder, "server/src/features/repair_tickets/mod.rs", "").unwrap();

    let error = prepare(
        &folder,
        &arguments("repair_tickets", "repair_ticket"),
        STAMP,
    )
    .unwrap_err();

    assert!(error.to_string().contains("exists"), "{error}");
    assert!(!folder.join("web/src/views/repair_tickets.rs").exists());
}

#[test]
fn a_file_that_does_not_look_as_expected_is_named() {
    let folder = copy("changed");
    write(&folder, "web/src/gallery.rs", "//! Rewritten.\n").unwrap();

    let error = prepare(
        &folder,
        &arguments("repair_tickets", "repair_ticket"),
        STAMP,
    )
    .unwrap_err();

    assert!(error.to_string().contains("web/src/gallery.rs"), "{error}");
}

#[test]
fn a_name_is_lower_case_words_and_one_differs_from_many() {
    for (name, thing) in [
        ("Loans", "loan"),
        ("loans", "Loan"),
        ("lo-ans", "loan"),
        ("../loans", "loan"),
        ("_loans", "loan"),
        ("lo__ans", "loan"),
        ("", "loan"),
        ("loan", "loan"),
    ] {
        assert!(
            Names::of(&arguments(name, thing)).is_err(),
            "{name} {thing}"
        );
    }
    assert_eq!(
        Names::of(&arguments("repair_tickets", "repair_ticket"))
            .unwrap()
            .one_type,
        "RepairTicket"
    );
}
