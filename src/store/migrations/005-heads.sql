-- What vouches for a ledger from outside of its chain, and what an output does not hold.

-- Signed heads: who signs one says that the run had these events up to `seq` at that time.
CREATE TABLE run_heads (
  run TEXT NOT NULL REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL CHECK (seq > 0),
  -- The hash of event `seq`.
  hash TEXT NOT NULL,
  time TEXT NOT NULL,
  -- Ed25519: the raw public key and the signature, base64.
  key TEXT NOT NULL,
  signature TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT;

CREATE TRIGGER heads_keep BEFORE UPDATE ON run_heads
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER heads_stay BEFORE DELETE ON run_heads
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;

-- The middle of a long output, which is counted and not kept.
CREATE TABLE output_gaps (
  run TEXT NOT NULL REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  -- Offset in the kept output at which it was left out.
  at INTEGER NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  lines INTEGER NOT NULL,
  PRIMARY KEY (run, step, attempt)
) STRICT;

CREATE TRIGGER gaps_keep BEFORE UPDATE ON output_gaps
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER gaps_stay BEFORE DELETE ON output_gaps
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
