// form[data-upload]: what was chosen or dropped, how far its upload is, and a word before too large a file is sent.
(() => {
  const part = (form, name) => form.querySelector(`[data-upload-${name}]`);

  const sized = (bytes) => {
    const power = Math.min(Math.floor(Math.log2(bytes || 1) / 10), 4);
    return `${(bytes / 1024 ** power).toFixed(power > 1 ? 1 : 0)} ${["bytes", "KB", "MB", "GB", "TB"][power]}`;
  };

  const problemOf = ({ size }, most) => {
    if (size === 0) return "It is empty: there is nothing to import.";
    if (size <= most) return "";
    return `It has ${sized(size)}; ${sized(most)} is the most that is taken. Pack it with gzip, or divide it.`;
  };

  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form[data-upload]");
    if (!form || target.type !== "file") return;
    const [file] = target.files;
    const problem = file ? problemOf(file, Number(form.dataset.most)) : "";
    part(form, "chosen").hidden = !file;
    part(form, "chosen").textContent = file ? `${file.name} · ${sized(file.size)}` : "";
    part(form, "problem").hidden = !problem;
    part(form, "problem-text").textContent = problem;
    part(form, "send").disabled = Boolean(problem);
  });

  for (const type of ["dragenter", "dragleave", "drop"]) {
    document.addEventListener(type, ({ target }) => {
      target.closest?.("[data-upload-zone]")?.classList.toggle("is-over", type === "dragenter");
    });
  }

  // Answers have a progress, too: they are smaller than the file.
  document.addEventListener("htmx:xhr:progress", ({ target, detail: { loaded, total } }) => {
    if (!target.matches("form[data-upload]") || !(total >= target.elements.file.files[0]?.size)) return;
    part(target, "progress").hidden = false;
    target.querySelector("progress").value = (100 * loaded) / total;
    part(target, "text").textContent =
      loaded < total ? `${sized(loaded)} of ${sized(total)}` : "The file is there; looking at it…";
  });

  for (const type of ["htmx:beforeRequest", "htmx:sendError"]) {
    document.addEventListener(type, ({ target }) => {
      if (!target.matches("form[data-upload]")) return;
      part(target, "send").disabled = type === "htmx:beforeRequest";
      part(target, "progress").hidden = true;
    });
  }
})();
