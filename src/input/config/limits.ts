import { once } from "../../notation/once.ts";

/** A limit of one community: its default, the most that it may be set to, and its unit. */
interface Limit {
  readonly default: number;
  readonly most: number;
  readonly unit: string;
  readonly about: string;
}

/** Limits of each community; the directory may set any of them for one community alone. */
export const communityLimits = {
  units: { default: 1000, most: 1000, unit: "units", about: "units it may have" },
  requestBytes: { default: 16_384, most: 1_048_576, unit: "bytes", about: "longest body, longest query" },
  storageBytes: { default: 1e9, most: 9e9, unit: "bytes", about: "size at which commands are refused" },
  dataBytes: { default: 250e6, most: 4e9, unit: "bytes", about: "data of its own that it keeps" },
  sockets: { default: 100, most: 1000, unit: "WebSockets", about: "screens that may follow at once" },
  historyDays: { default: 3660, most: 36_600, unit: "simulated days", about: "finished days that are kept" },
  requestsPerMinute: {
    default: 12_000,
    most: 12_000,
    unit: "requests/min",
    about: "requests of all clients",
  },
  clientRequestsPerMinute: {
    default: 3000,
    most: 3000,
    unit: "requests/min",
    about: "requests of one client",
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof communityLimits;
export type Limits = Readonly<Record<LimitName, number>>;
export const limitNames = Object.keys(communityLimits) as LimitName[];

/** Limits of the whole deployment. */
export const deploymentLimits = {
  communities: 10_000,
  keysPerCommunity: 20,
  addressesPerCommunity: 50,
  /** Communities that are made by one request. */
  communitiesAtOnce: 200,
  /** Longest body of that request. */
  classBytes: 262_144,
  /** How long an invitation is good for, and at most. */
  invitationHours: { default: 168, most: 8760 },
  /** Longest body of a request to the control plane or the log-in page. */
  formBytes: 16_384,
  /**
   * Longest backup that is restored: a year of 100 homes takes about 13 MB, one of 19 homes with a command to each every 15 min
   * 165 MB. It is held in memory, of which the platform gives an isolate 128 MB.
   */
  backupBytes: { platform: 64_000_000, dev: 64_000_000, local: 256_000_000 },
  /**
   * Longest upload of data, all files of a request together. It is held in memory while it is read, and so is what it holds: a
   * value of six signs takes about twenty bytes.
   */
  uploadBytes: { platform: 16_000_000, dev: 16_000_000, local: 268_435_456 },
  /** Wrong keys of one client; wrong administrator's secrets too. */
  wrongKeysPerMinute: 10,
  sessionHours: 12,
  /** How long a worker goes by what the directory said. */
  entrySeconds: 30,
  /** How seldom a community tells the directory that it is in use, and its size. */
  useNoteMinutes: 60,
} as const;

const defaultLimits = Object.fromEntries(
  limitNames.map((name) => [name, communityLimits[name].default]),
) as Limits;

/** All limits of a community: its own, and the defaults for the rest. */
export const withDefaultLimits = once((own: Partial<Limits>): Limits => ({ ...defaultLimits, ...own }));
