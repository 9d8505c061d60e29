// Buttons that copy a text; they say that they did.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const label = button.querySelector("[data-copy-label]");
  const words = label.textContent;
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      label.textContent = "Copied";
    } catch {
      label.textContent = "Could not copy";
    }
    setTimeout(() => (label.textContent = words), 2000);
  });
}
