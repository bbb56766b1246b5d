-- Places that can be kept true: hours, dates, where each stands with the scheme, and who changed what.

-- OpenStreetMap's opening_hours: the one truth about hours. The words of before (hours) stay unread.
ALTER TABLE places ADD COLUMN opening_hours TEXT;
-- What phones are given of it: a week, dates that differ, a last day; JSON.
ALTER TABLE places ADD COLUMN opening TEXT;
-- Which release's rules made it out: others make it out anew.
ALTER TABLE places ADD COLUMN opening_rules INTEGER NOT NULL DEFAULT 0;
-- invited, active, paused, sample or closed. Only active and sample ones are not gone.
ALTER TABLE places ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
-- Whether its source still lists it; what is no longer listed is gone, whatever its status.
ALTER TABLE places ADD COLUMN listed INTEGER NOT NULL DEFAULT 1;
-- The row as its source listed it last, JSON: a list read again changes only what changed in the list.
ALTER TABLE places ADD COLUMN listed_as TEXT;
-- Whose bank holidays it keeps: england, wales, scotland or northern-ireland.
ALTER TABLE places ADD COLUMN nation TEXT NOT NULL DEFAULT 'england';
ALTER TABLE places ADD COLUMN what TEXT;
ALTER TABLE places ADD COLUMN door TEXT;
ALTER TABLE places ADD COLUMN welcome TEXT;
-- The name of a picture of the door, made from its content.
ALTER TABLE places ADD COLUMN photo TEXT;
-- Names with commas between them: step-free, toilets, quiet-room, hearing-loop.
ALTER TABLE places ADD COLUMN offers TEXT NOT NULL DEFAULT '';
-- BCP 47 tags with commas between them.
ALTER TABLE places ADD COLUMN languages TEXT NOT NULL DEFAULT '';
-- Days as 2026-11-22.
ALTER TABLE places ADD COLUMN trained TEXT;
ALTER TABLE places ADD COLUMN checked TEXT;
ALTER TABLE places ADD COLUMN review_by TEXT;
-- Two people found it closed, and no coordinator has looked since.
ALTER TABLE places ADD COLUMN ring_first INTEGER NOT NULL DEFAULT 0;
-- Notes that arrived up to this one were looked at.
ALTER TABLE places ADD COLUMN looked_through INTEGER NOT NULL DEFAULT 0;

UPDATE places SET status = CASE WHEN sample = 1 THEN 'sample' ELSE 'active' END;
UPDATE places SET listed = 0 WHERE gone = 1;

-- Phones hold these places as they were: every one is pulled again.
UPDATE places SET revision = revision + (SELECT last_change FROM life);
UPDATE life SET last_change = 2 * last_change;

CREATE TABLE place_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL REFERENCES places (id),
    -- Milliseconds since 1970.
    at INTEGER NOT NULL,
    -- "coordinator: Sam", "manager by link", "list", "daily work".
    who TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT
) STRICT;

CREATE INDEX place_changes_by_place ON place_changes (place, number);

-- Signed links by which a manager keeps their own place true.
CREATE TABLE place_links (
    -- Drawn for this link alone; the link itself is not kept.
    nonce TEXT PRIMARY KEY,
    place TEXT NOT NULL REFERENCES places (id),
    -- welcome, the first one, or confirm, every year.
    purpose TEXT NOT NULL,
    -- Milliseconds since 1970.
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    -- When it was answered; a link is answered once.
    used INTEGER
) STRICT;

CREATE INDEX place_links_by_place ON place_links (place, made);
