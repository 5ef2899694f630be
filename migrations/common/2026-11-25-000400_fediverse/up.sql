-- Another server, by its origin (scheme, host, port). Absent = never met; trust NULL = guest.
CREATE TABLE peers (
  origin TEXT NOT NULL PRIMARY KEY,
  trust TEXT CHECK (trust IN ('member', 'allowed', 'blocked')), -- NULL: guest
  hub_actor TEXT,                         -- address of its Group, when it is a hub
  name TEXT,
  software TEXT,
  reason TEXT,                            -- why it was allowed or blocked
  fingerprint TEXT,                       -- of its proof key, as last seen
  decided_by TEXT,                        -- member id, or operator
  created_at BIGINT NOT NULL,             -- ms UTC
  heard_at BIGINT,                        -- ms UTC: last verified request, moved at most once a minute
  updated_at BIGINT NOT NULL              -- ms UTC
);

-- A dated copy of an actor that another server owns.
CREATE TABLE remote_actors (
  uri TEXT NOT NULL PRIMARY KEY,
  origin TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- Hub (a Group that says it is a KPA), Group, Person, Application, Service, Organization
  username TEXT NOT NULL,
  name TEXT NOT NULL,
  summary TEXT NOT NULL DEFAULT '',       -- cleaned HTML
  inbox TEXT NOT NULL,
  shared_inbox TEXT,
  key_id TEXT,
  key_pem TEXT,                           -- RSA, SPKI
  proof_key TEXT,                         -- Multikey, Ed25519
  hub_uri TEXT,                           -- the hub that lists it back as its member
  document TEXT NOT NULL,                 -- JSON as fetched
  version BIGINT NOT NULL DEFAULT 0,      -- raised when a key changes
  fetched_at BIGINT NOT NULL,             -- ms UTC
  gone_at BIGINT                          -- ms UTC
);
CREATE INDEX remote_actors_origin ON remote_actors (origin, uri);
CREATE INDEX remote_actors_key ON remote_actors (key_id);

-- Every activity taken in, once by its id, in the transaction of its effect.
CREATE TABLE inbox_activities (
  id TEXT NOT NULL PRIMARY KEY,           -- address of the activity
  actor_uri TEXT NOT NULL,
  kind TEXT NOT NULL,                     -- activity type and kind of its object
  state TEXT NOT NULL CHECK (state IN ('applied', 'waiting', 'ignored', 'unknown')),
  note TEXT,                              -- why it was ignored, or what it waits for
  body TEXT NOT NULL,                     -- JSON as received
  received_at BIGINT NOT NULL             -- ms UTC
);
CREATE INDEX inbox_activities_page ON inbox_activities (received_at DESC, id DESC);
-- What waits for an address is run again when it arrives.
CREATE INDEX inbox_activities_waiting ON inbox_activities (note, id) WHERE state = 'waiting';

-- Every activity sent, once; what goes where is in `deliveries`.
CREATE TABLE outbox_activities (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7, also the end of its address
  uri TEXT NOT NULL UNIQUE,
  actor_uri TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_uri TEXT,
  public BOOLEAN NOT NULL,
  body TEXT NOT NULL,                     -- JSON as sent
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX outbox_activities_page ON outbox_activities (actor_uri, public, id DESC);
CREATE INDEX outbox_activities_object ON outbox_activities (object_uri);

-- One row for each activity and inbox; undone rows are the queue of a peer.
CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7: order of publication
  origin TEXT NOT NULL,                   -- of the receiving server
  inbox TEXT NOT NULL,
  activity_id TEXT NOT NULL REFERENCES outbox_activities(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,    -- of this item, when it was the item that was refused
  last_status INTEGER,                    -- HTTP status of its last refusal
  last_error TEXT,                        -- stable code, never fetched bytes
  created_at BIGINT NOT NULL,             -- ms UTC
  done_at BIGINT,                         -- ms UTC
  UNIQUE (activity_id, inbox)
);
CREATE INDEX deliveries_queue ON deliveries (origin, state, id);
CREATE INDEX deliveries_page ON deliveries (state, id);

-- How delivery to one server is going: failures are counted here, never on 10 000 rows.
CREATE TABLE delivery_peers (
  origin TEXT NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL DEFAULT 0,     -- in a row
  next_try_at BIGINT NOT NULL,            -- ms UTC
  first_failure_at BIGINT,                -- ms UTC of the present row of failures
  last_success_at BIGINT,                 -- ms UTC
  last_status INTEGER,
  last_error TEXT,                        -- stable code
  scheme TEXT NOT NULL DEFAULT 'cavage' CHECK (scheme IN ('cavage', 'rfc9421')),
  gone BOOLEAN NOT NULL DEFAULT FALSE,    -- the server answered 410 for its inbox
  lease_owner TEXT,                       -- process that delivers to this peer now
  lease_until BIGINT NOT NULL DEFAULT 0   -- ms UTC
);
CREATE INDEX delivery_peers_due ON delivery_peers (next_try_at);

CREATE TABLE follows (
  follower_uri TEXT NOT NULL,
  followed_uri TEXT NOT NULL,
  follower_local BOOLEAN NOT NULL,
  followed_local BOOLEAN NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'refused')),
  own BOOLEAN NOT NULL DEFAULT TRUE,      -- asked for by the follower itself; FALSE: a hub's Follow that only carries its members
  activity_uri TEXT NOT NULL,             -- of the Follow on the wire; shared by the members a hub carries, empty between locals
  created_at BIGINT NOT NULL,             -- ms UTC
  decided_at BIGINT,                      -- ms UTC
  PRIMARY KEY (follower_uri, followed_uri)
);
CREATE INDEX follows_followed ON follows (followed_uri, state, follower_uri);
CREATE INDEX follows_activity ON follows (activity_uri);

-- What was deleted, so that a late Create changes nothing.
CREATE TABLE tombstones (
  uri TEXT NOT NULL PRIMARY KEY,
  former_kind TEXT,
  actor_uri TEXT NOT NULL,                -- who deleted it
  deleted_at BIGINT NOT NULL              -- ms UTC
);
