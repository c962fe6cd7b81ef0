// form[data-upload]: what was chosen or dropped, how far its upload is, and a word before too large a file is sent.
(() => {
  const part = (form, name) => form.querySelector(`[data-upload-${name}]`);
  const sized = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : bytes < 1e9 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${(bytes / 2 ** 30).toFixed(2)} GB`);

  const refuse = (form, text) => {
    part(form, "problem").hidden = !text;
    part(form, "problem-text").textContent = text;
    part(form, "send").disabled = Boolean(text);
  };

  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form[data-upload]");
    const file = target.files?.[0];
    if (!form || target.type !== "file") return;
    const chosen = part(form, "chosen");
    chosen.hidden = !file;
    chosen.textContent = file ? `${file.name} · ${sized(file.size)}` : "";
    refuse(form, file?.size > form.dataset.most ? `It has ${sized(file.size)}; ${sized(form.dataset.most)} is the most that is taken. Pack it with gzip, or divide it.` : file?.size === 0 ? "It is empty: there is nothing to import." : "");
  });

  for (const type of ["dragenter", "dragleave", "drop"]) {
    document.addEventListener(type, ({ target }) => {
      target.closest?.("[data-upload-zone]")?.classList.toggle("is-over", type === "dragenter");
    });
  }

  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const size = target.querySelector?.("[type=file]")?.files[0]?.size;
    if (!target.matches("form[data-upload]") || !(detail.total >= size)) return;
    part(target, "progress").hidden = false;
    part(target, "send").disabled = true;
    target.querySelector("progress").value = (100 * detail.loaded) / detail.total;
    const text = `${sized(detail.loaded)} of ${sized(detail.total)}`;
    part(target, "text").textContent = detail.loaded < detail.total ? text : "The file is there; looking at it…";
  });

  document.addEventListener("htmx:sendError", ({ target }) => {
    if (target.matches("form[data-upload]")) part(target, "send").disabled = !(part(target, "progress").hidden = true);
  });
})();
