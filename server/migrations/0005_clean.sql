-- Erasing overwrites what it erases; a database of before that is written anew once.

-- 0: free pages, and free space in others, may hold what was erased.
ALTER TABLE life ADD COLUMN clean INTEGER NOT NULL DEFAULT 0;
