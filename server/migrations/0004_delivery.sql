-- Reports to the end: what follows the text, how far each has come, answers, erasure.

-- The age recipient that answers are sealed to; absent in labels of version 1.
ALTER TABLE reports ADD COLUMN reply TEXT;
-- The label's list of parts, as JSON; absent where none follow.
ALTER TABLE reports ADD COLUMN parts TEXT;
-- 0 while parts are missing. A report is shown to its centre either way.
ALTER TABLE reports ADD COLUMN complete INTEGER NOT NULL DEFAULT 1;
-- Hours in milliseconds since 1970; absent where a report has not come so far.
ALTER TABLE reports ADD COLUMN read INTEGER;
ALTER TABLE reports ADD COLUMN passed_on INTEGER;
ALTER TABLE reports ADD COLUMN closed INTEGER;
-- 1: a legal hold; no job erases it.
ALTER TABLE reports ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
-- 1: a tombstone. Everything but its id is gone, and a late replay does not bring it back.
ALTER TABLE reports ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

CREATE INDEX reports_by_close ON reports (closed) WHERE closed IS NOT NULL;

-- Parts whose bytes are whole in the folder of parts, checked against the label.
CREATE TABLE arrived_parts (
    report TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (report, part)
) STRICT, WITHOUT ROWID;

-- What centre and reporter write to each other, sealed.
CREATE TABLE messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    report TEXT NOT NULL,
    -- 1: the centre wrote it.
    from_centre INTEGER NOT NULL,
    -- The hour it arrived.
    hour INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (report, id)
) STRICT;

-- When somebody last opened a centre's inbox; at first, when this server met the centre.
CREATE TABLE inboxes (
    centre TEXT PRIMARY KEY,
    opened INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
