-- The ledger of reviews: one chain over all runbooks, evidence like the events of a run.
CREATE TABLE reviews (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  time TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES runbook_texts (sha256) DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER reviews_follow BEFORE INSERT ON reviews
WHEN NOT CASE NEW.seq
  WHEN 1 THEN NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'
  ELSE EXISTS (SELECT 1 FROM reviews WHERE seq = NEW.seq - 1 AND hash = NEW.prev)
END
BEGIN SELECT RAISE(ABORT, 'muster: event does not follow the ledger'); END;

CREATE TRIGGER reviews_keep BEFORE UPDATE ON reviews
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER reviews_stay BEFORE DELETE ON reviews
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
