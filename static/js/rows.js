// [data-rows]: j and k go from row to row, x ticks the row, Enter opens its [data-row-link].
(() => {
  const isTyping = (element) => element.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const step = (row, by) => {
    const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
    const next = rows[row ? Math.min(Math.max(rows.indexOf(row) + by, 0), rows.length - 1) : 0];
    if (!next) return;
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target) || localStorage.shortcuts === "off") return;
    const row = event.target.closest?.("[data-rows] tbody tr");
    if (event.key === "j") step(row, 1);
    if (event.key === "k") step(row, -1);
    if (event.key === "x") row?.querySelector("[type=checkbox]")?.click();
    if (event.key === "Enter" && event.target === row) row.querySelector("[data-row-link]")?.click();
  });
})();
