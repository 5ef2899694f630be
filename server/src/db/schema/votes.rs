//! The tables of the votes of the network.

diesel::table! {
    gov_objects (hash) {
        hash -> Text,
        kind -> Text,
        poll_hash -> Nullable<Text>,
        signer_hub -> Nullable<Text>,
        received_at -> BigInt,
        original -> Text,
    }
}

diesel::table! {
    gov_polls (hash) {
        hash -> Text,
        author -> Text,
        title -> Text,
        effect -> Text,
        opens_at -> BigInt,
        closes_at -> BigInt,
        received_at -> BigInt,
        effective_at -> BigInt,
        round_ms -> BigInt,
        stale -> Nullable<Text>,
        state -> Text,
        outcome -> Nullable<Text>,
        step -> Text,
        places -> BigInt,
        gossip_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    gov_held (poll_hash, place) {
        poll_hash -> Text,
        place -> BigInt,
        hash -> Text,
        on_time -> Bool,
    }
}

diesel::table! {
    gov_own_slots (poll_hash, kind, slot) {
        poll_hash -> Text,
        kind -> Text,
        slot -> BigInt,
        object_hash -> Text,
    }
}

diesel::table! {
    gov_faults (hash_a, hash_b) {
        hash_a -> Text,
        hash_b -> Text,
        kind -> Text,
        hub -> Text,
        poll_hash -> Text,
        found_at -> BigInt,
    }
}

diesel::table! {
    gov_certificates (value_hash) {
        value_hash -> Text,
        poll_hash -> Text,
        round -> BigInt,
        result -> Text,
        certified_at -> BigInt,
        applied_at -> Nullable<BigInt>,
        refuted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    gov_receipts (poll_hash, hub, ballot_hash) {
        poll_hash -> Text,
        hub -> Text,
        ballot_hash -> Text,
        ack_hash -> Text,
        said_at -> BigInt,
    }
}

diesel::table! {
    gov_waiting (hash) {
        hash -> Text,
        needs -> Text,
        carrier -> Text,
        received_at -> BigInt,
        original -> Text,
    }
}

diesel::table! {
    gov_ballot_drafts (id) {
        id -> Text,
        poll_hash -> Text,
        choice -> Text,
        reason -> Nullable<Text>,
        mandate -> Text,
        state -> Text,
        proposed_by -> Text,
        proposed_at -> BigInt,
        confirmed_by -> Nullable<Text>,
        confirmed_at -> Nullable<BigInt>,
        ballot_hash -> Nullable<Text>,
    }
}
