// A long list of checkboxes: a filter box, and how many are ticked.
for (const list of document.querySelectorAll("[data-checklist]")) {
  const items = [...list.querySelectorAll("li")];
  const filter = list.querySelector("[data-checklist-filter]");
  const count = list.querySelector("[data-checklist-count]");
  const none = list.querySelector("[data-checklist-none]");

  const tell = () => {
    count.textContent = `${list.querySelectorAll("input:checked").length} of ${items.length} ticked`;
  };
  const narrow = (wanted) => {
    let shown = 0;
    for (const item of items) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
      if (!item.hidden) shown += 1;
    }
    none.hidden = shown > 0;
  };

  filter.hidden = false;
  const box = filter.querySelector("input");
  box.addEventListener("input", () => narrow(box.value.trim().toLowerCase()));
  // Enter filters, it does not save.
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  list.addEventListener("change", tell);
  tell();
}
