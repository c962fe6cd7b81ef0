// "/" goes to the search box, "?" opens the list of shortcuts, Esc leaves a field. [data-shortcuts] turns the single keys
// off in this browser, for people whose speech input types letters (WCAG 2.1.4).
(() => {
  const isTyping = (element) => element.matches?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    if (localStorage.shortcuts === "off") return;
    if (isTyping(event.target) && !event.target.matches("[type=checkbox], [type=radio]")) return;
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "?") document.getElementById("help")?.showModal();
  });

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-shortcuts]")) localStorage.shortcuts = target.checked ? "on" : "off";
  });

  for (const box of document.querySelectorAll("[data-shortcuts]")) box.checked = localStorage.shortcuts !== "off";
})();
