// Notices leave when their CSS animation has ended, by their button, or by Esc where nothing else is open.
(() => {
  document.addEventListener("animationend", ({ animationName, target }) => {
    if (animationName === "notice-out") target.remove();
  });

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-toast-close]")) target.closest("[data-toast]").remove();
  });

  // While it goes down, before what else hears Esc has closed anything.
  document.addEventListener("keydown", (event) => {
    const isMeant = event.key === "Escape" && !event.target.matches?.("input, textarea, select");
    if (isMeant && !document.querySelector("dialog[open], details[data-menu][open], :popover-open")) {
      document.querySelector("#toasts > [data-toast]:last-child")?.remove();
    }
  }, true);

  // Screen readers say what comes into a region of status, not what it held from the beginning.
  addEventListener("load", () => {
    const toasts = document.getElementById("toasts");
    toasts.append(...toasts.children);
  });
})();
