import { noStore } from "../../api/http/errors.ts";

/** The few pages that need no script: plain forms in the reader's language. */

const texts = {
  en: {
    login: "Log in",
    logout: "Log out",
    community: "Community {name}",
    admin: "Administration",
    needsKey: "This community is open to holders of a key. Paste yours:",
    needsSecret: "Paste the administrator's secret:",
    key: "Key",
    wrong: "That was not accepted. Check that the whole key was pasted; it may have been revoked.",
    tooOften: "Too many attempts. Wait a minute, then try again.",
    inside: "You are logged in.",
    open: "Open the emulator",
    openAdmin: "Open the administration",
    change: "Change the emulator?",
    changes: "This address changes the emulator:",
    unsaid:
      "Your browser does not say which page asks for this. If you did not mean it, close this page: nothing has changed.",
    doChange: "Change it",
    join: "Join {name}",
    invited:
      "You are invited to work with this community of simulated homes. The invitation is good once, for you.",
    doJoin: "Join",
    gone: "This invitation is not good any more: somebody has used it, it has expired, or the link is not whole. Ask for another one.",
    joined: "You are in. With this key you come in again, from any device. Keep it: it is never shown again.",
  },
  ja: {
    login: "ログイン",
    logout: "ログアウト",
    community: "コミュニティ {name}",
    admin: "管理",
    needsKey: "このコミュニティを使うには鍵が必要です。鍵を貼り付けてください：",
    needsSecret: "管理者の秘密を貼り付けてください：",
    key: "鍵",
    wrong: "受け付けられませんでした。鍵全体を貼り付けたか確かめてください。取り消された鍵かもしれません。",
    tooOften: "試行が多すぎます。1 分待ってからやり直してください。",
    inside: "ログインしています。",
    open: "エミュレータを開く",
    openAdmin: "管理画面を開く",
    change: "エミュレータを変更しますか？",
    changes: "このアドレスを開くとエミュレータが変更されます：",
    unsaid:
      "どのページからの要求かをブラウザが伝えていません。意図した操作でなければ、このページを閉じてください。まだ何も変更されていません。",
    doChange: "変更する",
    join: "{name} に参加",
    invited: "シミュレーションの住宅からなるこのコミュニティに招待されています。招待は一度だけ使えます。",
    doJoin: "参加する",
    gone: "この招待はもう使えません。既に使われたか、期限が切れたか、リンクが欠けています。新しい招待を頼んでください。",
    joined: "参加しました。次の鍵で、どの機器からでもまた入れます。二度と表示されないので、控えてください。",
  },
} as const;

export interface LoginPage {
  /** The community's name, or null for the control plane. */
  readonly community: string | null;
  /** What the paths of the community, or of the control plane, begin with. */
  readonly base: string;
  readonly state: "asks" | "wrong" | "tooOften" | "inside";
}

/** The log-in page; `languages` is the header Accept-Language. */
export function writeLoginPage({ community, base, state }: LoginPage, languages: string): string {
  const language = prefersJapanese(languages) ? "ja" : "en";
  const t = texts[language];
  const title = community === null ? t.admin : t.community.replace("{name}", community);
  const alert =
    state === "wrong" || state === "tooOften" ? `<p class="refusal" role="alert">${t[state]}</p>` : "";
  const form =
    state === "inside"
      ? `<p>${t.inside} <a href="${base}/">${community === null ? t.openAdmin : t.open}</a></p>
      <form method="post" action="${base}/logout"><button>${t.logout}</button></form>`
      : `<form method="post" action="${base}/login">
        <p><label for="key">${community === null ? t.needsSecret : t.needsKey}</label></p>
        ${alert}<p><input id="key" name="key" type="password" autocomplete="current-password" required autofocus
          aria-label="${t.key}" /></p>
        <button class="main">${t.login}</button>
      </form>`;
  const assets = community === null ? "" : base;
  return writePage(language, `${title} – apis-emulator`, assets, `<h1>${title}</h1>\n      ${form}`);
}

export interface JoinPage {
  readonly community: string;
  readonly base: string;
  /** The invitation that the page asks with, the key that it gave, or why it gave none. */
  readonly state: { readonly code: string } | { readonly key: string } | "gone" | "tooOften";
}

/** The page of an invitation. */
export function writeJoinPage({ community, base, state }: JoinPage, languages: string): string {
  const language = prefersJapanese(languages) ? "ja" : "en";
  const t = texts[language];
  const title = t.join.replace("{name}", community);
  return writePage(language, `${title} – apis-emulator`, base, `<h1>${title}</h1>\n      ${write()}`);

  function write(): string {
    if (typeof state === "string") return `<p class="refusal" role="alert">${t[state]}</p>`;
    if ("key" in state)
      return `<p>${t.joined}</p>
      <p><code class="new-key">${state.key}</code></p>
      <p><a href="${base}/">${t.open}</a></p>`;
    return `<p>${t.invited}</p>
      <form method="post" action="${base}/join">
        <input type="hidden" name="invitation" value="${escapeHtml(state.code)}" />
        <button class="main">${t.doJoin}</button>
      </form>`;
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** A page that asks whether a change was meant: its button POSTs to `address`, a path with its query, as a URL writes it. */
export function writeChangePage(base: string, address: string, languages: string): string {
  const language = prefersJapanese(languages) ? "ja" : "en";
  const t = texts[language];
  const told = escapeHtml(address);
  const form = `<form method="post" action="${told}"><button class="main">${t.doChange}</button></form>`;
  const content = `<h1>${t.change}</h1>
      <p>${t.changes}</p>
      <p><code>${told}</code></p>
      <p>${t.unsaid}</p>
      ${form}`;
  return writePage(language, `${t.change} – apis-emulator`, base, content);
}

/** Answers with one of the pages. */
export function respondPage(page: string, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(page, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...noStore, ...headers },
  });
}

/** The page of the control plane, which its script fills. */
export function writeAdminPage(): string {
  const script = `<script type="module" src="/ui/admin.js"></script>`;
  return writePage("en", "apis-emulator", "", `<div id="admin"></div>\n    ${script}`);
}

/** Files that the log-in page needs before anybody is logged in. */
export const publicFiles: readonly string[] = ["/icon.svg", "/ui/admin.css"];

function writePage(language: string, title: string, assets: string, content: string): string {
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="${assets}/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${assets}/ui/admin.css" />
  </head>
  <body>
    <main>
      ${content}
    </main>
  </body>
</html>
`;
}

function prefersJapanese(languages: string): boolean {
  const first = languages.split(",").find((each) => /^\s*(en|ja)\b/i.test(each));
  return first?.trim().toLowerCase().startsWith("ja") ?? false;
}
