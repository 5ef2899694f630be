//! The tables, by hand, in types both engines share; kept true by the guards of `tests/it/db`.
//!
//! Units stand in the migrations, beside each column.
#![expect(missing_docs, reason = "columns are described in the migrations")]

mod votes;

pub use votes::{
    gov_ballot_drafts, gov_certificates, gov_faults, gov_held, gov_objects, gov_own_slots,
    gov_polls, gov_receipts, gov_waiting,
};

diesel::table! {
    hub_facts (key) {
        key -> Text,
        value -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        kind -> Text,
        payload -> Text,
        run_at -> BigInt,
        lease_until -> Nullable<BigInt>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        unique_key -> Nullable<Text>,
        state -> Text,
        created_at -> BigInt,
        lease_owner -> Nullable<Text>,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Text,
        at -> BigInt,
        actor_kind -> Text,
        actor -> Text,
        on_behalf_of -> Nullable<Text>,
        command -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        old_state -> Nullable<Text>,
        new_state -> Nullable<Text>,
        reason -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    idempotency (key) {
        key -> Text,
        status -> Integer,
        location -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    counters (bucket, window_start) {
        bucket -> Text,
        window_start -> BigInt,
        count -> BigInt,
    }
}

diesel::table! {
    members (id) {
        id -> Text,
        handle -> Text,
        display_name -> Text,
        password_hash -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        bio -> Text,
        languages -> Text,
        town -> Nullable<Text>,
        locale -> Text,
        public_actor -> Bool,
        state -> Text,
        widening -> Text,
        rev -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    member_roles (member_id, role) {
        member_id -> Text,
        role -> Text,
        granted_by -> Nullable<Text>,
        granted_at -> BigInt,
    }
}

diesel::table! {
    actor_keys (actor_uri) {
        actor_uri -> Text,
        rsa_private -> Text,
        rsa_public -> Text,
        ed25519_seed -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id_hash) {
        id_hash -> Text,
        member_id -> Text,
        csrf_secret -> Text,
        browser -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        confirmed_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> Text,
        secret_hash -> Text,
        purpose -> Text,
        display_name -> Text,
        member_id -> Nullable<Text>,
        role -> Text,
        created_by -> Nullable<Text>,
        needs_second -> Bool,
        approved_by -> Nullable<Text>,
        state -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Text,
        secret_hash -> Text,
        member_id -> Text,
        label -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        scopes -> Text,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    member_profiles (member_id) {
        member_id -> Text,
        skills -> Text,
        contact_note -> Text,
        after_agreement -> Bool,
        consents -> Text,
    }
}

diesel::table! {
    peers (origin) {
        origin -> Text,
        trust -> Nullable<Text>,
        hub_actor -> Nullable<Text>,
        name -> Nullable<Text>,
        software -> Nullable<Text>,
        reason -> Nullable<Text>,
        fingerprint -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        created_at -> BigInt,
        heard_at -> Nullable<BigInt>,
        updated_at -> BigInt,
    }
}

diesel::table! {
    remote_actors (uri) {
        uri -> Text,
        origin -> Text,
        kind -> Text,
        username -> Text,
        name -> Text,
        summary -> Text,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        key_id -> Nullable<Text>,
        key_pem -> Nullable<Text>,
        proof_key -> Nullable<Text>,
        hub_uri -> Nullable<Text>,
        document -> Text,
        version -> BigInt,
        fetched_at -> BigInt,
        gone_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    inbox_activities (id) {
        id -> Text,
        actor_uri -> Text,
        kind -> Text,
        state -> Text,
        note -> Nullable<Text>,
        body -> Text,
        received_at -> BigInt,
    }
}

diesel::table! {
    outbox_activities (id) {
        id -> Text,
        uri -> Text,
        actor_uri -> Text,
        kind -> Text,
        object_uri -> Nullable<Text>,
        public -> Bool,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    deliveries (id) {
        id -> Text,
        origin -> Text,
        inbox -> Text,
        activity_id -> Text,
        state -> Text,
        attempts -> Integer,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        done_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    delivery_peers (origin) {
        origin -> Text,
        failures -> BigInt,
        next_try_at -> BigInt,
        first_failure_at -> Nullable<BigInt>,
        last_success_at -> Nullable<BigInt>,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        scheme -> Text,
        gone -> Bool,
        lease_owner -> Nullable<Text>,
        lease_until -> BigInt,
    }
}

diesel::table! {
    follows (follower_uri, followed_uri) {
        follower_uri -> Text,
        followed_uri -> Text,
        follower_local -> Bool,
        followed_local -> Bool,
        state -> Text,
        own -> Bool,
        activity_uri -> Text,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tombstones (uri) {
        uri -> Text,
        former_kind -> Nullable<Text>,
        actor_uri -> Text,
        deleted_at -> BigInt,
    }
}

diesel::table! {
    proposals (id) {
        id -> Text,
        uri -> Text,
        origin -> Text,
        author_uri -> Text,
        member_id -> Nullable<Text>,
        purpose -> Text,
        kind -> Text,
        title -> Text,
        category -> Text,
        town -> Text,
        state -> Text,
        visibility -> Text,
        expires_at -> BigInt,
        published_at -> BigInt,
        updated_at -> BigInt,
        rev -> BigInt,
    }
}

diesel::table! {
    proposal_details (proposal_id) {
        proposal_id -> Text,
        description -> Text,
        content -> Text,
        summary -> Text,
        lang -> Text,
        settlements -> Text,
        quantity -> BigInt,
        available -> BigInt,
        minutes -> Nullable<BigInt>,
        price_cents -> Nullable<BigInt>,
        when_text -> Text,
        widen_to -> Nullable<Text>,
        widen_at -> Nullable<BigInt>,
        url -> Text,
        document -> Text,
        fetched_at -> BigInt,
    }
}

diesel::table! {
    proposal_entries (proposal_id) {
        proposal_id -> Text,
        entered_by -> Text,
        for_name -> Nullable<Text>,
        slip_code -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    responses (id) {
        id -> Text,
        uri -> Text,
        proposal_id -> Text,
        responder_uri -> Text,
        party -> Text,
        member_id -> Nullable<Text>,
        name -> Text,
        message -> Text,
        quantity -> BigInt,
        settlement -> Text,
        planned -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        on_behalf_of -> Nullable<Text>,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    agreements (id) {
        id -> Text,
        uri -> Text,
        origin -> Text,
        response_id -> Text,
        proposal_id -> Text,
        kind -> Text,
        settlement -> Text,
        quantity -> BigInt,
        minutes -> Nullable<BigInt>,
        price_cents -> Nullable<BigInt>,
        state -> Text,
        planned -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        fetched_at -> BigInt,
        rev -> BigInt,
    }
}

diesel::table! {
    agreement_parties (agreement_id, side) {
        agreement_id -> Text,
        side -> Text,
        actor_uri -> Text,
        party -> Text,
        member_id -> Nullable<Text>,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    economic_events (id) {
        id -> Text,
        uri -> Text,
        agreement_id -> Text,
        side -> Text,
        action -> Text,
        provider_side -> Text,
        minutes -> Nullable<BigInt>,
        quantity -> BigInt,
        happened_at -> BigInt,
        note -> Text,
        corrects -> Nullable<Text>,
        document -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    hour_facts (id) {
        id -> Text,
        agreement_id -> Text,
        giver_member -> Nullable<Text>,
        receiver_member -> Nullable<Text>,
        giver_uri -> Text,
        receiver_uri -> Text,
        minutes -> BigInt,
        happened_at -> BigInt,
        corrects -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    disputes (agreement_id) {
        agreement_id -> Text,
        opened_side -> Text,
        reason -> Text,
        opened_at -> BigInt,
        outcome -> Nullable<Text>,
        resolution -> Nullable<Text>,
        resolved_by -> Nullable<Text>,
        resolved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    messages (id) {
        id -> Text,
        uri -> Text,
        agreement_id -> Text,
        side -> Text,
        text -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    replies (id) {
        id -> Text,
        uri -> Text,
        proposal_id -> Text,
        author_uri -> Text,
        author_name -> Text,
        member_id -> Nullable<Text>,
        content -> Text,
        guest -> Bool,
        state -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    media (id) {
        id -> Text,
        member_id -> Text,
        proposal_id -> Nullable<Text>,
        media_type -> Text,
        bytes -> BigInt,
        width -> Integer,
        height -> Integer,
        alt -> Text,
        sha256 -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    notifications (id) {
        id -> Text,
        member_id -> Text,
        kind -> Text,
        args -> Text,
        href -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
        told_at -> Nullable<BigInt>,
        told_by -> Nullable<Text>,
    }
}

diesel::table! {
    hidden_objects (member_id, uri) {
        member_id -> Text,
        uri -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    reports (id) {
        id -> Text,
        uri -> Text,
        title -> Text,
        evidence -> Text,
        reporter_member -> Nullable<Text>,
        reporter_origin -> Nullable<Text>,
        reason -> Text,
        state -> Text,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        created_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    search_docs (docid) {
        docid -> BigInt,
        kind -> Text,
        ref_id -> Text,
        stems -> Text,
    }
}

diesel::joinable!(proposal_details -> proposals (proposal_id));
diesel::joinable!(responses -> proposals (proposal_id));
diesel::joinable!(agreements -> proposals (proposal_id));
diesel::joinable!(agreement_parties -> agreements (agreement_id));
diesel::joinable!(deliveries -> outbox_activities (activity_id));
diesel::joinable!(gov_held -> gov_objects (hash));
diesel::joinable!(gov_held -> gov_polls (poll_hash));
diesel::joinable!(sessions -> members (member_id));
diesel::joinable!(member_roles -> members (member_id));
diesel::joinable!(member_profiles -> members (member_id));
diesel::joinable!(api_tokens -> members (member_id));
diesel::allow_tables_to_appear_in_same_query!(
    actor_keys,
    agreement_parties,
    agreements,
    api_tokens,
    audit_events,
    counters,
    deliveries,
    delivery_peers,
    disputes,
    economic_events,
    follows,
    gov_ballot_drafts,
    gov_certificates,
    gov_faults,
    gov_held,
    gov_objects,
    gov_own_slots,
    gov_polls,
    gov_receipts,
    gov_waiting,
    hidden_objects,
    hour_facts,
    hub_facts,
    idempotency,
    inbox_activities,
    invitations,
    jobs,
    media,
    member_profiles,
    member_roles,
    members,
    messages,
    notifications,
    outbox_activities,
    peers,
    proposal_details,
    proposal_entries,
    proposals,
    remote_actors,
    replies,
    reports,
    responses,
    search_docs,
    sessions,
    tombstones
);
