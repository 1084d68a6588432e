import { renderSVG } from "uqr";
import { h } from "../page/dom.ts";
import type { InvitationJson } from "./admin-api.ts";
import type { AdminTranslate } from "./admin-texts.ts";
import { createCopyButton } from "./copy-button.ts";
import { formatTime } from "./format-time.ts";

/** A new invitation with its link and QR code, shown this once and until it is put away. */
export function createInvitation(
  t: AdminTranslate,
  { name, link, endMs }: InvitationJson,
  putAway: () => void,
): HTMLElement {
  const code = h("code", { class: "new-key" }, link);
  return h(
    "div",
    { class: "new-key-box" },
    h("p", {}, t("newInvitation", { name, time: formatTime(endMs) })),
    h(
      "p",
      { class: "row" },
      code,
      createCopyButton(t, code, link),
      h("button", { type: "button", onclick: putAway }, t("putAway")),
    ),
    createQrCode(t, name, link),
  );
}

/** Dark on light whatever the theme: so every reader finds it. */
export function createQrCode(t: AdminTranslate, name: string, link: string): HTMLElement {
  const source = `data:image/svg+xml,${encodeURIComponent(renderSVG(link, { border: 4 }))}`;
  return h("img", { class: "qr", src: source, alt: t("qrOf", { name }), width: 180, height: 180 });
}
