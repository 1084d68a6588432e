import type { bodies } from "./admin-requests.ts";

export type ControlName =
  | "list"
  | "create"
  | "show"
  | "remove"
  | "rename"
  | "setPolicy"
  | "setLimits"
  | "archive"
  | "backUp"
  | "restore"
  | "rewind"
  | "branch"
  | "addKey"
  | "rotateKey"
  | "revokeKey"
  | "invite"
  | "withdraw"
  | "createClass"
  | "lookAtAll"
  | "commandAll";

/** What the administrator may ask for. */
export interface ControlRoute {
  readonly method: "get" | "post" | "delete";
  readonly path: string;
  /** A line for the reference. */
  readonly about: string;
  /** What its JSON body must be, if it takes one. */
  readonly body?: keyof typeof bodies;
  readonly name: ControlName;
}

const api = "/admin/api/communities";

export const controlRoutes: readonly ControlRoute[] = [
  { method: "get", path: api, about: "Lists the communities, with the default limits", name: "list" },
  { method: "post", path: api, about: "Creates a community", body: "create", name: "create" },
  { method: "get", path: `${api}/:name`, about: "Shows a community", name: "show" },
  { method: "delete", path: `${api}/:name`, about: "Deletes a community with all it holds", name: "remove" },
  { method: "post", path: `${api}/:name/rename`, about: "Renames it", body: "rename", name: "rename" },
  {
    method: "post",
    path: `${api}/:name/policy`,
    about: "Sets who may do what without a key, and from which addresses",
    body: "policy",
    name: "setPolicy",
  },
  { method: "post", path: `${api}/:name/limits`, about: "Sets limits", body: "limits", name: "setLimits" },
  {
    method: "post",
    path: `${api}/:name/archive`,
    about: "Serves it no more and keeps it, or serves it again",
    body: "archive",
    name: "archive",
  },
  {
    method: "get",
    path: `${api}/:name/backup`,
    about: "The whole community as lines of JSON",
    name: "backUp",
  },
  {
    method: "post",
    path: `${api}/:name/restore`,
    about: "Replaces it by that of a backup: application/x-ndjson",
    name: "restore",
  },
  {
    method: "post",
    path: `${api}/:name/rewind`,
    about: "Takes it back to what the platform had stored then",
    body: "rewind",
    name: "rewind",
  },
  {
    method: "post",
    path: `${api}/:name/branch`,
    about: "Makes a community that goes on from this one's present, or from a snapshot of it, with its past",
    body: "branch",
    name: "branch",
  },
  {
    method: "post",
    path: `${api}/:name/keys`,
    about: "Makes a key and shows it, this once",
    body: "key",
    name: "addKey",
  },
  {
    method: "post",
    path: `${api}/:name/keys/:key/rotate`,
    about: "Puts a new key in its place",
    name: "rotateKey",
  },
  { method: "delete", path: `${api}/:name/keys/:key`, about: "Revokes a key", name: "revokeKey" },
  {
    method: "post",
    path: `${api}/:name/invitations`,
    about: "Invites somebody by a link, good once and for some hours, who gets a key by it",
    body: "invitation",
    name: "invite",
  },
  {
    method: "delete",
    path: `${api}/:name/invitations/:invitation`,
    about: "Withdraws an invitation",
    name: "withdraw",
  },
  {
    method: "post",
    path: "/admin/api/class",
    about: "Makes many communities, all or none, with limits, keys and invitations",
    body: "class",
    name: "createClass",
  },
  {
    method: "get",
    path: "/admin/api/overview",
    about: "One look at all communities: homes, time, whether it is held, who was last seen",
    name: "lookAtAll",
  },
  {
    method: "post",
    path: "/admin/api/time",
    about: "Commands the time of all communities, or of some, alike",
    body: "time",
    name: "commandAll",
  },
];
