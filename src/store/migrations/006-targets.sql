-- Targets and the identities pinned to them. Runs keep a snapshot in their events and refer to
-- nothing here, so that a target may go.
CREATE TABLE targets (
  name TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  added_at TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE target_pins (
  target TEXT NOT NULL REFERENCES targets (name) ON DELETE CASCADE,
  -- Which part of the target: cluster, object-store, database NAME.
  key TEXT NOT NULL,
  part TEXT NOT NULL,
  pinned_at TEXT NOT NULL,
  pinned_by TEXT NOT NULL,
  PRIMARY KEY (target, key)
) STRICT;
