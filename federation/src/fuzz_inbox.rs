//! The entry point for fuzzing what arrives as JSON: a plain function over bytes (decision 33).

use crate::activity::Activity;
use crate::actor::{PublicKey, RemoteActor};
use crate::collections::Walk;
use crate::json::{JsonLimits, strict_json};
use crate::nodeinfo::{self, NodeInfo};
use crate::permission::{self, Voice};
use crate::trust::{Mode, Peer, Trust};
use crate::webfinger::{self, Handle};
use crate::{Origin, Uri, linter};

/// Reads bytes as every document a stranger can make us read, and lints them.
///
/// It must return for any input: no panic, no endless loop, no deep recursion. What it finds is of
/// no interest; only that what was read once is read alike again is checked, and told by `false`.
pub fn fuzz_inbox(bytes: &[u8]) -> bool {
    let Ok(document) = strict_json(bytes, JsonLimits::DOCUMENT) else {
        return true;
    };
    let read = Activity::parse(document.clone());
    let stable = match &read {
        Ok(activity) => Activity::parse(activity.raw.clone()).as_ref() == Ok(activity),
        Err(error) => !error.code().is_empty() && !error.field().is_empty(),
    };
    if let Ok(activity) = &read {
        permissions(activity);
    }
    // The results are of no interest, only that there are some.
    drop(RemoteActor::read(&document));
    drop(PublicKey::read(&document));
    drop(NodeInfo::read(&document));
    drop(linter::lint(&document, &|_method| None));
    if let (Ok(hub), Ok(handle)) = (
        Uri::parse("https://hub.example/hub"),
        Handle::parse("hub@hub.example"),
    ) {
        drop(webfinger::read(&document, &handle));
        drop(nodeinfo::choose(&document, &hub.origin()));
        drop(Walk::new(hub).take(&document));
    }
    stable
}

fn permissions(activity: &Activity) {
    let Ok(ours) = Origin::parse("https://bobinette.example") else {
        return;
    };
    for trust in Trust::ALL {
        for mode in Mode::ALL {
            let peer = Peer {
                origin: activity.actor.origin(),
                trust: *trust,
                mode: *mode,
            };
            drop(permission::check(activity, &peer, Voice::Hub, &ours));
            drop(permission::check(activity, &peer, Voice::Single, &ours));
        }
    }
}
