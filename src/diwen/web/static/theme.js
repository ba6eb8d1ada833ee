// Light or dark: the visitor's choice if there is one, else what the system says.
// Runs before the page is painted, so that it never flashes in the wrong colours.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("diwen-theme"); } catch { return null; }
  };
  const apply = () => {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("diwen:theme"));
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("diwen-theme", next); } catch { /* private window */ }
      root.dataset.theme = next;
      document.dispatchEvent(new CustomEvent("diwen:theme"));
    });
  });
})();
