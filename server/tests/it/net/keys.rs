//! The files of a hub's keys, and the stored keys of its actors (security.md P25).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use interkpa_federation::Uri;
use interkpa_federation::multikey::PublicKey;
use interkpa_server::fediverse::keys::{ActorKeys, FOLDER, HubKeys, KeysError};
use interkpa_server::random::Random;

/// A data folder that is removed at the end of the test.
struct Data(PathBuf);

impl Data {
    fn new() -> Self {
        let id: String = Random::system().unwrap().secret_256();
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("keys-{id}"));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn key(&self, name: &str) -> PathBuf {
        self.0.join(FOLDER).join(name)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_keys_of_a_hub_are_made_once_and_read_again() {
    let data = Data::new();

    let made = HubKeys::create(&data.0, &Random::seeded(1)).unwrap();
    let read = HubKeys::load(&data.0).unwrap();
    let again = HubKeys::create(&data.0, &Random::seeded(2));

    assert_eq!(made.hub_id, read.hub_id);
    assert_eq!(made.actor.published(), read.actor.published());
    assert_eq!(made.governance.public(), read.governance.public());
    assert!(matches!(again, Err(KeysError::Exists(_))));
    assert_eq!(HubKeys::load(&data.0).unwrap().hub_id, made.hub_id);
}

#[test]
fn the_hub_id_is_the_first_governance_key_and_outlives_it() {
    let data = Data::new();
    let made = HubKeys::create(&data.0, &Random::seeded(1)).unwrap();
    let other = Data::new();
    HubKeys::create(&other.0, &Random::seeded(2)).unwrap();

    fs::copy(other.key("governance-key"), data.key("governance-key")).unwrap();
    let rotated = HubKeys::load(&data.0).unwrap();

    assert_eq!(made.hub_id, made.governance.public().to_multibase());
    assert!(PublicKey::from_multibase(&made.hub_id).is_ok());
    assert_eq!(rotated.hub_id, made.hub_id);
    assert_ne!(rotated.governance.public(), made.governance.public());
}

#[test]
fn the_three_keys_of_a_hub_are_different() {
    let data = Data::new();
    let keys = HubKeys::create(&data.0, &Random::seeded(1)).unwrap();

    assert_ne!(
        keys.actor.proof.public().to_multibase(),
        keys.governance.public().to_multibase()
    );
    assert!(!format!("{keys:?}").contains("PRIVATE"));
}

#[test]
fn only_the_owner_may_read_the_files() {
    let data = Data::new();
    HubKeys::create(&data.0, &Random::seeded(1)).unwrap();

    assert_eq!(mode(&data.0.join(FOLDER)), 0o700);
    for name in ["main-key.pem", "ed25519-key", "governance-key", "hub-id"] {
        assert_eq!(mode(&data.key(name)), 0o600, "{name}");
    }
}

#[test]
fn keys_that_others_may_read_are_refused() {
    for (name, bits) in [
        ("main-key.pem", 0o644),
        ("ed25519-key", 0o640),
        ("governance-key", 0o604),
        ("", 0o750),
        ("", 0o701),
    ] {
        let data = Data::new();
        HubKeys::create(&data.0, &Random::seeded(1)).unwrap();
        fs::set_permissions(data.key(name), fs::Permissions::from_mode(bits)).unwrap();

        let refused = HubKeys::load(&data.0);

        assert!(
            matches!(refused, Err(KeysError::Exposed(_))),
            "{name} {bits:o}"
        );
        assert!(refused.unwrap_err().to_string().contains("chmod"));
    }
}

#[test]
fn a_missing_or_broken_file_is_named() {
    for name in ["main-key.pem", "ed25519-key", "governance-key", "hub-id"] {
        let data = Data::new();
        HubKeys::create(&data.0, &Random::seeded(1)).unwrap();

        fs::write(data.key(name), "x".repeat(100_000)).unwrap();
        let broken = HubKeys::load(&data.0).unwrap_err();
        fs::remove_file(data.key(name)).unwrap();
        let missing = HubKeys::load(&data.0).unwrap_err();

        assert!(matches!(broken, KeysError::Malformed(_)), "{broken}");
        assert!(matches!(missing, KeysError::Io { .. }), "{missing}");
        for error in [broken, missing] {
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

#[test]
fn a_making_that_was_cut_short_is_started_again() {
    let data = Data::new();
    fs::create_dir(data.0.join("keys.new")).unwrap();
    fs::write(data.0.join("keys.new/main-key.pem"), "half").unwrap();

    assert!(HubKeys::load(&data.0).is_err());
    assert!(HubKeys::create(&data.0, &Random::seeded(1)).is_ok());
    assert!(HubKeys::load(&data.0).is_ok());
}

#[test]
fn the_keys_of_an_actor_survive_storing() {
    let actor = Uri::parse("https://hub.example/members/1").unwrap();
    let (made, stored) = ActorKeys::generate(&Random::seeded(5)).unwrap();
    let (_, other) = ActorKeys::generate(&Random::seeded(6)).unwrap();

    let read = ActorKeys::from_stored(&stored).unwrap();

    assert_eq!(made.published(), read.published());
    assert_eq!(
        made.signer(&actor).key_id.as_str(),
        "https://hub.example/members/1#main-key"
    );
    for broken in [
        ("", stored.ed25519_seed.as_str(), &stored.rsa_public),
        (&stored.rsa_private, "", &stored.rsa_public),
        (&stored.rsa_private, &stored.ed25519_seed, &other.rsa_public),
    ] {
        let mut row = stored.clone();
        row.rsa_private = broken.0.to_owned();
        row.ed25519_seed = broken.1.to_owned();
        row.rsa_public.clone_from(broken.2);
        assert!(ActorKeys::from_stored(&row).is_err());
    }
}
