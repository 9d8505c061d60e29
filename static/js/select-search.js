// A select of many options: a box above it narrows them. What is chosen stays in the list.
for (const select of document.querySelectorAll("select[data-search]")) {
  const all = [...select.options];
  const box = document.createElement("input");
  box.type = "search";
  box.className = "form-control select-search";
  box.autocomplete = "off";
  box.placeholder = "Type to narrow the list";
  box.setAttribute("aria-label", `Narrow ${select.labels[0]?.textContent ?? "the list"}`);
  box.setAttribute("aria-controls", select.id);
  select.before(box);

  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    const chosen = select.selectedOptions[0];
    select.replaceChildren(...all.filter((option) => option === chosen || option.value === "" || option.text.toLowerCase().includes(wanted)));
    chosen.selected = true;
  });
  // Enter goes on to the list, it does not send the form.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = [...select.options].find((option) => option.value && option.text.toLowerCase().includes(box.value.trim().toLowerCase()));
    if (first) first.selected = true;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
}
