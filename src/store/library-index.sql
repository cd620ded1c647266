-- Derived from the runbook files and the ledgers of runs; may be deleted at any time. See docs/decisions/library-index.md.

CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  modified_ms REAL NOT NULL,
  bytes INTEGER NOT NULL,
  -- Null for a file that is listed by name alone.
  sha256 TEXT,
  -- How the library lists it, as JSON.
  entry TEXT NOT NULL,
  -- What the filters ask for, beside the JSON so that filtering parses nothing.
  kind TEXT,
  system TEXT,
  owner TEXT,
  risk TEXT NOT NULL,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  -- Each between two line ends.
  tools TEXT NOT NULL
) STRICT;

-- The text by passage, for snippets. Apart, so that a walk through `files` reads little.
CREATE TABLE passages (
  file INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  body TEXT NOT NULL
) STRICT;

-- One row a runbook, so that words from several of its steps find it. The texts stand above once.
CREATE VIRTUAL TABLE words USING fts5 (
  title, about, step, command, prose,
  content = '', contentless_delete = 1,
  prefix = '1 2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);

-- The notes of runs; `id` is the place of the event among all of the store. The texts stand here once.
CREATE TABLE run_notes (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  step TEXT,
  title TEXT NOT NULL,
  path TEXT,
  text TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE note_words USING fts5 (
  text,
  content = '', contentless_delete = 1,
  prefix = '1 2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);

-- The last event of the store that was looked at, and its hash.
CREATE TABLE note_place (id INTEGER PRIMARY KEY CHECK (id = 1), row INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;

CREATE TABLE made_by (version TEXT NOT NULL) STRICT;
