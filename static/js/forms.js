// data-focus: the error summary takes the focus. data-guard: leaving a changed form asks.
// Every form that posts is sent once, however often its button is pressed.
document.querySelector("[data-focus]")?.focus();

const state = (form) => new URLSearchParams([...new FormData(form)].map(([k, v]) => [k, v instanceof File ? v.name : v])).toString();
const guarded = new Map();
for (const form of document.querySelectorAll("form[data-guard]")) guarded.set(form, state(form));

let leaving = false;
window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  for (const [form, before] of guarded) if (state(form) !== before) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  leaving = true;
  // The button keeps its name and value in what is sent, so it is only marked, not disabled.
  event.submitter?.setAttribute("aria-disabled", "true");
});
// Back from the next page: the form can be sent again.
window.addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[type=submit][aria-disabled]")) button.removeAttribute("aria-disabled");
});
