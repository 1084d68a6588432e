import { expect, test } from "vitest";
import { startBridge } from "../../src/cli/bridge/bridge.ts";
import { readTarget } from "../../src/cli/bridge/target.ts";
import { runDeal } from "../conformance/deal.ts";
import { HttpClient } from "../conformance/http-client.ts";
import { passTimeQuickly } from "../conformance/quick-time.ts";
import { seededChoice } from "../conformance/seeded-choice.ts";
import { StepLog } from "../conformance/step-log.ts";
import { UnitClient } from "../conformance/unit-client.ts";
import { startHostedServer } from "../hosting/hosted-server.ts";
import { createLink } from "./cuttable-link.ts";

const acceleration = 10;

test("B6: a whole deal passes every check of apis-main over a link that is cut and restored all the while", async () => {
  const hosted = await startHostedServer();
  const key = await hosted.createCommunity("lab");
  const link = await createLink(hosted.server.port);
  const said: string[] = [];
  const target = readTarget(`http://127.0.0.1:${link.port}/e/lab`, key);
  const bridge = await startBridge(target, { host: "127.0.0.1", port: 0, say: (line) => said.push(line) });
  const http = new HttpClient(bridge.url);
  await http.getText(`/set/acc/${acceleration}`);
  for (const [id, charge] of Object.entries({ E001: 50, E002: 80 }))
    await http.getText(`/set/emu/${id}?rsoc=${charge}`);

  let cuts = 0;
  const cutting = setInterval(() => {
    link.cut();
    cuts++;
    setTimeout(() => link.join(), 80);
  }, 220);
  try {
    const session = {
      client: new UnitClient(http, new StepLog()),
      ids: ["E001", "E002"],
      pollMs: 100,
      secondsPerPoll: 5 * acceleration,
      passTime: passTimeQuickly(http, acceleration),
      choose: seededChoice(1),
    };
    const deal = { charging: "E001", discharging: "E002", currentA: 2.3, energyWh: 50 };
    const steps = await runDeal(session, deal);
    const measured = Object.fromEntries(steps.map((logged) => [logged.step, logged.measured]));
    expect(measured.run?.energyWh).toBeGreaterThanOrEqual(50);
    expect(cuts).toBeGreaterThan(3);
    expect(link.opened).toBeGreaterThan(cuts / 2);
    expect(said.some((line) => line.includes("is back after"))).toBe(true);
  } finally {
    clearInterval(cutting);
    http.close();
    await bridge.stop();
    await link.close();
    await hosted.stop();
  }
}, 90_000);
