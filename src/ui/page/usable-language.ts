/*
 * Some browsers name a language in which nobody can write, as Chromium does where LANG is C: `en-US@posix`. uPlot asks for
 * numbers in it while it is loaded, and nothing would be shown. So this is imported before all else.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en" });
}
