-- The key of an entry says what it is and when it was published (db/search/key.rs), so that the hits of a
-- search come newest first and the reading stops when a page is full. Only beginnings of 2 to 7 letters are in
-- an index of their own: any other beginning would gather all its hits first, and no term is longer than 8.
-- What was indexed is made anew at the next start.
DROP TABLE search_fts;
DROP TABLE search_docs;
CREATE TABLE search_docs (
  docid INTEGER NOT NULL PRIMARY KEY,     -- kind, milliseconds UTC of publication, order within them
  kind TEXT NOT NULL,                     -- what is described: proposal, event, …
  ref_id TEXT NOT NULL,                   -- its id
  stems TEXT NOT NULL,                    -- separated by spaces, [a-z0-9] only
  UNIQUE (kind, ref_id)
);
CREATE VIRTUAL TABLE search_fts USING fts5(
  stems, content='search_docs', content_rowid='docid', tokenize='ascii', prefix='2 3 4 5 6 7',
  detail=none, columnsize=0
);
CREATE TRIGGER search_ai AFTER INSERT ON search_docs BEGIN
  INSERT INTO search_fts(rowid, stems) VALUES (new.docid, new.stems);
END;
CREATE TRIGGER search_ad AFTER DELETE ON search_docs BEGIN
  INSERT INTO search_fts(search_fts, rowid, stems) VALUES ('delete', old.docid, old.stems);
END;
CREATE TRIGGER search_au AFTER UPDATE ON search_docs BEGIN
  INSERT INTO search_fts(search_fts, rowid, stems) VALUES ('delete', old.docid, old.stems);
  INSERT INTO search_fts(rowid, stems) VALUES (new.docid, new.stems);
END;
