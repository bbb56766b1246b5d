-- Reports as they came, sealed; and public places with the order of their changes.

-- One row: what is true of this database as a whole.
CREATE TABLE life (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    -- Another after a restore from a backup, so that phones offer their reports again.
    epoch TEXT NOT NULL,
    -- Reports up to this mark are in a backup.
    backed_up_through INTEGER NOT NULL DEFAULT 0,
    -- The newest keyset ever served; an older one is refused.
    keyset_seen INTEGER NOT NULL DEFAULT 0,
    -- The newest change among the places.
    last_change INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE reports (
    -- Never used twice (AUTOINCREMENT), or a backup could seem to cover what it does not.
    mark INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    centre TEXT NOT NULL,
    keyset INTEGER NOT NULL,
    mailbox TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    -- Sealed length in KiB, rounded up.
    size_class INTEGER NOT NULL,
    -- The hour it arrived, in milliseconds since 1970; nothing finer is kept.
    hour INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE INDEX reports_by_mailbox ON reports (mailbox);

CREATE TABLE places (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    -- The change that last touched this row; places are pulled in this order.
    revision INTEGER NOT NULL UNIQUE,
    -- 1: a tombstone.
    gone INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    telephone TEXT,
    hours TEXT,
    directions TEXT,
    sample INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, external_id)
) STRICT;
