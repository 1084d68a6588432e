/**
 * Small files in the layouts that import reads. All are made here, by the descriptions that the publishers give of their
 * layouts; none holds a value of theirs. Each value is a whole number of its unit that differs from its neighbours'.
 */
export interface Sample {
  readonly layout: string;
  /** Lines above the table, its names, its rows, and lines below it. */
  readonly above: readonly string[];
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
  readonly below: readonly string[];
  readonly separator: string;
  /** Name of the file, which tells what a bare layout holds. */
  readonly file: string;
  /** Index of a cell that holds a value, and of one that says when; null without a date. */
  readonly valueCell: number;
  readonly dateCell: number | null;
  readonly labels: readonly string[];
  /** Wh (or Wh/m²) of each series, in the order of `labels`. */
  readonly energiesWh: readonly number[];
  readonly stepMinutes: number;
  readonly days: number;
}

const two = (number: number) => String(number).padStart(2, "0");
const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const range = (length: number) => Array.from({ length }, (_, index) => index);
const dateOf = (day: number, year = 2021) => new Date(Date.UTC(year, 0, 1 + day));
const iso = (day: number, year?: number) => dateOf(day, year).toISOString().slice(0, 10);

/** Value of a home and step: no two that follow one another are equal. */
const valueAt = (home: number, step: number) => ((step * 7 + home * 3) % 11) + 1;
/** Sun by hour, dark at night. */
const sunOf = (day: number, hour: number) =>
  hour < 6 || hour > 17 ? 0 : 100 + day + 60 * Math.min(hour - 5, 18 - hour);
const days = 4;
const sunWh = range(days * 24).reduce((sum, step) => sum + sunOf(Math.floor(step / 24), step % 24), 0);
const sumOf = (home: number, steps: number) =>
  range(steps).reduce((sum, step) => sum + valueAt(home, step), 0);

const base = { above: [], header: null, below: [], separator: ",", file: "file.csv", dateCell: 0, days };
const sunBase = { ...base, labels: ["sun"], energiesWh: [sunWh], stepMinutes: 60 };
const hours = range(days * 24).map((step) => ({ day: Math.floor(step / 24), hour: step % 24 }));

const pvgis: Sample = {
  ...sunBase,
  layout: "pvgis",
  above: [
    "Latitude (decimal degrees):\t45.000",
    "Longitude (decimal degrees):\t0.500",
    "Elevation (m):\t250",
    "Radiation database:\tPVGIS-SARAH3",
    "",
  ],
  header: ["time", "Gb(i)", "Gd(i)", "Gr(i)", "H_sun", "T2m", "WS10m", "Int"],
  rows: hours.map(({ day, hour }) => {
    const sun = sunOf(day, hour);
    const diffuse = Math.floor(sun / 3);
    const time = `${iso(day).replaceAll("-", "")}:${two(hour)}${day % 2 === 0 ? "10" : "11"}`;
    return [time, `${sun - diffuse}.0`, `${diffuse}.0`, "0.0", "10.5", "8.1", "2.5", "0.0"];
  }),
  below: [
    "",
    "Gb(i): Beam (direct) irradiance on the inclined plane (plane of the array) (W/m2)",
    "PVGIS (c) European Union",
  ],
  valueCell: 1,
};

const typicalYears = [2013, 2009, 2016, 2007, 2020, 2011, 2010, 2008, 2019, 2012, 2015, 2017];
const typicalDays = range(365).map((day) => ({ day, month: dateOf(day).getUTCMonth(), date: iso(day) }));
const typicalHours = typicalDays.flatMap(({ day, month, date }) =>
  range(24).map((hour) => ({ day, month, date, hour })),
);
const typicalWh = typicalHours.reduce((sum, { day, hour }) => sum + sunOf(day % 50, hour), 0);

const pvgisTypical: Sample = {
  ...sunBase,
  layout: "pvgis-tmy",
  above: [
    "Latitude (decimal degrees): 45.0",
    "Longitude (decimal degrees): 0.5",
    "month,year",
    ...typicalYears.map((year, month) => `${month + 1},${year}`),
  ],
  header: ["time(UTC)", "T2m", "RH", "G(h)", "Gb(n)", "Gd(h)", "IR(h)"],
  rows: typicalHours.map(({ day, month, date, hour }) => {
    const year = typicalYears[month];
    return [
      `${year}${date.slice(5).replace("-", "")}:${two(hour)}00`,
      "2.5",
      "90.1",
      `${sunOf(day % 50, hour)}.0`,
      "0.0",
      "0.0",
      "300.1",
    ];
  }),
  below: ["", "T2m: 2-m air temperature (degree Celsius)"],
  energiesWh: [typicalWh],
  valueCell: 3,
  days: 365,
};

const power: Sample = {
  ...sunBase,
  layout: "power",
  above: [
    "-BEGIN HEADER-",
    "NASA/POWER Source Native Resolution Hourly Data",
    "Dates (month/day/year): 01/01/2021 through 01/04/2021 in LST",
    "Location: latitude  26.7   longitude 128.2",
    "The value for missing source data that cannot be computed or is outside of the sources availability range: -999",
    "ALLSKY_SFC_SW_DWN     CERES SYN1deg All Sky Surface Shortwave Downward Irradiance (Wh/m^2)",
    "-END HEADER-",
  ],
  header: ["YEAR", "MO", "DY", "HR", "T2M", "ALLSKY_SFC_SW_DWN"],
  rows: hours.map(({ day, hour }) => [
    "2021",
    "1",
    String(day + 1),
    String(hour),
    "17.25",
    `${sunOf(day, hour)}.0`,
  ]),
  valueCell: 5,
};

const nsrdb: Sample = {
  ...sunBase,
  layout: "nsrdb",
  above: [
    "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone",
    "NSRDB,145809,-,-,-,39.73,-105.18,-7,1820,-7",
  ],
  header: ["Year", "Month", "Day", "Hour", "Minute", "DNI", "GHI", "Temperature"],
  rows: hours.map(({ day, hour }) => [
    "2021",
    "1",
    String(day + 1),
    String(hour),
    "30",
    "0",
    String(sunOf(day, hour)),
    "-3.5",
  ]),
  valueCell: 6,
};

const epw: Sample = {
  ...sunBase,
  layout: "epw",
  above: [
    "LOCATION,Somewhere,-,JPN,Made,000000,26.20,127.70,9.0,28.0",
    "DESIGN CONDITIONS,0",
    "TYPICAL/EXTREME PERIODS,0",
    "GROUND TEMPERATURES,0",
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
    "COMMENTS 1,made for a test",
    "COMMENTS 2,none",
    "DATA PERIODS,1,1,Data,Sunday,1/1,1/4",
  ],
  rows: hours.map(({ day, hour }) => {
    const fields = range(35).map((field) => (field === 5 ? "?9?9" : "1.5"));
    return [
      ...["2021", "1", String(day + 1), String(hour + 1), "0"],
      ...fields.slice(5, 13),
      String(sunOf(day, hour)),
      ...fields.slice(14),
    ];
  }),
  valueCell: 13,
  dateCell: 1,
};

const halfHours = range(48).map((step) => step * 30);
const ausgrid: Sample = {
  ...base,
  layout: "ausgrid",
  above: ["Solar home half-hour data - 1 January 2021 to 4 January 2021"],
  header: [
    "Customer",
    "Generator Capacity",
    "Postcode",
    "Consumption Category",
    "date",
    ...halfHours.map((minute) => {
      const end = (minute + 30) % 1440;
      return `${Math.floor(end / 60)}:${two(end % 60)}`;
    }),
    "Row Quality",
  ],
  rows: [12, 7].flatMap((customer, home) =>
    range(days).flatMap((day) =>
      ["CL", "GC", "GG"].map((category, part) => {
        const values = halfHours.map((_, step) => (valueAt(home + part, day * 48 + step) / 1000).toFixed(3));
        return [String(customer), "3.78", "2076", category, `${day + 1}/01/2021`, ...values, ""];
      }),
    ),
  ),
  valueCell: 5,
  dateCell: 4,
  labels: ["12", "7", "12", "7"],
  energiesWh: [sumOf(0, 192) + sumOf(1, 192), sumOf(1, 192) + sumOf(2, 192), sumOf(2, 192), sumOf(3, 192)],
  stepMinutes: 30,
};

const homes = ["MAC000003", "MAC000002"];
const lcl: Sample = {
  ...base,
  layout: "lcl",
  header: ["LCLid", "stdorToU", "DateTime", "KWH/hh (per half hour) ", "Acorn", "Acorn_grouped"],
  rows: homes.flatMap((label, home) =>
    range(days * 48).map((step) => [
      label,
      "Std",
      `${iso(Math.floor(step / 48))} ${clock((step % 48) * 30)}:00.0000000`,
      ` ${(valueAt(home, step) / 1000).toFixed(3)} `,
      "ACORN-A",
      "Affluent",
    ]),
  ),
  valueCell: 3,
  dateCell: 2,
  labels: homes,
  energiesWh: [sumOf(0, 192), sumOf(1, 192)],
  stepMinutes: 30,
};

const quarters = days * 96;
const wide: Sample = {
  ...base,
  layout: "wide",
  header: ["timestamp", "house A [W]", "house B [W]"],
  rows: range(quarters).map((step) => [
    `${iso(Math.floor(step / 96))} ${clock((step % 96) * 15)}:00`,
    `${valueAt(0, step)}.25`,
    `${valueAt(1, step)}.75`,
  ]),
  valueCell: 1,
  labels: ["house A [W]", "house B [W]"],
  energiesWh: [(sumOf(0, quarters) + quarters * 0.25) / 4, (sumOf(1, quarters) + quarters * 0.75) / 4],
  stepMinutes: 15,
};

const long: Sample = {
  ...base,
  layout: "long",
  header: ["home", "time", "power_kW"],
  rows: ["zwei", "eins"].flatMap((label, home) =>
    range(days * 24).map((step) => [
      label,
      `${iso(Math.floor(step / 24))}T${clock((step % 24) * 60)}`,
      (valueAt(home, step) / 1000).toFixed(4),
    ]),
  ),
  valueCell: 2,
  dateCell: 1,
  labels: ["zwei", "eins"],
  energiesWh: [sumOf(0, 96), sumOf(1, 96)],
  stepMinutes: 60,
};

const column: Sample = {
  ...sunBase,
  layout: "column",
  file: "ghi.csv",
  header: ["GHI [W/m2]"],
  rows: hours.map(({ day, hour }) => [`${sunOf(day, hour)}.0`]),
  valueCell: 0,
  dateCell: null,
};

const dayRows: Sample = {
  ...base,
  layout: "days",
  file: "my_load_data.csv",
  header: ["no", "id", "year", "month", "day", "wday", ...range(96).map((step) => clock(step * 15))],
  rows: ["103", "101"].flatMap((label, home) =>
    range(days).map((day) => {
      const values = range(96).map((step) => (valueAt(home, day * 96 + step) / 1000).toFixed(3));
      return [String(home * days + day + 1), label, "2021", "1", String(day + 1), "5", ...values];
    }),
  ),
  valueCell: 6,
  dateCell: 4,
  labels: ["103", "101"],
  energiesWh: [sumOf(0, quarters) / 4, sumOf(1, quarters) / 4],
  stepMinutes: 15,
};

export const samples: readonly Sample[] = [
  pvgis,
  pvgisTypical,
  power,
  nsrdb,
  epw,
  ausgrid,
  lcl,
  wide,
  long,
  column,
  dayRows,
];

/** A sample as text; `rows` stand for its own. */
export function textOf(sample: Sample, rows: readonly (readonly string[])[] = sample.rows): string {
  const { above, header, below, separator } = sample;
  const table = header === null ? rows : [header, ...rows];
  return `${[...above, ...table.map((cells) => cells.join(separator)), ...below].join("\n")}\n`;
}
