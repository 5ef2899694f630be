DROP TABLE search_fts;
DROP TABLE search_docs;
CREATE TABLE search_docs (
  docid INTEGER NOT NULL PRIMARY KEY,     -- derived, never moved: the index needs a number
  kind TEXT NOT NULL,                     -- what is described: proposal, event, …
  ref_id TEXT NOT NULL,                   -- its id
  stems TEXT NOT NULL,                    -- separated by spaces, [a-z0-9] only
  UNIQUE (kind, ref_id)
);
CREATE VIRTUAL TABLE search_fts USING fts5(
  stems, content='search_docs', content_rowid='docid', tokenize='ascii', prefix='2 3'
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
