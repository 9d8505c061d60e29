// A long list of groups: a box narrows it.
for (const list of document.querySelectorAll("[data-group-choices]")) {
  const items = [...list.querySelectorAll("li")];
  const filter = list.querySelector(".group-choices-filter");
  const none = list.querySelector(".checklist-none");
  if (items.length < 9) continue;
  filter.hidden = false;
  const box = filter.querySelector("input");
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.querySelector("legend").textContent.toLowerCase().includes(wanted);
    none.hidden = items.some((item) => !item.hidden);
  });
  // Enter filters, it does not save.
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
