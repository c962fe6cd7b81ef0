// <details data-menu>: one open at a time; a click elsewhere, on what leads into the dialog, or Esc closes it.
// What was chosen is hidden with its menu, so the focus goes to the menu: a dialog gives it back to there.
(() => {
  const open = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", ({ target }) => {
    const isChosen = target.closest('.menu-item[hx-target="#dialog"]');
    for (const menu of open()) {
      if (isChosen && menu.contains(target)) menu.querySelector("summary").focus();
      if (isChosen || !menu.contains(target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    }
  });
})();
