//! Help, wrong usage and settings that cannot be.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{done, folder, free_port, init, interkpa, run, talk};

#[test]
fn every_command_explains_itself() {
    let data = folder("usage-help");
    for command in [
        &[][..],
        &["init"],
        &["serve"],
        &["invite"],
        &["member"],
        &["member", "list"],
        &["member", "recover"],
        &["role"],
        &["role", "give"],
        &["peer"],
        &["peer", "allow"],
        &["delivery"],
        &["delivery", "retry"],
        &["token"],
        &["token", "make"],
        &["backup"],
        &["backup", "verify"],
        &["restore"],
        &["doctor"],
        &["verify"],
        &["tally"],
    ] {
        let text = done(&data, &[command, &["--help"]].concat());

        assert!(text.contains("Usage:"), "{command:?}: {text}");
    }
}

#[test]
fn a_command_that_does_not_exist_is_wrong_usage() {
    assert_eq!(
        run(&folder("usage-unknown"), &["dance"]).status.code(),
        Some(2)
    );
}

#[test]
fn an_unknown_role_is_refused_and_the_known_ones_named() {
    let output = run(&folder("usage-role"), &["invite", "--role", "root"]);

    assert_eq!(output.status.code(), Some(2));
    assert!(
        talk(&output).contains("technical_admin"),
        "{}",
        talk(&output)
    );
}

#[test]
fn serving_an_empty_folder_names_the_two_ways_on() {
    let output = run(&folder("usage-empty"), &["serve"]);

    assert_eq!(output.status.code(), Some(1));
    for way in ["interkpa init", "interkpa demo"] {
        assert!(talk(&output).contains(way), "{}", talk(&output));
    }
}

#[test]
fn a_hub_is_never_made_over_another_one() {
    let data = folder("usage-twice");
    init(&data);

    let output = run(
        &data,
        &[
            "init",
            "--base-url",
            "https://autre.example",
            "--name",
            "Autre",
            "--slug",
            "autre",
        ],
    );

    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).contains("holds a hub already"),
        "{}",
        talk(&output)
    );
}

#[test]
fn settings_that_endanger_people_are_refused_with_a_sentence() {
    for (name, arguments, setting) in [
        (
            "http",
            &["--base-url", "http://bobinette.example"][..],
            "hub.base_url",
        ),
        (
            "port",
            &["--base-url", "https://bobinette.example:8443"],
            "hub.base_url",
        ),
        (
            "loopback",
            &["--loopback", "--base-url", "https://bobinette.example"],
            "hub.base_url",
        ),
        (
            "open-socket",
            &[
                "--loopback",
                "--base-url",
                "http://b.localhost:1",
                "--listen",
                "0.0.0.0:1",
            ],
            "listen.public",
        ),
        (
            "slug",
            &[
                "--base-url",
                "https://bobinette.example",
                "--slug",
                "La Bobinette",
            ],
            "hub.slug",
        ),
    ] {
        let data = folder(&format!("usage-p25-{name}"));
        let mut all = vec!["init", "--name", "La Bobinette"];
        if !arguments.contains(&"--slug") {
            all.extend(["--slug", "bobinette"]);
        }
        all.extend(arguments);

        let output = run(&data, &all);

        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(talk(&output).contains(setting), "{name}: {}", talk(&output));
        assert!(!data.exists(), "{name}: something was written");
    }
}

#[test]
fn an_unknown_setting_is_an_error_that_names_it() {
    let data = folder("usage-key");
    init(&data);

    let output = interkpa(&data)
        .arg("serve")
        .env("INTERKPA_FEDERATION__MODUS", "open")
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(talk(&output).contains("modus"), "{}", talk(&output));
}

#[test]
fn keys_that_others_may_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = folder("usage-keys");
    init(&data);
    for entry in std::fs::read_dir(data.join("keys")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }

    assert_eq!(run(&data, &["serve"]).status.code(), Some(1));
}

#[test]
fn a_production_hub_does_not_start_where_an_address_filter_is_switched_off() {
    let data = folder("usage-filter");
    let address = "https://bobinette.example";
    let hub = [
        "--base-url",
        address,
        "--name",
        "La Bobinette",
        "--slug",
        "bobinette",
    ];
    done(&data, &[&["init"], &hub[..]].concat());

    let output = interkpa(&data)
        .arg("serve")
        .env("DANGER_FEDERATION_ALLOW_LOCAL_IP", "1")
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(
        talk(&output).contains("DANGER_FEDERATION_ALLOW_LOCAL_IP"),
        "{}",
        talk(&output)
    );
}

#[test]
fn without_node_the_demo_says_so_and_starts() {
    let data = folder("demo-without-node");
    let port = free_port().to_string();
    let mut child = interkpa(&data)
        .args(["demo", "--json", "--only", "criee", "--base-port", &port])
        .env("PATH", "")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();

    let out = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = out.map_while(Result::ok).any(|line| line.contains("ready"));
    child.kill().unwrap();
    let said = talk(&child.wait_with_output().unwrap());

    assert!(ready, "{said}");
    assert!(said.contains("Node is not installed"), "{said}");
}
