/**
 * Equally spaced values over simulated time, linear in between (specification, section 9).
 * `values[i]` holds at simulated second `i * stepS`. Solar series hold W/m² (or W of PV power),
 * demand series hold W.
 */
export interface Series {
  readonly stepS: number;
  readonly values: Uint16Array | Float64Array;
}
