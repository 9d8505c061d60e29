// What is typed shows in the preview at once: [data-mirror="title"] repeats the control #field-title.
const link = "muster.example/c/…";
for (const place of document.querySelectorAll("[data-mirror]")) {
  const control = document.getElementById(`field-${place.dataset.mirror}`);
  control?.addEventListener("input", () => {
    const typed = control.value.trim();
    place.textContent = (typed || (place.dataset.mirrorEmpty ?? "")).replaceAll("{link}", link);
  });
}

const file = document.getElementById("field-image");
const image = document.querySelector("[data-mirror-image]");
const before = image && { src: image.src, hidden: image.hidden };
file?.addEventListener("change", () => {
  const chosen = file.files[0];
  if (!image) return;
  if (!chosen || !/^image\/(png|jpeg|webp)$/.test(chosen.type)) {
    image.src = before.src;
    image.hidden = before.hidden;
    return;
  }
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    image.src = reader.result;
    image.hidden = false;
  });
  reader.readAsDataURL(chosen);
});
