// <form data-unsaved>: leaving the page asks first while something typed into it is not sent.
(() => {
  const typed = new WeakSet();

  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-unsaved]");
    if (form) typed.add(form);
  });

  document.addEventListener("submit", ({ target }) => typed.delete(target));

  const isUnsaved = () => [...document.querySelectorAll("form[data-unsaved]")].some((form) => typed.has(form));

  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved()) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.target.querySelector("form[data-unsaved]");
    if (form && typed.has(form) && !confirm("Leave without saving what you typed?")) event.detail.shouldSwap = false;
  });
})();
