//! Invitations, accounts, roles and tokens from the command line, beside a hub.

use interkpa_server::features::people::rights::Role;

use super::{add_member, done, folder, init, objects, run, talk};

#[test]
fn an_invitation_is_an_address_of_this_hub() {
    let data = folder("people-invite");
    let port = init(&data);

    let made = objects(&data, &["invite", "--role", "technical_admin", "--json"]);

    let url = made[0]["url"].as_str().unwrap();
    let begin = format!("http://bobinette.localhost:{port}/invitation/");
    assert!(url.starts_with(&begin), "{url}");
    assert_eq!(made[0]["role"], "technical_admin");
    assert_eq!(
        done(&data, &["invite"]).trim().lines().count(),
        1,
        "data alone on stdout"
    );
}

#[test]
fn roles_are_given_and_taken_but_the_last_administrator_stays() {
    let data = folder("people-roles");
    init(&data);
    add_member(&data, "nadia", Role::TechnicalAdmin);

    done(&data, &["role", "give", "nadia", "facilitator"]);
    let held = objects(&data, &["role", "list", "@nadia", "--json"]);
    assert_eq!(
        held[0]["roles"],
        serde_json::json!(["facilitator", "technical_admin"])
    );

    let refused = run(&data, &["role", "take", "nadia", "technical_admin"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(talk(&refused).contains("last_admin"), "{}", talk(&refused));
}

#[test]
fn an_account_is_closed_and_opened_again() {
    let data = folder("people-suspend");
    init(&data);
    add_member(&data, "nadia", Role::TechnicalAdmin);
    add_member(&data, "leo", Role::Cooperant);

    done(&data, &["member", "suspend", "leo"]);
    let found = objects(&data, &["member", "list", "leo", "--json"]);
    assert_eq!(found[0]["state"], "suspended");

    done(&data, &["member", "reopen", "leo"]);
    let found = objects(&data, &["member", "list", "--json"]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|member| member["state"] == "active"));

    let nobody = run(&data, &["member", "suspend", "personne"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn a_lost_account_comes_back_with_a_link() {
    let data = folder("people-recover");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);

    let made = objects(
        &data,
        &[
            "member",
            "recover",
            "leo",
            "--reason",
            "téléphone perdu",
            "--json",
        ],
    );

    assert!(made[0]["url"].as_str().unwrap().contains("/invitation/"));
}

#[test]
fn a_token_is_shown_once_and_taken_away() {
    let data = folder("people-token");
    init(&data);
    add_member(&data, "leo", Role::Cooperant);

    let made = objects(
        &data,
        &["token", "make", "leo", "--label", "agenda", "--json"],
    );
    assert!(made[0]["token"].as_str().unwrap().starts_with("ikpa_"));

    let listed = done(&data, &["token", "list", "leo", "--json"]);
    assert!(
        listed.contains("agenda") && !listed.contains("ikpa_"),
        "{listed}"
    );
    let id = objects(&data, &["token", "list", "leo", "--json"])[0]["id"].clone();
    done(&data, &["token", "revoke", "leo", id.as_str().unwrap()]);
    assert_eq!(done(&data, &["token", "list", "leo"]), "");
}

#[test]
fn peers_and_deliveries_of_a_new_hub_are_none_and_unknown_ones_refused() {
    let data = folder("people-peers");
    init(&data);

    assert_eq!(done(&data, &["peer", "list", "--json"]), "");
    assert_eq!(done(&data, &["delivery", "status", "--json"]), "");
    let id = "0199c0de-7000-7000-8000-000000000001";
    assert_eq!(
        run(&data, &["delivery", "retry", id]).status.code(),
        Some(1)
    );
    done(
        &data,
        &[
            "peer",
            "block",
            "https://mauvais.example",
            "--reason",
            "insultes",
        ],
    );
    let peers = objects(&data, &["peer", "list", "--json"]);
    assert_eq!(peers[0]["trust"], "blocked");
    assert_eq!(peers[0]["reason"], "insultes");
}

#[test]
fn the_doctor_says_that_a_backup_is_missing() {
    let data = folder("people-doctor");
    init(&data);

    let sick = run(&data, &["doctor", "--offline", "--json"]);
    assert_eq!(sick.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&sick.stdout).contains("interkpa backup"));

    done(&data, &["backup"]);
    done(&data, &["doctor", "--offline"]);
}
