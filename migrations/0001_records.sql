-- What communities send when saveIndividualToDB is true and dburl is empty. run_ms is the real time in ms at
-- which a run of simulated time began; a clock set back to the start begins another. Energies are in Wh.

CREATE TABLE unit (
  community TEXT NOT NULL,
  run_ms REAL NOT NULL,
  oesunit_id TEXT NOT NULL,
  battery_capacity_wh REAL NOT NULL,
  PRIMARY KEY (community, run_ms, oesunit_id)
) WITHOUT ROWID;

CREATE TABLE sample (
  community TEXT NOT NULL,
  run_ms REAL NOT NULL,
  oesunit_id TEXT NOT NULL,
  time_s REAL NOT NULL,
  time TEXT NOT NULL,
  emu_rsoc REAL NOT NULL,
  emu_pvc_charge_power REAL NOT NULL,
  emu_ups_output_power REAL NOT NULL,
  charge_discharge_power REAL NOT NULL,
  dcdc_meter_wg REAL NOT NULL,
  dcdc_powermeter_p2 REAL NOT NULL,
  PRIMARY KEY (community, run_ms, oesunit_id, time_s)
) WITHOUT ROWID;

CREATE TABLE daily_summary (
  community TEXT NOT NULL,
  run_ms REAL NOT NULL,
  day INTEGER NOT NULL,
  time TEXT NOT NULL,
  pv REAL NOT NULL,
  demand REAL NOT NULL,
  acin REAL NOT NULL,
  wasted REAL NOT NULL,
  acloss REAL NOT NULL,
  dcloss REAL NOT NULL,
  loss REAL NOT NULL,
  avgrsoc REAL NOT NULL,
  wg REAL NOT NULL,
  deltaBatt REAL NOT NULL,
  ssr_real REAL,
  ssr_pv REAL,
  sor REAL,
  r_utility REAL,
  PRIMARY KEY (community, run_ms, day)
) WITHOUT ROWID;

CREATE TABLE command (
  community TEXT NOT NULL,
  run_ms REAL NOT NULL,
  id INTEGER NOT NULL,
  wall_time TEXT NOT NULL,
  time TEXT NOT NULL,
  time_s REAL NOT NULL,
  wall_ms REAL NOT NULL,
  source TEXT NOT NULL,
  get TEXT NOT NULL,
  effect TEXT NOT NULL,
  PRIMARY KEY (community, run_ms, id)
) WITHOUT ROWID;
