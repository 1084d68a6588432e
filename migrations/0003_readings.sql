-- Readings as indivLog.csv has them: id is the unit, oesunit_id its display name, times are dates that databases
-- understand, and the converter's battery side, which is not known of what was stored before.

ALTER TABLE unit RENAME COLUMN oesunit_id TO id;
ALTER TABLE unit ADD COLUMN oesunit_id TEXT;
UPDATE unit SET oesunit_id = 'Sample_' || id;

ALTER TABLE sample RENAME COLUMN oesunit_id TO id;
ALTER TABLE sample ADD COLUMN oesunit_id TEXT;
ALTER TABLE sample ADD COLUMN dcdc_meter_wb REAL;
UPDATE sample SET
  oesunit_id = 'Sample_' || id,
  time = replace(substr(time, 1, 10), '/', '-') || ' ' || substr(time, 12);

UPDATE command SET
  time = replace(substr(time, 1, 10), '/', '-') || ' ' || substr(time, 12)
    || printf('.%03d', min(999, round((time_s - CAST(time_s AS INTEGER)) * 1000)));
