import "./page/usable-language.ts";
import { createApp } from "./frame/app.ts";
import { Drafts } from "./live/drafts.ts";
import { LiveState } from "./live/live-state.ts";
import { watchPrinting } from "./page/printing.ts";

watchPrinting();
const live = new LiveState();
createApp(document.getElementById("app") as HTMLElement, live, new Drafts());
live.start();
