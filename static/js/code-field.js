// The code field of the member app: capitals, in groups of four as one types. The server accepts any spelling.
const box = document.querySelector("[data-code-form] .width-code");

const group = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "").replace(/(.{4})(?=.)/g, "$1 ");

if (box) {
  box.setAttribute("autocapitalize", "characters");
  box.setAttribute("spellcheck", "false");
  box.value = group(box.value);
  box.addEventListener("input", (event) => {
    if (event.isComposing) return;
    // The caret stays behind the same letter, wherever the spaces go.
    const before = box.value.slice(0, box.selectionStart).replace(/[^A-Za-z0-9]/g, "").length;
    box.value = group(box.value);
    let at = 0;
    for (let letters = 0; letters < before && at < box.value.length; at += 1) if (box.value[at] !== " ") letters += 1;
    box.setSelectionRange(at, at);
  });
}
