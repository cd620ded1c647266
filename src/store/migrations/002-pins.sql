-- Runbooks that the operator keeps at the top of the library, by path. Not evidence.
CREATE TABLE pins (
  path TEXT PRIMARY KEY,
  pinned_at TEXT NOT NULL
) STRICT;
