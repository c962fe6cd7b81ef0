// form[data-select]: which rows are ticked, across pages. A choice is `all` or not, and ids: those ticked or, with `all`,
// the exceptions. Another filter (the value of [data-select-scope]) starts afresh.
(() => {
  const choices = new WeakMap();
  const boxesOf = (form) => [...form.querySelectorAll("[data-select-row]")];
  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
  let last = null;

  const choiceOf = (form) => {
    const scope = form.querySelector("[data-select-scope]")?.value ?? "";
    if (choices.get(form)?.scope !== scope) {
      const ticked = boxesOf(form).filter((box) => box.checked);
      choices.set(form, { scope, all: false, ids: new Set(ticked.map((box) => box.value)) });
    }
    return choices.get(form);
  };

  const show = (form) => {
    const { all, ids } = choiceOf(form);
    const { total, label } = form.querySelector("[data-select-scope]")?.dataset ?? {};
    const boxes = boxesOf(form);
    for (const box of boxes) box.checked = all !== ids.has(box.value);
    const ticked = boxes.filter((box) => box.checked).length;
    for (const box of form.querySelectorAll("[data-select-page]")) {
      box.checked = ticked > 0 && ticked === boxes.length;
      box.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    form.toggleAttribute("data-selected", all || ids.size > 0);
    const text = all ? `All ${label ?? total}${ids.size ? ` but ${ids.size}` : ""} selected` : `${ids.size} selected`;
    for (const count of document.querySelectorAll("[data-select-count]")) count.textContent = text;
    for (const button of document.querySelectorAll("[data-select-all]")) {
      button.hidden = all || ticked === 0 || ticked < boxes.length || Number(total) <= ids.size;
    }
    const here = new Set(all ? [] : boxes.map((box) => box.value));
    const kept = [...ids].filter((id) => !here.has(id)).map((id) => hidden(all ? "except" : "id", id));
    form.querySelector("[data-select-state]").replaceChildren(...(all ? [hidden("all", "1")] : []), ...kept);
  };

  const choose = (form, control, isRange) => {
    const choice = choiceOf(form);
    const boxes = boxesOf(form);
    const from = boxes.indexOf(isRange && last ? last : control);
    const [start, end] = [from < 0 ? boxes.indexOf(control) : from, boxes.indexOf(control)].sort((a, b) => a - b);
    const meant = control.matches("[data-select-row]") ? boxes.slice(start, end + 1) : boxes;
    if (control.matches("[data-select-all]")) Object.assign(choice, { all: true, ids: new Set() });
    else if (control.matches("[data-select-clear]")) Object.assign(choice, { all: false, ids: new Set() });
    else for (const { value } of meant) choice.all === control.checked ? choice.ids.delete(value) : choice.ids.add(value);
    last = control;
    show(form);
  };

  document.addEventListener("click", ({ target, shiftKey }) => {
    const control = target.closest("[data-select-row], [data-select-page], [data-select-all], [data-select-clear]");
    if (control?.form?.matches("[data-select]")) choose(control.form, control, shiftKey);
  });

  const showAll = () => document.querySelectorAll("form[data-select]").forEach(show);
  document.addEventListener("htmx:afterSettle", showAll);
  addEventListener("pageshow", showAll);
})();
