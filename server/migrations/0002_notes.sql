-- Notes: nameless words on places and on help given, to be counted.

CREATE TABLE notes (
    arrived INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Drawn for this note alone.
    id TEXT NOT NULL UNIQUE,
    -- SHA-256 of the body as it came: the same again is welcome, other bytes are refused.
    body_hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- What a helper did; absent for other kinds.
    how TEXT,
    -- The id of a place, also of one that has become a tombstone; absent where help was given elsewhere.
    place TEXT,
    -- The day it happened, as 2026-11-22; nothing finer is kept.
    day TEXT NOT NULL
) STRICT;

CREATE INDEX notes_by_day ON notes (day);
