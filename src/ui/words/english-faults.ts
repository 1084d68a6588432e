import type { FaultKind, FaultParameterName } from "../../input/faults/kinds.ts";
import type { UnitStateJson } from "../live/api.ts";

type TripCause = Exclude<UnitStateJson["tripCause"], "none">;

/** What the screen calls the kinds of faults and what they take, and converters that were protected. */
type FaultTexts = Readonly<
  Record<`fault.${FaultKind}` | `faultTakes.${FaultParameterName}` | `trip.${TripCause}`, string>
>;

/** English of the faults of the hardware. */
export const englishFaults = {
  faultsTitle: "Faults of the hardware",
  faultsHint: "What a controller is told or may command goes wrong; this page goes on to show what is true.",
  noFaults: "No fault is on.",
  faultOn: "since {from}",
  faultOnUntil: "since {from}, until {until}",
  faultToCome: "from {from}",
  faultToComeUntil: "from {from} until {until}",
  faultOfAll: "all homes",
  endFault: "End",
  endFaultOf: "End fault {id}",
  addFault: "Add a fault",
  faultKind: "Kind",
  faultUnit: "Home, or blank for all",
  faultAt: "From, or blank for now",
  faultFor: "For how long (s)",
  faultBadge: "Fault: {faults}",
  saidFaultAdded: "Fault {id} was added.",
  saidFaultEnded: "Fault {id} has ended.",
  conflictFaults: "There are {most} faults, as many as there may be: end one before.",
  "trip.cannotGive": "Alarm: the converter was stopped, since its home cannot give what it asked",
  "trip.cannotTake": "Alarm: the converter was stopped, since its home cannot take what it asked",
  "trip.imax": "Alarm: the converter was asked for more than its greatest current",
  "trip.ogv": "Alarm: the bus voltage was above the converter's limit",
  "trip.ugv": "Alarm: the bus voltage was below the converter's limit",
  "trip.cib": "Alarm: the battery current was above the converter's limit",
  "trip.obv": "Alarm: the battery voltage was above the converter's limit",
  "trip.ubv": "Alarm: the battery voltage was below the converter's limit",
  "trip.fault": "Alarm: a fault has stopped the converter",
  "trip.heavyFault": "Heavy alarm: a fault holds the converter",
  "fault.trip": "A converter trips",
  "fault.busCollapse": "The bus collapses",
  "fault.ignoreCommands": "Commands are ignored",
  "fault.late": "Answers are late",
  "fault.noAnswer": "No answer",
  "fault.httpStatus": "Answers are an error of HTTP",
  "fault.meterStuck": "A meter is stuck",
  "fault.meterOffset": "A meter is off",
  "fault.meterNoisy": "A meter wavers",
  "fault.batteryStatus": "The battery may not share",
  "fault.overTemperature": "The converter is too hot",
  "faultTakes.path": "Only at this path",
  "faultTakes.alarm": "Alarm",
  "faultTakes.number": "Number of the alarm",
  "faultTakes.ms": "Held back (real ms)",
  "faultTakes.status": "Status of HTTP",
  "faultTakes.meter": "Meter",
  "faultTakes.value": "It tells",
  "faultTakes.offset": "Too much by",
  "faultTakes.deviation": "Standard deviation",
  "faultTakes.seed": "Seed",
  "faultTakes.battery_operation_status": "battery_operation_status",
  "faultTakes.tmp": "Temperature (°C)",
} as const satisfies FaultTexts & Readonly<Record<string, string>>;
