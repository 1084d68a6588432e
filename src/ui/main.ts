import { createApp } from "./frame/app.ts";
import { Drafts } from "./frame/drafts.ts";
import { LiveState } from "./frame/live-state.ts";
import { watchPrinting } from "./frame/printing.ts";

watchPrinting();
const live = new LiveState();
createApp(document.getElementById("app") as HTMLElement, live, new Drafts());
live.start();
