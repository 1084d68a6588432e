/** One community as the control plane lists it. */
export interface CommunityJson {
  name: string;
  policy: string | null;
  addresses: string[];
  keys: { name: string; createdMs: number }[];
  limits: Record<string, number>;
  archived: boolean;
  lastUsedMs: number | null;
  sizeBytes: number | null;
}

export interface ListJson {
  communities: CommunityJson[];
  usualPolicy: string;
  limits: Record<string, { usual: number; most: number; unit: string; about: string }>;
}

export interface KeyJson {
  name: string;
  key: string;
}

/** Asks the control plane. @throws Error with the server's message; an empty message if it was not reached */
export async function administer<T>(method: string, path = "", body?: object): Promise<T> {
  const init: RequestInit = { method, cache: "no-store" };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  const response = await fetch(`/admin/api/communities${path}`, init).catch(() => {
    throw new Error("");
  });
  if (response.status === 401) location.assign("/admin/login");
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`);
  return answer as T;
}
