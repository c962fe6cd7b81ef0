// [data-once]: what may be seen once goes when its page is left, so that going back does not find it.
addEventListener("pagehide", () => {
  for (const element of document.querySelectorAll("[data-once]")) element.remove();
});
