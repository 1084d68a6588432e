/** One community as the control plane lists it. */
export interface CommunityJson {
  name: string;
  policy: string | null;
  addresses: string[];
  keys: { name: string; createdMs: number }[];
  invitations: { name: string; createdMs: number; endMs: number }[];
  limits: Record<string, number>;
  archived: boolean;
  lastUsedMs: number | null;
  sizeBytes: number | null;
}

export interface ListJson {
  communities: CommunityJson[];
  defaultPolicy: string;
  limits: Record<string, { default: number; most: number; unit: string; about: string }>;
}

export interface KeyJson {
  name: string;
  key: string;
}

export interface InvitationJson {
  name: string;
  link: string;
  endMs: number;
}

/** What a look at all communities tells of one. */
export interface SeenJson {
  name: string;
  link: string;
  lastSeenMs: number | null;
  units?: number;
  time?: string;
  held?: boolean;
  acceleration?: number;
  ended?: boolean;
  screens?: number;
  error?: { code: string; message: string };
}

/** A community that was made with others. */
export interface MadeJson {
  name: string;
  link: string;
  key?: KeyJson;
  invitation?: InvitationJson;
}

/** A request that was refused, or to which no answer came (`code` is `unreachable`). */
export class AdminError extends Error {
  readonly code: string;
  readonly parameter: string | null;
  readonly isCommand: boolean;

  constructor(code: string, message: string, parameter: string | null, isCommand: boolean) {
    super(message);
    this.code = code;
    this.parameter = parameter;
    this.isCommand = isCommand;
  }
}

/** Asks the control plane about communities. @throws AdminError */
export function administer<T>(method: string, path = "", body?: object): Promise<T> {
  return askControl(method, `communities${path}`, body);
}

/** Asks the control plane. @throws AdminError */
export async function askControl<T>(method: string, path: string, body?: object): Promise<T> {
  const isCommand = method !== "GET";
  const init: RequestInit = { method, cache: "no-store" };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  const unanswered = () => new AdminError("unreachable", "", null, isCommand);
  const response = await fetch(`/admin/api/${path}`, init).catch(() => {
    throw unanswered();
  });
  if (response.status === 401) location.assign("/admin/login");
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer as T;
  const { code, message = "", parameter = null } = answer?.error ?? {};
  throw code === undefined ? unanswered() : new AdminError(code, message, parameter, isCommand);
}
