// Shows what the organisation sends, opens the app where it is pressed, and keeps the subscription alive.
const HOME = "/app/coupons";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

// Browsers insist that every push shows something, whatever was in it.
function show(data) {
  let notice = {};
  try {
    notice = data?.json() ?? {};
  } catch {
    // what cannot be read is announced without words of its own
  }
  const options = { body: notice.text || "", tag: notice.tag || "news", data: { url: notice.url || HOME } };
  if (notice.icon) options.icon = options.badge = notice.icon;
  if (notice.picture) options.image = notice.picture;
  return self.registration.showNotification(notice.title || "There is something new for you", options);
}

// Only pages of the app are opened. That it was pressed marks nothing: the page does, when it is shown.
async function open(wanted) {
  let url = new URL(HOME, self.location.origin);
  try {
    const asked = new URL(wanted, self.location.origin);
    const ours = asked.origin === self.location.origin && /^\/(app|c)\//.test(asked.pathname);
    if (ours) url = asked;
  } catch {
    // the coupons, then
  }
  const windows = await self.clients.matchAll({ type: "window" });
  const here = windows.find((client) => client.url === url.href);
  if (here) return here.focus();
  return self.clients.openWindow(url.href);
}

// The browser gave the subscription new keys: we are told, if the member is still signed in.
async function renew(event) {
  const answer = await fetch("/app/notifications", { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const { publicKey, csrf } = await answer.json();
  const renewed = event.newSubscription
    ?? (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey }));
  const { endpoint, keys } = renewed.toJSON();
  const old = event.oldSubscription?.endpoint ?? "";
  const body = new URLSearchParams({ csrf, endpoint, p256dh: keys.p256dh, auth: keys.auth, renews: old || endpoint });
  await fetch("/app/notifications", { method: "POST", body, headers: { Accept: "application/json" } });
}
