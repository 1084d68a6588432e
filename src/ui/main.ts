import { createApp } from "./app.ts";
import { Drafts } from "./drafts.ts";
import { LiveState } from "./live-state.ts";

const live = new LiveState();
createApp(document.getElementById("app") as HTMLElement, live, new Drafts());
live.start();
