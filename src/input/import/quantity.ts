/** What a series tells of: a home's demand, the power of a home's own panels, or irradiance, which all share. */
export type Quantity = "demand" | "pv" | "irradiance";

/** What some words say that values are; null if they say nothing of it. */
export function findQuantity(words: string): Quantity | null {
  const text = words.toLowerCase().replaceAll(/[_-]/g, " ");
  if (
    /irradi|\bghi\b|\bg\(|w ?\/ ?m|insolation|strahlung|日射|\bsolar data\b|\bsun\b|^solar$|\bradiation\b/.test(
      text,
    )
  )
    return "irradiance";
  if (/\bpv\b|photovoltaic|solar|generation|production|erzeugung|発電/.test(text)) return "pv";
  if (/load|demand|consumption|usage|verbrauch|需要|消費|使用/.test(text)) return "demand";
  return null;
}
