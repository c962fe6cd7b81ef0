// <button data-copy="text">: puts the text on the clipboard and says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const status = button.querySelector("[data-copy-status]");
  button.classList.add("copied");
  if (status) status.textContent = "Copied";
  setTimeout(() => {
    button.classList.remove("copied");
    if (status) status.textContent = "";
  }, 2000);
});
