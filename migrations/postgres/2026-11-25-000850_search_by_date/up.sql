-- The key of an entry says what it is and when it was published (db/search/key.rs), so that the hits of a
-- search come newest first. What was indexed is made anew at the next start.
DROP TABLE search_docs;
CREATE TABLE search_docs (
  docid BIGINT NOT NULL PRIMARY KEY,      -- kind, milliseconds UTC of publication, order within them
  kind TEXT NOT NULL,                     -- what is described: proposal, event, …
  ref_id TEXT NOT NULL,                   -- its id
  stems TEXT NOT NULL,                    -- separated by spaces, [a-z0-9] only
  UNIQUE (kind, ref_id)
);
-- The stems are the lexemes as they stand: `to_tsvector` would read `1e5` or `a1` as it sees fit.
CREATE INDEX search_fts ON search_docs USING gin (array_to_tsvector(string_to_array(stems, ' ')));
