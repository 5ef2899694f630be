-- The spine: proposal → response → agreement → facts (product.md §4.1).
-- A row whose `origin` is another server's is a dated copy: no rule of this hub counts it.

CREATE TABLE proposals (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7, local key
  uri TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,                   -- server that owns it
  author_uri TEXT NOT NULL,               -- Person, or the hub for a member without public actor
  member_id TEXT REFERENCES members(id),  -- local author
  purpose TEXT NOT NULL CHECK (purpose IN ('offer', 'request')),
  kind TEXT NOT NULL CHECK (kind IN ('service', 'loan', 'gift', 'sale', 'event_seat', 'booking', 'mission', 'order')),
  title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  category TEXT NOT NULL,
  town TEXT NOT NULL DEFAULT '',          -- commune, never finer
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'suspended', 'fulfilled', 'expired', 'withdrawn')),
  visibility TEXT NOT NULL CHECK (visibility IN ('private', 'hub', 'followed', 'network', 'public')),
  expires_at BIGINT NOT NULL,             -- ms UTC
  published_at BIGINT NOT NULL,           -- ms UTC
  updated_at BIGINT NOT NULL,             -- ms UTC, of the owner's version
  rev BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX proposals_page ON proposals (state, published_at DESC, id DESC);
CREATE INDEX proposals_public ON proposals (state, visibility, published_at DESC, id DESC);
CREATE INDEX proposals_purpose ON proposals (state, purpose, published_at DESC, id DESC);
CREATE INDEX proposals_origin ON proposals (origin, state, published_at DESC, id DESC);
CREATE INDEX proposals_author ON proposals (author_uri, published_at DESC, id DESC);
CREATE INDEX proposals_member ON proposals (member_id, published_at DESC, id DESC);
CREATE INDEX proposals_expiry ON proposals (state, expires_at);

CREATE TABLE proposal_details (
  proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES proposals(id) ON DELETE CASCADE,
  description TEXT NOT NULL DEFAULT '',   -- as typed (Markdown); empty for a copy
  content TEXT NOT NULL DEFAULT '',       -- cleaned HTML
  summary TEXT NOT NULL DEFAULT '',       -- beginning of the text, plain, for lists
  lang TEXT NOT NULL DEFAULT '',          -- BCP 47; empty when not said
  settlements TEXT NOT NULL,              -- comma-separated: gift, hours, euros, cesu, cae_invoice, barter
  quantity BIGINT NOT NULL DEFAULT 1 CHECK (quantity > 0),        -- units offered in all
  available BIGINT NOT NULL DEFAULT 1 CHECK (available >= 0),     -- units not yet agreed (I-01)
  minutes BIGINT CHECK (minutes > 0),     -- a unit's duration
  price_cents BIGINT CHECK (price_cents >= 0), -- a unit's price, euro cents
  when_text TEXT NOT NULL DEFAULT '',     -- « samedi après-midi »
  widen_to TEXT CHECK (widen_to IN ('followed', 'network', 'public')), -- where an unmet need goes in the end
  widen_at BIGINT,                        -- ms UTC of the next step; none when it stays
  url TEXT NOT NULL,                      -- page of the owner
  document TEXT NOT NULL DEFAULT '',      -- JSON: as received, or as last sent
  fetched_at BIGINT NOT NULL              -- ms UTC: age of the copy
);
CREATE INDEX proposal_details_widen ON proposal_details (widen_at);

-- « Saisi pour le compte de »: who entered it, and for whom when that person has no account.
-- Nothing of this table leaves the hub.
CREATE TABLE proposal_entries (
  proposal_id TEXT NOT NULL PRIMARY KEY REFERENCES proposals(id) ON DELETE CASCADE,
  entered_by TEXT NOT NULL REFERENCES members(id),
  for_name TEXT,                          -- as typed at the desk; none for a member
  slip_code TEXT UNIQUE,                  -- G-7K2, printed for a person without account
  created_at BIGINT NOT NULL              -- ms UTC
);

CREATE TABLE responses (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL UNIQUE,               -- of the Offer activity
  proposal_id TEXT NOT NULL REFERENCES proposals(id),
  responder_uri TEXT NOT NULL,            -- Person, or hub
  party TEXT NOT NULL,                    -- opaque reference to the person within that hub
  member_id TEXT REFERENCES members(id),  -- local responder
  name TEXT NOT NULL,                     -- as shown to the proposer
  message TEXT NOT NULL,
  quantity BIGINT NOT NULL DEFAULT 1 CHECK (quantity > 0),
  settlement TEXT NOT NULL,
  planned TEXT NOT NULL DEFAULT '',       -- « samedi 14 h »
  state TEXT NOT NULL CHECK (state IN ('sent', 'accepted', 'refused', 'cancelled', 'expired')),
  reason TEXT,                            -- of a refusal
  on_behalf_of TEXT,
  created_at BIGINT NOT NULL,             -- ms UTC
  decided_at BIGINT                       -- ms UTC
);
CREATE INDEX responses_proposal ON responses (proposal_id, created_at, id);
CREATE INDEX responses_member ON responses (member_id, created_at DESC, id DESC);
-- One open answer a person and proposal: a second tap or a repeated delivery adds nothing.
CREATE UNIQUE INDEX responses_open ON responses (proposal_id, responder_uri, party) WHERE state = 'sent';

CREATE TABLE agreements (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,                   -- hub of the proposer: the only one that decides
  response_id TEXT NOT NULL UNIQUE REFERENCES responses(id),  -- I-02
  proposal_id TEXT NOT NULL REFERENCES proposals(id),
  kind TEXT NOT NULL,
  settlement TEXT NOT NULL,
  quantity BIGINT NOT NULL CHECK (quantity > 0),
  minutes BIGINT CHECK (minutes > 0),     -- agreed duration in all
  price_cents BIGINT CHECK (price_cents >= 0),
  state TEXT NOT NULL CHECK (state IN ('concluded', 'declared_done', 'confirmed', 'contested', 'cancelled')),
  planned TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,             -- ms UTC
  updated_at BIGINT NOT NULL,             -- ms UTC, of the owner's version
  fetched_at BIGINT NOT NULL,             -- ms UTC: age of the copy
  rev BIGINT NOT NULL DEFAULT 0           -- of the owner; an older one changes nothing
);
CREATE INDEX agreements_proposal ON agreements (proposal_id);
CREATE INDEX agreements_state ON agreements (state, updated_at);

CREATE TABLE agreement_parties (
  agreement_id TEXT NOT NULL REFERENCES agreements(id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('proposer', 'responder')),
  actor_uri TEXT NOT NULL,
  party TEXT NOT NULL,
  member_id TEXT REFERENCES members(id),  -- local party
  name TEXT NOT NULL,
  phone TEXT,                             -- known only once both agreed
  email TEXT,
  PRIMARY KEY (agreement_id, side)
);
CREATE INDEX agreement_parties_member ON agreement_parties (member_id, agreement_id);

-- What each party says happened. Never edited: a correction is a row that names the one it corrects.
CREATE TABLE economic_events (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL UNIQUE,
  agreement_id TEXT NOT NULL REFERENCES agreements(id),
  side TEXT NOT NULL CHECK (side IN ('proposer', 'responder', 'facilitator')), -- who says it
  action TEXT NOT NULL,                   -- deliverService, transfer, use, work, …
  provider_side TEXT NOT NULL CHECK (provider_side IN ('proposer', 'responder')),
  minutes BIGINT,                         -- negative in a counter-entry
  quantity BIGINT NOT NULL,
  happened_at BIGINT NOT NULL,            -- ms UTC
  note TEXT NOT NULL DEFAULT '',
  corrects TEXT REFERENCES economic_events(id),
  document TEXT NOT NULL,                 -- JSON with its proof
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE UNIQUE INDEX economic_events_once ON economic_events (agreement_id, side) WHERE corrects IS NULL;
CREATE INDEX economic_events_agreement ON economic_events (agreement_id, created_at, id);

-- The one settled fact in minutes of an agreement in hours, and its counter-entries (I-05).
-- The time bank of a later feature posts from here; « Mes heures » is read from here.
CREATE TABLE hour_facts (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  agreement_id TEXT NOT NULL REFERENCES agreements(id),
  giver_member TEXT REFERENCES members(id),
  receiver_member TEXT REFERENCES members(id),
  giver_uri TEXT NOT NULL,
  receiver_uri TEXT NOT NULL,
  minutes BIGINT NOT NULL CHECK (minutes <> 0),
  happened_at BIGINT NOT NULL,            -- ms UTC
  corrects TEXT REFERENCES hour_facts(id),
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE UNIQUE INDEX hour_facts_once ON hour_facts (agreement_id) WHERE corrects IS NULL;
CREATE UNIQUE INDEX hour_facts_corrected_once ON hour_facts (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX hour_facts_giver ON hour_facts (giver_member, happened_at DESC, id DESC);
CREATE INDEX hour_facts_receiver ON hour_facts (receiver_member, happened_at DESC, id DESC);

CREATE TABLE disputes (
  agreement_id TEXT NOT NULL PRIMARY KEY REFERENCES agreements(id),
  opened_side TEXT NOT NULL CHECK (opened_side IN ('proposer', 'responder')),
  reason TEXT NOT NULL,
  opened_at BIGINT NOT NULL,              -- ms UTC
  outcome TEXT CHECK (outcome IN ('confirmed', 'cancelled')),
  resolution TEXT,
  resolved_by TEXT REFERENCES members(id),
  resolved_at BIGINT                      -- ms UTC
);

-- The private thread of an agreement.
CREATE TABLE messages (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL UNIQUE,
  agreement_id TEXT NOT NULL REFERENCES agreements(id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('proposer', 'responder')),
  text TEXT NOT NULL,                     -- plain
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX messages_thread ON messages (agreement_id, created_at, id);

-- Questions and remarks under a proposal, from here or from elsewhere.
CREATE TABLE replies (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  uri TEXT NOT NULL UNIQUE,
  proposal_id TEXT NOT NULL REFERENCES proposals(id) ON DELETE CASCADE,
  author_uri TEXT NOT NULL,
  author_name TEXT NOT NULL,
  member_id TEXT REFERENCES members(id),  -- local author
  content TEXT NOT NULL,                  -- cleaned HTML
  guest BOOLEAN NOT NULL,                 -- from a server outside the network
  state TEXT NOT NULL CHECK (state IN ('held', 'shown', 'hidden')),
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX replies_proposal ON replies (proposal_id, created_at, id);
CREATE INDEX replies_state ON replies (state, created_at, id);

-- Pictures, re-encoded here; the bytes are files named by id under media/.
CREATE TABLE media (
  id TEXT NOT NULL PRIMARY KEY,           -- UUIDv7
  member_id TEXT NOT NULL REFERENCES members(id),
  proposal_id TEXT REFERENCES proposals(id) ON DELETE CASCADE,
  media_type TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  width INTEGER NOT NULL,                 -- pixels
  height INTEGER NOT NULL,                -- pixels
  alt TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL,                   -- hex
  created_at BIGINT NOT NULL              -- ms UTC
);
CREATE INDEX media_proposal ON media (proposal_id, id);
CREATE INDEX media_member ON media (member_id, created_at);
