-- What waits for a member.
CREATE TABLE notifications (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  member_id TEXT NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,                     -- key of its sentence
  args TEXT NOT NULL DEFAULT '{}',        -- JSON: what the sentence needs
  href TEXT NOT NULL,                     -- path of the page it leads to
  created_at BIGINT NOT NULL,             -- ms UTC
  read_at BIGINT,                         -- ms UTC
  told_at BIGINT,                         -- ms UTC: somebody told the person (« À prévenir »)
  told_by TEXT REFERENCES members(id)
);
CREATE INDEX notifications_member ON notifications (member_id, created_at DESC, id DESC);
CREATE INDEX notifications_unread ON notifications (member_id, id DESC) WHERE read_at IS NULL;
CREATE INDEX notifications_untold ON notifications (told_at, read_at, created_at);

CREATE TABLE hidden_objects (
  member_id TEXT NOT NULL REFERENCES members(id) ON DELETE CASCADE,
  uri TEXT NOT NULL,
  created_at BIGINT NOT NULL,             -- ms UTC
  PRIMARY KEY (member_id, uri)
);

CREATE TABLE reports (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL,                      -- what is reported
  title TEXT NOT NULL,                    -- as it read then
  evidence TEXT NOT NULL DEFAULT '',      -- its text as it read then
  reporter_member TEXT REFERENCES members(id),
  reporter_origin TEXT,                   -- server a Flag came from
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'hidden', 'forwarded')),
  decision TEXT,                          -- reason given to the author
  decided_by TEXT REFERENCES members(id),
  created_at BIGINT NOT NULL,             -- ms UTC
  decided_at BIGINT                       -- ms UTC
);
CREATE INDEX reports_queue ON reports (state, created_at, id);
CREATE INDEX reports_uri ON reports (uri);
