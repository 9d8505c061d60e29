// Notifications on this device: turned on and off by the browser's own means. The page says how it stands.
const part = document.querySelector("[data-notifications]");
const KEY = "/app/notifications";
const [turnOn, turnOff] = ["on", "off"].map((name) => part.querySelector(`[data-notifications-${name}]`));

const WORDS = {
  unsupported: "This browser does not take notifications.",
  install: "On an iPhone or iPad, add this app to the home screen first (Share, then Add to Home Screen). Then open it from there and turn notifications on.",
  denied: "This browser blocks notifications from here. Allow them in its settings for this site, then reload this page.",
  on: "On. New coupons are announced here.",
  off: "Off. Turn them on to hear of new coupons at once.",
  dismissed: "Still off: the browser was not allowed to show notifications.",
  failed: "The browser’s push service did not answer. Check your connection and try again.",
};

function say(state) {
  const line = part.querySelector("[data-notifications-state]");
  line.textContent = WORDS[state];
  line.hidden = false;
  turnOn.hidden = !["off", "dismissed", "failed"].includes(state);
  turnOff.hidden = state !== "on";
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const isKey = (buffer, key) => buffer && key.every((byte, at) => byte === new Uint8Array(buffer)[at]);

async function held() {
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function show() {
  const apple = /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say(apple ? "install" : "unsupported");
  if (Notification.permission === "denied") return say("denied");
  const endpoint = (await held())?.endpoint;
  const row = endpoint && [...part.querySelectorAll("[data-endpoint]")].find((row) => row.dataset.endpoint === endpoint);
  if (row) row.querySelector("[data-this-device]").hidden = false;
  say(row && Notification.permission === "granted" ? "on" : "off");
}

async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") return say(Notification.permission === "denied" ? "denied" : "dismissed");
  const registration = await navigator.serviceWorker.register("/app/service-worker.js", { scope: "/app/" });
  await navigator.serviceWorker.ready;
  const { publicKey } = await (await fetch(KEY, { headers: { Accept: "application/json" } })).json();
  const key = bytes(publicKey);
  let subscription = await registration.pushManager.getSubscription();
  // of another installation at this address
  if (subscription && !isKey(subscription.options.applicationServerKey, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) if (form.elements[name]) form.elements[name].value = value;
  form.submit();
}

turnOn.addEventListener("submit", (event) => {
  event.preventDefault();
  subscribe(turnOn).catch(() => say("failed"));
});
turnOff.addEventListener("submit", async (event) => {
  event.preventDefault();
  const subscription = await held();
  turnOff.elements.endpoint.value = subscription?.endpoint ?? "";
  await subscription?.unsubscribe().catch(() => false);
  turnOff.submit();
});

// Whoever signs out here is told nothing more here.
const signOut = document.querySelector("form[action='/app/sign-out']");
signOut?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const late = new Promise((resolve) => setTimeout(resolve, 2000));
  await Promise.race([late, forget().catch(() => false)]);
  signOut.submit();
});

async function forget() {
  const subscription = await held();
  if (!subscription) return;
  const body = new URLSearchParams({ csrf: turnOff.elements.csrf.value, endpoint: subscription.endpoint });
  await fetch(turnOff.action, { method: "POST", body, headers: { Accept: "application/json" } });
  await subscription.unsubscribe();
}

show().catch(() => say("failed"));
