import { createApp } from "./frame/app.ts";
import { Drafts } from "./frame/drafts.ts";
import { LiveState } from "./frame/live-state.ts";

const live = new LiveState();
createApp(document.getElementById("app") as HTMLElement, live, new Drafts());
live.start();
