import { addressOf, keyNeeded } from "./api.ts";
import type { Context, Part } from "./context.ts";
import { h, setText } from "./dom.ts";

const backShownMs = 4000;

/** Says plainly that nobody answers, or that the data have ended; gone by itself when that is over. */
export function createBanners({ t, live }: Context): Part {
  const lost = h("p", { class: "banner lost", role: "alert" });
  const notice = h("p", { class: "banner", role: "status" });
  const login = h("a", { href: addressOf("/login") }, t("logIn"));
  const key = h("p", { class: "banner", role: "status", hidden: true }, t("keyNeeded"), " ", login);
  const showKey = () => {
    key.hidden = false;
  };
  window.addEventListener(keyNeeded, showKey);
  let wasLost = false;
  let backUntilMs = 0;

  function lostText(): string {
    if (live.connection !== "lost") return "";
    return live.state === null ? t("unreachable") : t("connectionLost", { time: live.state.time });
  }
  function noticeText(): string {
    if (live.connection === "lost") return "";
    if (performance.now() < backUntilMs) return t("connectionBack");
    return live.state?.atEndOfData ? t("endOfData", { time: live.state.time }) : "";
  }
  function update() {
    const isLost = live.connection === "lost";
    if (wasLost && !isLost) {
      backUntilMs = performance.now() + backShownMs;
      setTimeout(update, backShownMs + 50);
    }
    wasLost = isLost;
    setText(lost, lostText());
    setText(notice, noticeText());
  }
  const close = () => window.removeEventListener(keyNeeded, showKey);
  return { element: h("div", { class: "banners" }, lost, notice, key), update, close };
}
