-- Units as they are from a chapter of their run on, which begins at simulated second from_s: with another configuration
-- a battery may have another capacity.

CREATE TABLE unit_of_chapter (
  community TEXT NOT NULL,
  run_ms REAL NOT NULL,
  id TEXT NOT NULL,
  from_s REAL NOT NULL DEFAULT 0,
  oesunit_id TEXT,
  battery_capacity_wh REAL NOT NULL,
  PRIMARY KEY (community, run_ms, id, from_s)
) WITHOUT ROWID;
INSERT INTO unit_of_chapter SELECT community, run_ms, id, 0, oesunit_id, battery_capacity_wh FROM unit;
DROP TABLE unit;
ALTER TABLE unit_of_chapter RENAME TO unit;
