-- Accounts that close a day's row. Days that were sent before have none of them, and their pv lacks what full batteries
-- burnt from the DC grid.

ALTER TABLE daily_summary ADD COLUMN set_by_hand REAL;
ALTER TABLE daily_summary ADD COLUMN curtailed REAL;
ALTER TABLE daily_summary ADD COLUMN wasted_import REAL;
ALTER TABLE daily_summary ADD COLUMN shortfall REAL;
