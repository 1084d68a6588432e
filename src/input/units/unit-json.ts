/** The JSON of one unit as APIS names and shapes it (specification, section 6.1). */
export interface UnitJson {
  emu: EmuJson;
  dcdc: ConverterJson;
  oesunit: OesUnitJson;
  time: string;
}

export interface EmuJson {
  charge_discharge_power: number;
  system_time: { year: number; month: number; day: number; hour: number; minute: number };
  rsoc: number;
  battery_rsoc: number;
  battery_voltage: number;
  battery_current: number;
  pvc_charge_voltage: number;
  pvc_charge_current: number;
  pvc_charge_power: number;
  ups_input_voltage: number;
  ups_output_voltage: number;
  ups_output_current: number;
  ups_output_power: number;
  ups_output_frequency: number;
  ups_operation_mode: { parameter: number; mode: number; stop_mode: number };
  ups_operation_schedule: number;
  dischargeable_time: { hour: number; minute: number };
}

export interface ConverterJson {
  status: {
    status: string;
    statusName: string;
    alarm: string;
    alarmState: string;
    runningState: string;
    operationMode: string;
  };
  powermeter: { p1: number; p2: number; v1: number; i1: number; kwh1: number; kwh2: number };
  meter: { vg: number; ig: number; wg: number; vb: number; ib: number; wb: number; tmp: number };
  vdis: { dvg: number; drg: number };
  param: { dig: number; ogv: number; ugv: number; cib: number; obv: number; ubv: number };
}

export interface OesUnitJson {
  on: boolean;
  id: string;
  display: string;
  ip: string;
  ipv6_ll: string;
  ipv6_g: string;
  mac: string;
  sn: string;
  budo: string;
}
