// data-password: says below a new password how strong it is, by the rule of src/accounts/strength.rs. That it is no
// common one is checked when it is sent.
const words = (text) => {
  const length = [...text].length;
  const different = new Set(text).size;
  if (length === 0) return "";
  if (length < 12) return length === 11 ? "One more character." : `${12 - length} more characters.`;
  if (length >= 20 && different >= 10) return "Strong.";
  if (length >= 16 && different >= 8) return "Good.";
  return "Fair. Longer is better.";
};
for (const field of document.querySelectorAll("[data-password]")) {
  const told = field.parentElement.querySelector("[data-strength]");
  const tell = () => {
    told.textContent = words(field.value);
    told.hidden = told.textContent === "";
  };
  field.addEventListener("input", tell);
  tell();
}
