-- What SQLite's planner cannot know: half of all proposals are in one state, so an index on the state is no
-- better than a list of keys. Without this a search looks through everything that is published for its twenty
-- hits. Fixed figures, not measured ones: plans stay the same on every hub (sqlite.org/queryplanner-ng.html).
ANALYZE proposals;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('proposals', 'sqlite_autoindex_proposals_1', '100000 1'),
  ('proposals', 'sqlite_autoindex_proposals_2', '100000 1'),
  ('proposals', 'proposals_page', '100000 50000 2 1'),
  ('proposals', 'proposals_public', '100000 50000 20000 2 1'),
  ('proposals', 'proposals_purpose', '100000 50000 25000 2 1'),
  ('proposals', 'proposals_origin', '100000 5000 2500 2 1'),
  ('proposals', 'proposals_author', '100000 500 2 1'),
  ('proposals', 'proposals_member', '100000 500 2 1'),
  ('proposals', 'proposals_expiry', '100000 50000 5');
ANALYZE sqlite_schema;
