// How many messages an SMS text takes, as the server counts it (campaigns/sms_parts.rs).
const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const extended = new Set("\f^{}\\[~]|€");

function parts(text) {
  const letters = [...text];
  const plain = letters.every((letter) => basic.has(letter) || extended.has(letter));
  const sizes = letters.map((letter) => (plain ? (basic.has(letter) ? 1 : 2) : letter.length));
  const [single, joined] = plain ? [160, 153] : [70, 67];
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= single) return { plain, parts: units > 0 ? 1 : 0, left: single - units };
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > joined) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return { plain, parts: count, left: joined - used };
}

for (const place of document.querySelectorAll("[data-sms-parts]")) {
  const box = place.querySelector("textarea");
  const words = place.querySelector("[data-sms-parts-words]");
  box.addEventListener("input", () => {
    const text = box.value.trim().replaceAll("{link}", "x".repeat(Number(place.dataset.smsParts)));
    const counted = parts(text);
    const messages = counted.parts === 1 ? "message" : "messages";
    const left = counted.left === 1 ? "character" : "characters";
    words.textContent = `${counted.parts} ${messages}, ${counted.left} ${left} left${counted.plain ? "" : ", with characters that need more room"}`;
  });
}
