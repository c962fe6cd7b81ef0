// <button data-copy="text">: puts the text on the clipboard and says so for a moment.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (!(await copy(button))) return;
  const status = button.querySelector("[data-copy-status]");
  button.classList.add("copied");
  if (status) status.textContent = "Copied";
  setTimeout(() => {
    button.classList.remove("copied");
    if (status) status.textContent = "";
  }, 2000);
});

// Without TLS browsers have no clipboard for pages, but they copy what is selected.
async function copy(button) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(button.dataset.copy);
    return true;
  }
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.value = button.dataset.copy;
  button.after(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  button.focus();
  return isCopied;
}
