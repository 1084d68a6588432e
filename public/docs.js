// Before anything is drawn: light or dark as chosen on the screen, or as the system is.
const system = window.matchMedia("(prefers-color-scheme: dark)");
function applyTheme() {
  let chosen = null;
  try {
    chosen = localStorage.getItem("apis-emulator.theme");
  } catch {
    // A browser that keeps nothing is as its system is.
  }
  const isDark = chosen === "dark" || (chosen !== "light" && system.matches);
  document.documentElement.classList.toggle("dark-mode", isDark);
}
applyTheme();
system.addEventListener("change", applyTheme);
