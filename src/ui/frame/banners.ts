import { accessChanged, addressOf, mayChange } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { explainError } from "../live/explain-error.ts";
import { h, setText } from "../page/dom.ts";
import { isoTime } from "../words/formatting.ts";

const backShownMs = 4000;

/** Says plainly that nobody answers, or that the data have ended; gone by itself when that is over. */
export function createBanners(context: Context): Part {
  const { t, live, closing, formats } = context;
  const lost = h("p", { class: "banner lost", role: "alert" });
  const notice = h("p", { class: "banner", role: "status" });
  const login = h("a", { href: addressOf("/login") }, t("logIn"));
  const key = h("p", { class: "banner", role: "status", hidden: true }, t("keyNeeded"), " ", login);
  const showKey = () => {
    key.hidden = mayChange() !== false;
  };
  showKey();
  window.addEventListener(accessChanged, showKey, { signal: closing });
  let wasLost = false;
  let backUntilMs = 0;

  function lostText(): string {
    const time = live.state === null ? "" : isoTime(live.state.time);
    if (live.connection === "refused" && live.refusal !== null) {
      const reason = explainError(context, live.refusal);
      return t(live.state === null ? "readRefused" : "readRefusedSince", { reason, time });
    }
    if (live.connection !== "lost") return "";
    return live.state === null ? t("unreachable") : t("connectionLost", { time });
  }
  function noticeText(): string {
    if (live.connection === "catchingUp")
      return t("catchingUp", { percent: formats.number(100 * (live.refusal?.share ?? 0)) });
    if (live.isCut) return "";
    if (performance.now() < backUntilMs) return t("connectionBack");
    return live.state?.atEndOfData ? t("endOfData", { time: isoTime(live.state.time) }) : "";
  }
  function update() {
    const isLost = live.connection === "lost" || live.connection === "refused";
    if (wasLost && !isLost) {
      backUntilMs = performance.now() + backShownMs;
      setTimeout(update, backShownMs + 50);
    }
    wasLost = isLost;
    setText(lost, lostText());
    setText(notice, noticeText());
  }
  return { element: h("div", { class: "banners" }, lost, notice, key), update };
}
