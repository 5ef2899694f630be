-- The votes of the network, protocol UKV-1. The signed originals are the truth and are only added;
-- every other table here is a cache of them, or what this hub must not forget of itself.
CREATE TABLE gov_objects (
  hash TEXT NOT NULL PRIMARY KEY,         -- SHA-256 of the canonical form without proof, 64 hex digits
  kind TEXT NOT NULL,                     -- ikpa:Ballot, …
  poll_hash TEXT,                         -- none for the genesis, lists, rotations and pauses
  signer_hub TEXT,                        -- hub id; none for what nobody or everybody signs
  received_at BIGINT NOT NULL,            -- ms UTC
  original TEXT NOT NULL                  -- the signed text
);
CREATE INDEX gov_objects_kind ON gov_objects (kind, signer_hub, hash);

CREATE TABLE gov_polls (
  hash TEXT NOT NULL PRIMARY KEY REFERENCES gov_objects(hash),
  author TEXT NOT NULL,                   -- hub id
  title TEXT NOT NULL,
  effect TEXT NOT NULL,                   -- none, register.admit, …
  opens_at BIGINT NOT NULL,               -- ms UTC
  closes_at BIGINT NOT NULL,              -- ms UTC
  received_at BIGINT NOT NULL,            -- ms UTC; the seal says it
  effective_at BIGINT NOT NULL,           -- ms UTC from which an adopted effect binds
  round_ms BIGINT NOT NULL,               -- unit of the time-outs, of the rules of this poll
  stale TEXT,                             -- a register object that the poll should have listed
  state TEXT NOT NULL CHECK (state IN ('open', 'closing', 'certified')),
  outcome TEXT,                           -- adopted, rejected, …; once certified
  step TEXT NOT NULL,                     -- UUIDv7 of the last step that stored something
  places BIGINT NOT NULL,                 -- objects held
  gossip_at BIGINT                        -- ms UTC of the next comparison with others; none once certified
);
CREATE INDEX gov_polls_closing ON gov_polls (closes_at, hash);

-- What is held for a poll, in the order in which it came: two polls may hold one list.
CREATE TABLE gov_held (
  poll_hash TEXT NOT NULL REFERENCES gov_polls(hash),
  place BIGINT NOT NULL,
  hash TEXT NOT NULL REFERENCES gov_objects(hash),
  on_time BOOLEAN NOT NULL DEFAULT FALSE, -- good before our own closing
  PRIMARY KEY (poll_hash, place)
);
CREATE UNIQUE INDEX gov_held_object ON gov_held (poll_hash, hash);

-- Written before anything leaves, in the transaction of the signature: no place is ever filled twice.
CREATE TABLE gov_own_slots (
  poll_hash TEXT NOT NULL,                -- empty for what belongs to no poll
  kind TEXT NOT NULL,                     -- ballot, seal, minutes, reread, sign, cancel, pause
  slot BIGINT NOT NULL,                   -- number or round; 0 where there is one ever
  object_hash TEXT NOT NULL,
  PRIMARY KEY (poll_hash, kind, slot)
);

-- Two objects of one hub for one place: a proof that anybody can check.
CREATE TABLE gov_faults (
  hash_a TEXT NOT NULL,
  hash_b TEXT NOT NULL,
  kind TEXT NOT NULL,
  hub TEXT NOT NULL,
  poll_hash TEXT NOT NULL,
  found_at BIGINT NOT NULL,               -- ms UTC
  PRIMARY KEY (hash_a, hash_b)
);
CREATE INDEX gov_faults_poll ON gov_faults (poll_hash, hash_a);

CREATE TABLE gov_certificates (
  value_hash TEXT NOT NULL PRIMARY KEY,
  poll_hash TEXT NOT NULL UNIQUE,
  round BIGINT NOT NULL,
  result TEXT NOT NULL,                   -- JSON as signed
  certified_at BIGINT NOT NULL,           -- ms UTC, here
  applied_at BIGINT,                      -- ms UTC at which its effect was taken over; none while there is none to take
  refuted_at BIGINT                       -- ms UTC at which a recount gave something else: no longer shown as certified
);

-- Who said that it holds a ballot.
CREATE TABLE gov_receipts (
  poll_hash TEXT NOT NULL REFERENCES gov_polls(hash),
  hub TEXT NOT NULL,
  ballot_hash TEXT NOT NULL,
  ack_hash TEXT NOT NULL,
  said_at BIGINT NOT NULL,                -- ms UTC, as it says
  PRIMARY KEY (poll_hash, hub, ballot_hash)
);

-- What came before what it needs: unverified, bounded, forgotten after a while.
CREATE TABLE gov_waiting (
  hash TEXT NOT NULL PRIMARY KEY,
  needs TEXT NOT NULL,                    -- hash of the poll or of the decision it needs
  carrier TEXT NOT NULL,                  -- origin it came from
  received_at BIGINT NOT NULL,            -- ms UTC
  original TEXT NOT NULL                  -- the text as it came
);
CREATE INDEX gov_waiting_needs ON gov_waiting (needs, hash);
CREATE INDEX gov_waiting_carrier ON gov_waiting (carrier, received_at, hash);

-- Ballots that our own people prepare: one writes, another one confirms.
CREATE TABLE gov_ballot_drafts (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  poll_hash TEXT NOT NULL REFERENCES gov_polls(hash),
  choice TEXT NOT NULL,                   -- JSON as in a ballot
  reason TEXT,
  mandate TEXT NOT NULL,                  -- JSON: mode, decided_at, counts
  state TEXT NOT NULL CHECK (state IN ('waiting', 'cast', 'dropped')),
  proposed_by TEXT NOT NULL REFERENCES members(id),
  proposed_at BIGINT NOT NULL,            -- ms UTC
  confirmed_by TEXT REFERENCES members(id),
  confirmed_at BIGINT,                    -- ms UTC
  ballot_hash TEXT
);
CREATE INDEX gov_ballot_drafts_poll ON gov_ballot_drafts (poll_hash, state, id);
