-- Accounts of homes with limits, of an AC grid that fails and of a tariff. Days that were sent before have none of them.

ALTER TABLE daily_summary ADD COLUMN clipped REAL;
ALTER TABLE daily_summary ADD COLUMN sold REAL;
ALTER TABLE daily_summary ADD COLUMN sale_loss REAL;
ALTER TABLE daily_summary ADD COLUMN battery_loss REAL;
ALTER TABLE daily_summary ADD COLUMN unserved REAL;
ALTER TABLE daily_summary ADD COLUMN unserved_minutes REAL;
ALTER TABLE daily_summary ADD COLUMN times_dark REAL;
ALTER TABLE daily_summary ADD COLUMN wg_outage REAL;
ALTER TABLE daily_summary ADD COLUMN import_cost REAL;
ALTER TABLE daily_summary ADD COLUMN export_income REAL;
