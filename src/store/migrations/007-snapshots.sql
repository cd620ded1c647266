-- The state of long runs up to one of their events, so that they open soon. No part of the ledger:
-- a row may be deleted at any time, and is made again.
CREATE TABLE snapshots (
  run TEXT PRIMARY KEY REFERENCES runs (id),
  -- The last event that is folded in, and its hash.
  seq INTEGER NOT NULL CHECK (seq > 0),
  hash TEXT NOT NULL,
  -- Which fold made it.
  form INTEGER NOT NULL,
  -- JSON, deflated: the state to look at, and what it leaves out.
  glance BLOB NOT NULL,
  attempts BLOB NOT NULL,
  -- Ed25519, base64; see docs/ledger.md.
  signature TEXT NOT NULL
) STRICT;
