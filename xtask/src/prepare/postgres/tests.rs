use super::find::plan;
use super::*;
use crate::prepare::Plan;
use crate::prepare::machine::tests::bare;

#[test]
fn programs_in_the_path_are_used() {
    let machine = bare(
        "pg-path",
        &["bin/initdb", "bin/postgres", "postgresql/17/bin/initdb"],
    );

    assert_eq!(plan(&machine), Plan::Use(machine.path[0].clone()));
}

#[test]
fn the_newest_complete_version_of_debian_is_used() {
    let machine = bare(
        "pg-debian",
        &[
            "postgresql/9/bin/initdb",
            "postgresql/9/bin/postgres",
            "postgresql/15/bin/initdb",
            "postgresql/15/bin/postgres",
            // A client alone is no server.
            "postgresql/17/bin/psql",
        ],
    );

    assert_eq!(
        plan(&machine),
        Plan::Use(machine.postgres_versions.join("15/bin"))
    );
}

#[test]
fn root_on_debian_installs_it() {
    let machine = Machine {
        root: true,
        ..bare("pg-install", &["bin/apt-get"])
    };

    assert_eq!(plan(&machine), Plan::Install("postgresql"));
}

#[test]
fn elsewhere_its_absence_is_named_with_what_to_do() {
    let Plan::Missing(why) = plan(&bare("pg-none", &["bin/psql"])) else {
        panic!("psql alone is no server");
    };

    assert!(
        why.contains("initdb") && why.contains("apt-get install postgresql"),
        "{why}"
    );
}

#[test]
fn a_setting_without_the_programs_is_refused_by_name() {
    let mut machine = bare("pg-set", &["bin/initdb", "bin/postgres"]);
    machine
        .settings
        .insert("INTERKPA_POSTGRES_BIN", "/no/postgres".into());

    assert!(matches!(plan(&machine), Plan::Missing(why) if why.contains("/no/postgres")));
}

#[test]
fn a_server_that_dies_while_starting_says_why() {
    let said =
        std::io::Cursor::new("LOG: starting\nFATAL: could not create shared memory segment\n");

    let error = wait_until_ready(said).unwrap_err();

    assert!(error.to_string().contains("shared memory"), "{error}");
}

#[test]
fn the_folder_of_a_run_that_was_killed_is_removed_and_that_of_a_living_one_is_not() {
    let place = root::ground().join("machines").join("pg-left-over");
    let mut program = Command::new("true").spawn().unwrap();
    let ended = place.join(format!("{PREFIX}{}", program.id()));
    let living = place.join(format!("{PREFIX}{}", std::process::id()));
    fs::create_dir_all(&ended).unwrap();
    fs::create_dir_all(&living).unwrap();
    program.wait().unwrap();

    remove_left_over(&place);

    assert!(!ended.exists());
    assert!(living.exists());
}
