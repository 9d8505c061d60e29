// Switches answer at once and undo themselves with a message when refused. Without this script the form posts.
const flash = document.querySelector("[data-flash]");

function tell(text, kind) {
  const line = document.createElement("p");
  line.className = `flash flash-${kind}`;
  line.textContent = text;
  flash?.replaceChildren(line);
}

async function flip(form) {
  const button = form.querySelector("[role=switch]");
  const field = form.querySelector("[name=join]");
  const wanted = field.value === "on";
  const body = new URLSearchParams(new FormData(form));
  button.setAttribute("aria-checked", String(wanted));
  form.dataset.busy = "yes";
  try {
    // kept alive: it arrives also when the member goes on to another page at once
    const answer = await fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
    // signed out meanwhile: the page that asks for it
    if (answer.redirected) return void location.reload();
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(told.detail ?? "");
    field.value = wanted ? "off" : "on";
    tell(told.message ?? (wanted ? form.dataset.doneOn : form.dataset.doneOff), "success");
  } catch (error) {
    button.setAttribute("aria-checked", String(!wanted));
    tell(error.message && !(error instanceof TypeError) ? error.message : "That did not work. Check your connection and try again.", "danger");
  } finally {
    delete form.dataset.busy;
  }
}

for (const form of document.querySelectorAll("form[data-switch]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.dataset.busy) flip(form);
  });
}
