// "/" goes to the search box, "?" opens the list of shortcuts, Esc leaves a field.
(() => {
  const isTyping = (element) => element.matches?.("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    if (isTyping(event.target) && !event.target.matches("[type=checkbox], [type=radio]")) return;
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "?") document.getElementById("help")?.showModal();
  });
})();
