-- What every process of a hub needs before anything else.

-- Facts about this hub that must outlive a restart, one row a key.
CREATE TABLE hub_facts (
  key TEXT NOT NULL PRIMARY KEY,          -- base_url, slug, name, summary, epoch, …
  value TEXT NOT NULL,
  updated_at BIGINT NOT NULL              -- ms UTC
);

-- Work that survives a restart. `unique_key` lets a job be enqueued once only.
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,                  -- JSON
  run_at BIGINT NOT NULL,                 -- ms UTC
  lease_until BIGINT,                     -- ms UTC; held by a runner until then
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  unique_key TEXT UNIQUE,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'dead')),
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX jobs_due ON jobs (state, run_at, id);

-- Every state change, by whom, for whom, and why (product.md §4.0).
CREATE TABLE audit_events (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  at BIGINT NOT NULL,                     -- ms UTC
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('member', 'peer', 'system', 'operator')),
  actor TEXT NOT NULL,                    -- member id, actor address, job name, or command
  on_behalf_of TEXT,                      -- member id or free name typed at the desk
  command TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  old_state TEXT,
  new_state TEXT,
  reason TEXT,
  request_id TEXT
);
CREATE INDEX audit_events_page ON audit_events (at DESC, id DESC);
CREATE INDEX audit_events_subject ON audit_events (subject_kind, subject_id, at);

-- Answers already given to a form or an API call, so that a second tap changes nothing.
CREATE TABLE idempotency (
  key TEXT NOT NULL PRIMARY KEY,          -- scope and token, e.g. member:route:token
  status INTEGER NOT NULL,                -- HTTP status of the first answer
  location TEXT,                          -- where the first answer led
  body TEXT,                              -- JSON of the first answer, for the API
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- Counters of a window of time, shared by all processes: sign-in tries, refusals of strangers.
CREATE TABLE counters (
  bucket TEXT NOT NULL,                   -- e.g. sign-in:<handle>, refused:<origin>:<code>
  window_start BIGINT NOT NULL,           -- ms UTC
  count BIGINT NOT NULL,
  PRIMARY KEY (bucket, window_start)
);
CREATE INDEX counters_age ON counters (window_start);
