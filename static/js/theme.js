// Light or dark at once, without a page load; without this script the form posts to /theme.
for (const form of document.querySelectorAll("[data-theme-switch]")) {
  form.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (theme !== "light" && theme !== "dark") return;
    event.preventDefault();
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    form.querySelector(theme === "dark" ? ".only-dark" : ".only-light")?.focus();
  });
}
