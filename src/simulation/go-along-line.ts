import type { Walk } from "./flow.ts";
import { secondsUntilEnergy } from "./roots.ts";
import { followLine } from "./walk.ts";

/**
 * Follows the line of `walk` to `lineEndS`, to `crossingS` where a power comes to zero, or to where the first charge of the horizon
 * is met and noted, whichever comes first; nowhere if that lies behind `lastS`.
 */
export function goAlongLine(
  walk: Walk,
  lineEndS: number,
  crossingS: number,
  lastS: number,
): "beyond" | "atEvent" | "atLineEnd" {
  const { segment } = walk;
  let upS = Number.POSITIVE_INFINITY;
  let downS = Number.POSITIVE_INFINITY;
  if (segment.batteryLimit === "none") {
    const { timeS, pointS, batteryW, batteryWs, pointBatteryW } = walk;
    // Twice what can flow up to the point: no rounding lets a charge that is farther be met before.
    const farWs = 2 * Math.max(Math.abs(batteryW), Math.abs(pointBatteryW)) * (pointS - timeS);
    const slope = (pointBatteryW - batteryW) / (pointS - timeS);
    const upRoomWs = segment.upWs - batteryWs;
    const downRoomWs = batteryWs - segment.downWs;
    if (upRoomWs <= farWs) upS = timeS + secondsUntil(upRoomWs, batteryW, slope);
    if (downRoomWs <= farWs) downS = timeS + secondsUntil(downRoomWs, -batteryW, -slope);
  }
  const eventS = Math.min(lineEndS, crossingS, upS, downS);
  if (eventS > lastS) return "beyond";
  followLine(walk, eventS);
  if (eventS === lineEndS) return "atLineEnd";
  if (eventS < crossingS) walk.metPercent = upS < downS ? segment.upPercent : segment.downPercent;
  return "atEvent";
}

/** Seconds until a room of `roomWs` is filled, or filled again, by `powerW + slope·τ`; never if it is overfull. */
function secondsUntil(roomWs: number, powerW: number, slope: number): number {
  if (roomWs < 0 || (roomWs === 0 && powerW >= 0)) return Number.POSITIVE_INFINITY;
  return secondsUntilEnergy(powerW, slope, roomWs);
}
