// Notices leave when their CSS animation has ended, or by their button.
document.addEventListener("animationend", ({ animationName, target }) => {
  if (animationName === "notice-out") target.remove();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-toast-close]")) target.closest("[data-toast]").remove();
});
