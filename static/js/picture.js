// <img data-picture>: leaves when it cannot be loaded, so that the initials behind it show.
(() => {
  const failed = (image) => image.complete && image.naturalWidth === 0;

  for (const image of document.querySelectorAll("[data-picture]")) if (failed(image)) image.remove();

  document.addEventListener("error", ({ target }) => {
    if (target.matches?.("[data-picture]")) target.remove();
  }, true);
})();
