/*
 * The strategy of exchange.js over the package, over HTTP and over one WebSocket: the same steps, and the same bytes. Each way
 * gives what was told of every step, and at the end what has flowed since each home began.
 */

import { decide, observe } from "./exchange.js";

const seconds = 900;

/** Over the package: `community` is one of `Community.create`. */
export function overPackage(community, steps) {
  const told = [];
  let seen = community.observe(observe);
  for (let step = 0; step < steps; step++) {
    const actions = decide(community.units, seen.stateOfChargePercent, seen.converterMode);
    const { timeS, events } = community.step({ actions, seconds });
    seen = community.observe(observe);
    told.push({ timeS, events, observations: toLists(seen), energies: toLists(community.energies()) });
  }
  return { told, ledger: toLists(community.ledger()) };
}

/** Over HTTP: `url` is the community's address. */
export function overHttp(url, steps) {
  return overMessages(async (body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/step`, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  }, steps);
}

/** Over one WebSocket, which is faster where the way is long: nothing is waited for but the answer. */
export async function overSession(url, steps) {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/session`);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  let id = 0;
  const result = await overMessages((body) => {
    return new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(JSON.parse(data));
      socket.onclose = ({ reason }) => reject(new Error(reason));
      socket.send(JSON.stringify({ id: id++, ...body }));
    });
  }, steps);
  socket.onclose = null;
  socket.close();
  return result;
}

async function overMessages(ask, steps) {
  const told = [];
  let answer = check(await ask({ seconds: 0, observe }));
  for (let step = 0; step < steps; step++) {
    const { stateOfChargePercent, converterMode } = answer.observations;
    const actions = decide(answer.units, stateOfChargePercent, converterMode);
    answer = check(await ask({ expectS: answer.timeS, actions, seconds, observe }));
    const { timeS, events, observations, energies } = answer;
    told.push({ timeS, events, observations, energies });
  }
  return { told, ledger: answer.ledger };
}

function check(answer) {
  if (answer.error !== undefined) throw new Error(answer.error.message);
  return answer;
}

/** Columns as JSON has them. */
function toLists(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Array.from(column)]));
}
