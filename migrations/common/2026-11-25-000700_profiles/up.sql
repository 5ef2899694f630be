-- What a member says of themselves beyond the name, and who may read each line of it.
CREATE TABLE member_profiles (
  member_id TEXT NOT NULL PRIMARY KEY REFERENCES members(id) ON DELETE CASCADE,
  skills TEXT NOT NULL DEFAULT '',        -- one a line
  contact_note TEXT NOT NULL DEFAULT '',  -- best way and moment to reach them
  after_agreement BOOLEAN NOT NULL DEFAULT FALSE, -- phone and e-mail go to the other party of an agreement; without a row nobody asked yet
  consents TEXT NOT NULL DEFAULT '{}'     -- JSON: field -> private, hub, network, public; absent is private
);

ALTER TABLE api_tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read,write,admin'; -- comma-separated
ALTER TABLE api_tokens ADD COLUMN expires_at BIGINT; -- ms UTC; none when it lasts until it is taken away
