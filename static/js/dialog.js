// <dialog data-dialog>: opens when something is swapped into it, or by [data-opens="id"]; a click on the
// backdrop or on [data-dialog-close] closes it. Esc and the return of the focus are the browser's own.
(() => {
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const dialog = target.closest("dialog[data-dialog]");
    if (!dialog) return;
    const title = dialog.querySelector(".dialog-title");
    if (title?.id) dialog.setAttribute("aria-labelledby", title.id);
    if (dialog.childElementCount === 0) dialog.close();
    else if (!dialog.open) dialog.showModal();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const dialog = event.target.closest("dialog[data-dialog][open]");
    if (dialog && (event.target === dialog || event.target.closest("[data-dialog-close]"))) {
      event.preventDefault();
      dialog.close();
    }
  });

  document.addEventListener("close", ({ target }) => {
    if (target.id === "dialog") target.replaceChildren();
  }, true);
})();
