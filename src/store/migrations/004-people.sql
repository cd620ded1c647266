-- Colleagues who may approve steps on this machine. Not evidence: an approval's evidence is its event.
CREATE TABLE people (
  -- The name as names are compared: trimmed, single spaces, lower case.
  handle TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- Ed25519, 32 bytes; null when the person approves by PIN alone.
  public_key BLOB,
  -- scrypt of the PIN with its parameters, as JSON; null when there is no PIN.
  pin TEXT,
  -- Wrong PINs since the last right one, and when the last was typed (UTC).
  wrong_pins INTEGER NOT NULL DEFAULT 0,
  wrong_at TEXT,
  created_at TEXT NOT NULL
) STRICT;

-- Files that people attached to runs, under the SHA-256 of their content. Events say what they are.
CREATE TABLE attachments (
  sha256 TEXT NOT NULL,
  number INTEGER NOT NULL,
  -- Bytes of the piece, before `encoding`.
  length INTEGER NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('plain', 'deflate')),
  data BLOB NOT NULL,
  PRIMARY KEY (sha256, number)
) STRICT;

CREATE TRIGGER attachments_keep BEFORE UPDATE ON attachments
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
CREATE TRIGGER attachments_stay BEFORE DELETE ON attachments
BEGIN SELECT RAISE(ABORT, 'muster: append-only'); END;
