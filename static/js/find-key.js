// "/" goes to the find box of this page, or to the page that has one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  const box = document.querySelector("[data-find-box]");
  if (box) {
    box.focus();
    box.select();
  } else {
    document.querySelector("a[data-find]")?.click();
  }
});
