CREATE TABLE members (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  handle TEXT NOT NULL UNIQUE,            -- [a-z0-9_]{2,30}, unique in this hub
  display_name TEXT NOT NULL,
  password_hash TEXT,                     -- argon2id, PHC form; none until the invitation is used
  phone TEXT,                             -- shown to the other party after an agreement only
  email TEXT,                             -- not a unique key
  bio TEXT NOT NULL DEFAULT '',
  languages TEXT NOT NULL DEFAULT 'fr',   -- comma-separated BCP 47 tags
  town TEXT,                              -- commune, never finer
  locale TEXT NOT NULL DEFAULT 'fr' CHECK (locale IN ('fr', 'en')),
  public_actor BOOLEAN NOT NULL DEFAULT FALSE, -- opted into a Person others can follow
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'deleted')),
  widening TEXT NOT NULL DEFAULT 'hub',   -- last choice of « d'abord mon KPA », prefilled
  rev BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,             -- ms UTC
  updated_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX members_page ON members (state, created_at DESC, id DESC);

CREATE TABLE member_roles (
  member_id TEXT NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  role TEXT NOT NULL,                     -- product.md §4.0, or a permission: desk, orders, moderate
  granted_by TEXT,                        -- member id; none when the operator's command did it
  granted_at BIGINT NOT NULL,             -- ms UTC
  PRIMARY KEY (member_id, role)
);

-- Keys of members who opted into a public actor. The hub's own keys are files.
CREATE TABLE actor_keys (
  actor_uri TEXT NOT NULL PRIMARY KEY,
  rsa_private TEXT NOT NULL,              -- PKCS#8, PEM
  rsa_public TEXT NOT NULL,               -- SPKI, PEM
  ed25519_seed TEXT NOT NULL,             -- base64url of 32 bytes
  created_at BIGINT NOT NULL              -- ms UTC
);

CREATE TABLE sessions (
  id_hash TEXT NOT NULL PRIMARY KEY,      -- SHA-256 of the cookie, hex
  member_id TEXT NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  csrf_secret TEXT NOT NULL,              -- base64url
  browser TEXT NOT NULL,                  -- family only: "Firefox sur Android"
  created_at BIGINT NOT NULL,             -- ms UTC
  seen_at BIGINT NOT NULL,                -- ms UTC, moved at most once an hour
  expires_at BIGINT NOT NULL,             -- ms UTC
  confirmed_at BIGINT NOT NULL            -- ms UTC: password last given
);
CREATE INDEX sessions_member ON sessions (member_id);

-- A link that creates an account (join) or gives one back (recovery).
CREATE TABLE invitations (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  secret_hash TEXT NOT NULL UNIQUE,       -- SHA-256 of the secret, hex
  purpose TEXT NOT NULL CHECK (purpose IN ('join', 'recovery')),
  display_name TEXT NOT NULL,
  member_id TEXT REFERENCES members(id) ON DELETE CASCADE, -- whose account comes back
  role TEXT NOT NULL,                     -- role given at use
  created_by TEXT,                        -- member id; none when the operator's command did it
  needs_second BOOLEAN NOT NULL DEFAULT FALSE, -- another facilitator or spokesperson must agree
  approved_by TEXT,                       -- member id of that second person
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'revoked')),
  created_at BIGINT NOT NULL,             -- ms UTC
  expires_at BIGINT NOT NULL,             -- ms UTC
  used_at BIGINT                          -- ms UTC
);
CREATE INDEX invitations_page ON invitations (created_at DESC, id DESC);

CREATE TABLE api_tokens (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  secret_hash TEXT NOT NULL UNIQUE,       -- SHA-256 of `ikpa_…`, hex
  member_id TEXT NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  created_at BIGINT NOT NULL,             -- ms UTC
  used_at BIGINT,                         -- ms UTC, moved at most once an hour
  revoked_at BIGINT                       -- ms UTC
);
CREATE INDEX api_tokens_member ON api_tokens (member_id);
