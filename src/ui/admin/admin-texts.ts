import type { Language } from "../frame/i18n.ts";

const english = {
  title: "Communities",
  logOut: "Log out",
  create: "Create",
  createTitle: "New community",
  name: "Name",
  policy: "Who may do what",
  "policy.usual": "as configured ({policy})",
  "policy.closed": "closed: keys only",
  "policy.read-open": "read-open: anyone looks, keys change",
  "policy.open": "open: anyone does everything",
  archived: "archived",
  used: "last used {time}",
  neverUsed: "not used yet",
  access: "Access",
  addresses: "Addresses that need no key, one a line",
  save: "Save",
  keys: "Keys",
  keyName: "Name of the key",
  addKey: "New key",
  noKeys: "There is no key.",
  keySince: "since {time}",
  rotate: "Rotate",
  revoke: "Revoke",
  newKey: "This is the key {name}. Keep it now: it is never shown again.",
  limits: "Limits",
  limitsHint: "Empty is the usual limit.",
  rename: "Rename",
  renameTitle: "Name and fate",
  archive: "Archive",
  restore: "Serve again",
  remove: "Delete",
  askRemoveTitle: "Delete {name}?",
  askRemove: "All its units, its past and its keys are lost for good.",
  open: "Open",
  cancel: "Cancel",
  saidDone: "Done: {name}.",
  saidRemoved: "{name} is deleted.",
  unreachable: "The server cannot be reached.",
} as const;

export type AdminTextKey = keyof typeof english;
export type AdminTexts = Readonly<Record<AdminTextKey, string>>;

const japanese: AdminTexts = {
  title: "コミュニティ",
  logOut: "ログアウト",
  create: "作成",
  createTitle: "新しいコミュニティ",
  name: "名前",
  policy: "利用できる人",
  "policy.usual": "設定のとおり（{policy}）",
  "policy.closed": "closed：鍵を持つ人だけ",
  "policy.read-open": "read-open：閲覧は誰でも、変更は鍵",
  "policy.open": "open：誰でも何でも",
  archived: "保管中",
  used: "最終利用 {time}",
  neverUsed: "未使用",
  access: "アクセス",
  addresses: "鍵の要らないアドレス（1 行に 1 つ）",
  save: "保存",
  keys: "鍵",
  keyName: "鍵の名前",
  addKey: "鍵を作る",
  noKeys: "鍵はありません。",
  keySince: "{time} から",
  rotate: "取り替え",
  revoke: "取り消し",
  newKey: "鍵 {name} です。今すぐ控えてください。二度と表示されません。",
  limits: "上限",
  limitsHint: "空欄は通常の上限です。",
  rename: "改名",
  renameTitle: "名前と扱い",
  archive: "保管する",
  restore: "再開する",
  remove: "削除",
  askRemoveTitle: "{name} を削除しますか",
  askRemove: "ユニット、記録、鍵のすべてが失われ、元に戻せません。",
  open: "開く",
  cancel: "キャンセル",
  saidDone: "{name}：完了しました。",
  saidRemoved: "{name} を削除しました。",
  unreachable: "サーバーに接続できません。",
};

export const adminTexts: Readonly<Record<Language, AdminTexts>> = { en: english, ja: japanese };

export type AdminTranslate = (
  key: AdminTextKey,
  values?: Readonly<Record<string, string | number>>,
) => string;

export function createAdminTranslate(language: Language): AdminTranslate {
  return (key, values = {}) =>
    adminTexts[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
