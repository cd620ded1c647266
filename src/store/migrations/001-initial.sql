-- Events, outputs and texts only ever grow: the triggers hold that against every program that
-- opens this file. What may change (leases, folders, recents, settings, summaries) is not evidence.

CREATE TABLE runbook_texts (
  sha256 TEXT PRIMARY KEY,
  encoding TEXT NOT NULL CHECK (encoding IN ('plain', 'deflate')),
  -- Bytes of the text as UTF-8, before `encoding`.
  length INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  -- Deferred, so that a transaction may record the run before its text.
  sha256 TEXT NOT NULL REFERENCES runbook_texts (sha256) DEFERRABLE INITIALLY DEFERRED,
  title TEXT NOT NULL,
  path TEXT,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (created_at, id);

-- A cache for the list of runs. The events are the truth; this can be made again from them.
CREATE TABLE run_summaries (
  run TEXT PRIMARY KEY REFERENCES runs (id),
  summary TEXT NOT NULL
) STRICT;

CREATE TABLE events (
  run TEXT NOT NULL REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL CHECK (seq > 0),
  time TEXT NOT NULL,
  mono REAL NOT NULL,
  session TEXT NOT NULL,
  body TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT;

CREATE TABLE outputs (
  run TEXT NOT NULL REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- Offset of the first byte in the kept output of the attempt, all streams together.
  at INTEGER NOT NULL,
  -- Tells chunks apart that keep nothing and so have the same offset.
  number INTEGER NOT NULL,
  stream TEXT NOT NULL,
  -- Bytes kept, before `encoding`.
  length INTEGER NOT NULL,
  -- Bytes of the stream's spool file that this chunk used up, before redaction.
  source INTEGER NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('plain', 'deflate')),
  data BLOB NOT NULL,
  PRIMARY KEY (run, step, attempt, at, number)
) STRICT;

-- No reference to runs: a lease may be taken before its run is recorded.
CREATE TABLE leases (
  run TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  host TEXT NOT NULL,
  surface TEXT NOT NULL CHECK (surface IN ('app', 'cli'))
) STRICT;

CREATE TABLE folders (
  path TEXT PRIMARY KEY,
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE recents (
  path TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  opened_at TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TRIGGER events_follow BEFORE INSERT ON events
WHEN NOT CASE NEW.seq
  WHEN 1 THEN NEW.prev = '0000000000000000000000000000000000000000000000000000000000000000'
  ELSE EXISTS (
    SELECT 1 FROM events WHERE run = NEW.run AND seq = NEW.seq - 1 AND hash = NEW.prev
  )
END
BEGIN SELECT RAISE(ABORT, 'muster: event does not follow the ledger'); END;

CREATE TRIGGER events_keep BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;

CREATE TRIGGER outputs_keep BEFORE UPDATE ON outputs
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER outputs_stay BEFORE DELETE ON outputs
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;

CREATE TRIGGER texts_keep BEFORE UPDATE ON runbook_texts
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER texts_stay BEFORE DELETE ON runbook_texts
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;

CREATE TRIGGER runs_keep BEFORE UPDATE ON runs
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER runs_stay BEFORE DELETE ON runs
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
