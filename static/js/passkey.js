// data-passkey: a form that the browser's passkeys answer. "create" adds a key, "get" signs in; what the key is asked
// comes from data-challenge, its answer goes with the form in base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => list.map((key) => ({ ...key, id: bytes(key.id) }));

const ways = {
  async create(asked) {
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: keys(asked.excludeCredentials) };
    const { response } = await navigator.credentials.create({ publicKey });
    return { client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
  },
  async get(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials) };
    const { rawId, response } = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature } = response;
    return { credential: text(rawId), client_data: text(clientDataJSON), authenticator_data: text(authenticatorData), signature: text(signature) };
  },
};

async function ask(form) {
  const told = form.querySelector("[data-passkey-told]");
  told.hidden = true;
  try {
    const body = new URLSearchParams();
    for (const name of ["csrf", "second"]) if (form.elements[name]) body.set(name, form.elements[name].value);
    const answer = await fetch(form.dataset.challenge, { method: "POST", body });
    if (!answer.ok || answer.redirected) throw new Error("no challenge");
    for (const [name, value] of Object.entries(await ways[form.dataset.passkey](await answer.json()))) {
      const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value;
    }
    form.dataset.answered = "yes";
    form.requestSubmit();
  } catch (error) {
    const known = error.name === "InvalidStateError";
    told.textContent = known ? "This device has a passkey for your account already." : "No passkey was used. Try again.";
    told.hidden = false;
  }
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.dataset.answered) return;
    event.preventDefault();
    ask(form);
  });
}
