//! A real browser: Chromium through WebDriver. Controls are found by label, buttons and links by their words.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use muster::ids::MemberId;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::runtime::Runtime;

use super::app::TestApp;
use super::scratch;

/// One window with a fresh profile.
pub struct Browser {
    runtime: Runtime,
    driver: WebDriver,
    base: String,
    look: Look,
}

/// How the window is made.
#[derive(Clone, Copy)]
pub struct Look {
    /// Width in pixels: 1360 is a desktop, 390 a phone.
    pub width: u32,
    /// The dark theme.
    pub dark: bool,
    /// Whether pages may run scripts.
    pub scripts: bool,
}

/// A desktop, light, with scripts.
pub const DESKTOP: Look = Look { width: 1360, dark: false, scripts: true };
/// A phone, light, with scripts.
pub const PHONE: Look = Look { width: 390, dark: false, scripts: true };

/// What axe looks for.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Finds what a person would: scripts run by WebDriver are not bound by the page's policy.
const FIND: &str = r#"
const folded = text => (text || '').replace(/\s+/g, ' ').trim();
const shown = element => element.getClientRects().length > 0;
const byLabel = label => {
  for (const found of document.querySelectorAll('label')) {
    const words = folded(found.textContent).replace(/ ?\(optional\)$/, '');
    const own = folded(found.querySelector('.choice-label, .tick-label, strong, span')?.textContent);
    if (words !== label && own !== label) continue;
    const control = found.htmlFor ? document.getElementById(found.htmlFor) : found.querySelector('input,select,textarea');
    if (control && (shown(control) || shown(found))) return control;
  }
  return [...document.querySelectorAll('input,select,textarea,button')].find(c => c.getAttribute('aria-label') === label && shown(c)) || null;
};
const byWords = words => {
  const all = [...document.querySelectorAll('button, a[href], summary, [role=button]')].filter(shown);
  return all.find(e => folded(e.textContent) === words || e.getAttribute('aria-label') === words) || null;
};
"#;

impl Browser {
    /// Opens a window onto the app.
    pub fn open(app: &TestApp, look: Look) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let driver = runtime.block_on(async {
            let mut caps = DesiredCapabilities::chrome();
            for flag in [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                // smooth scrolling moves what is about to be clicked
                "--force-prefers-reduced-motion",
            ] {
                caps.add_arg(flag).unwrap();
            }
            caps.add_arg(&format!("--user-data-dir={}", profile().display())).unwrap();
            caps.add_arg(&format!("--window-size={},900", look.width)).unwrap();
            if !look.scripts {
                caps.add_experimental_option(
                    "prefs",
                    json!({ "profile.managed_default_content_settings.javascript": 2 }),
                )
                .unwrap();
            }
            WebDriver::new(driver_address(), caps).await.unwrap()
        });
        let browser = Self { runtime, driver, base: app.muster.config.public_url.clone(), look };
        if look.width < 500 {
            browser.resize(look.width);
        }
        if look.dark {
            browser.go("/healthz");
            let cookie = json!({ "name": "theme", "value": "dark", "url": browser.url("/") });
            let _ = browser.devtools("Network.setCookie", cookie);
        }
        browser
    }

    /// Sends a command of the browser's own protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.runtime.block_on(self.driver.cdp().send_raw(command, parameters)).unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Opens a page.
    pub fn go(&self, path: &str) {
        self.runtime.block_on(self.driver.goto(self.url(path))).unwrap();
    }

    /// The path of the page that is open.
    pub fn path(&self) -> String {
        let url = self.runtime.block_on(self.driver.current_url()).unwrap();
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// Runs a script with the finders above; its arguments are `arguments[0]`, ….
    pub fn script(&self, script: &str, arguments: Vec<Value>) -> Value {
        let whole = format!("{FIND}\n{script}");
        self.runtime.block_on(self.driver.execute(whole, arguments)).unwrap().json().clone()
    }

    /// Waits until a script returns something true; panics after half a minute with what the page shows.
    pub fn wait(&self, what: &str, script: &str, arguments: Vec<Value>) -> Value {
        let begun = Instant::now();
        loop {
            let whole = format!("{FIND}\n{script}");
            // while a page is being replaced a script may fail: it is asked again
            if let Ok(found) = self.runtime.block_on(self.driver.execute(whole, arguments.clone())) {
                let value = found.json().clone();
                if !matches!(value, Value::Null | Value::Bool(false)) {
                    return value;
                }
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "no {what} on {}: {}", self.path(), self.text());
            std::thread::yield_now();
        }
    }

    fn element(&self, what: &str, script: &str, words: &str) -> WebElement {
        self.wait(what, &format!("return {script} !== null;"), vec![json!(words)]);
        let whole = format!("{FIND}\nreturn {script};");
        self.runtime
            .block_on(async { self.driver.execute(whole, vec![json!(words)]).await.unwrap().element() })
            .unwrap()
    }

    fn control(&self, label: &str) -> WebElement {
        self.element(&format!("control {label:?}"), "byLabel(arguments[0])", label)
    }

    /// Types into the control with this label, over what it held.
    pub fn fill(&self, label: &str, value: &str) {
        let control = self.control(label);
        self.runtime.block_on(async {
            let kind = control.attr("type").await.unwrap().unwrap_or_default();
            if matches!(kind.as_str(), "date" | "datetime-local" | "time" | "color") {
                // the picker's parts depend on the machine's language: set as its own script would
                let set = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true})); arguments[0].dispatchEvent(new Event('change', {bubbles: true}));";
                self.driver.execute(set, vec![control.to_json().unwrap(), json!(value)]).await.unwrap();
            } else {
                control.clear().await.unwrap();
                control.send_keys(value).await.unwrap();
            }
        });
    }

    /// Chooses an option by its words.
    pub fn choose(&self, label: &str, option: &str) {
        let control = self.control(label);
        self.runtime.block_on(async {
            thirtyfour::components::SelectElement::new(&control)
                .await
                .unwrap()
                .select_by_visible_text(option)
                .await
                .unwrap();
        });
    }

    /// Ticks the checkbox, or chooses the radio button, with this label (if it is not already).
    pub fn tick(&self, label: &str) {
        let control = self.control(label);
        self.runtime.block_on(async {
            if !control.is_selected().await.unwrap() {
                control.click().await.unwrap();
            }
        });
    }

    /// Presses the button or follows the link with these words.
    pub fn click(&self, words: &str) {
        let element = self.element(&format!("button or link {words:?}"), "byWords(arguments[0])", words);
        self.runtime.block_on(element.click()).unwrap();
    }

    /// Whether a control with this label can be seen.
    pub fn has_control(&self, label: &str) -> bool {
        self.script("const found = byLabel(arguments[0]); return found !== null && shown(found);", vec![json!(label)])
            == json!(true)
    }

    /// All text of the page.
    pub fn text(&self) -> String {
        self.script("return folded(document.body.innerText);", vec![]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows this text.
    pub fn see(&self, text: &str) {
        self.wait(
            &format!("text {text:?}"),
            "return folded(document.body.innerText).includes(arguments[0]);",
            vec![json!(text)],
        );
    }

    /// Signs in to the dashboard.
    pub fn sign_in(&self, email: &str) {
        self.go("/sign-in");
        self.fill("E-mail", email);
        self.fill("Password", "muster-demo");
        self.click("Sign in");
        self.see("Overview");
    }

    /// Signs out of the dashboard, from wherever one is.
    pub fn click_out(&self) {
        self.go("/");
        self.send("Sign out", &[]);
    }

    /// Signs in to the app, by the code from the Outbox.
    pub fn sign_in_member(&self, app: &TestApp, member: MemberId) {
        self.go("/app/sign-in");
        let contact = format!("SELECT coalesce(phone, email) FROM member WHERE id = {member}");
        self.fill("Phone or e-mail", &super::make::text(app, &contact));
        self.click("Send code");
        self.wait("code field", "return byLabel('Code') !== null;", vec![]);
        self.fill("Code", &app.sign_in_code(member));
        self.click("Sign in");
        self.see("Coupons");
    }

    /// Axe finds nothing wrong on the open page, it does not scroll sideways, and the console has no error.
    pub fn must_be_accessible(&self) {
        let place = format!("{} at {} px, dark: {}", self.path(), self.look.width, self.look.dark);
        assert_eq!(self.problems(), Vec::<String>::new(), "{place}");
    }

    /// All that is wrong with the open page, a line each.
    pub fn problems(&self) -> Vec<String> {
        let mut found = self.layout_problems();
        // without scripts axe cannot run; the page is the same
        if self.look.scripts {
            found.extend(self.axe());
        }
        found
    }

    /// The same without axe.
    pub fn layout_problems(&self) -> Vec<String> {
        let wide = "if (document.documentElement.scrollWidth <= window.innerWidth) return null;
            const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > window.innerWidth);
            return out.slice(-3).map(e => e.outerHTML.slice(0, 160)).join(' | ') || 'the page';";
        let wide = self.script(wide, vec![]);
        let mut found: Vec<_> = wide.as_str().map(|what| format!("scrolls sideways: {what}")).into_iter().collect();
        // that a page was asked for in vain is no fault of the page that says so
        let page =
            |line: &String| line.contains("the server responded with a status of 4") && !line.contains("/static/");
        found.extend(self.console_errors().into_iter().filter(|line| !page(line)));
        found
    }

    /// What axe finds wrong with the colours of the open page in the dark, after `problems`: the rest of the page is
    /// the same.
    pub fn problems_in_the_dark(&self) -> Vec<String> {
        self.script("document.documentElement.setAttribute('data-bs-theme', 'dark');", vec![]);
        self.run_axe(&["color-contrast", "link-in-text-block"])
    }

    /// Whether the open page scrolls sideways at another width; the window gets its own back.
    pub fn problems_at(&self, width: u32) -> Vec<String> {
        self.resize(width);
        let found = self.layout_problems();
        self.resize(self.look.width);
        found
    }

    /// Windows are not made narrower than 500 pixels; the page can be.
    fn resize(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": false });
        let _ = self.devtools("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Sends the form that has this button, its fields changed by name; waits for the answer.
    pub fn send(&self, button: &str, fields: &[(&str, &str)]) {
        let script = "window.before = true;
            const button = [...document.querySelectorAll('form button')].find(b => folded(b.textContent) === arguments[0]);
            if (!button) return false;
            const form = button.form;
            for (const [name, value] of arguments[1]) {
              for (const field of form.querySelectorAll(`[name='${name}']`)) {
                if (field.type === 'radio' || field.type === 'checkbox') field.checked = field.value === value;
                else field.value = value;
              }
            }
            form.noValidate = true;
            form.requestSubmit(button);
            return true;";
        assert_eq!(
            self.script(script, vec![json!(button), json!(fields)]),
            json!(true),
            "no {button:?} on {}",
            self.path()
        );
        self.wait("answer", "return !window.before && document.readyState === 'complete';", vec![]);
    }

    /// Presses the Tab key.
    pub fn tab(&self) {
        self.runtime.block_on(self.driver.action_chain().send_keys(Key::Tab).perform()).unwrap();
    }

    /// What axe finds wrong on the open page (WCAG 2.2 AA and best practice), a line each.
    fn axe(&self) -> Vec<String> {
        self.load_axe();
        self.run_axe(&RULES)
    }

    fn load_axe(&self) {
        static AXE: OnceLock<String> = OnceLock::new();
        let axe = AXE.get_or_init(|| {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/node_modules/axe-core/axe.min.js");
            std::fs::read_to_string(file).unwrap_or_else(|_| panic!("{file} is missing: run scripts/setup.sh test"))
        });
        self.runtime.block_on(self.driver.execute(axe.clone(), vec![])).unwrap();
    }

    fn run_axe(&self, rules: &[&str]) -> Vec<String> {
        let rules = json!({ "runOnly": rules });
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { ...arguments[0], resultTypes: ['violations'] })
              .then(result => done(result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | '))));";
        let found = self.runtime.block_on(self.driver.execute_async(run, vec![rules])).unwrap();
        found.json().as_array().unwrap().iter().map(|line| line.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Errors in the browser's console since the last time they were asked for.
    fn console_errors(&self) -> Vec<String> {
        let url = format!("{}/session/{}/se/log", driver_address(), self.driver.session_id());
        let answer = ureq::post(url).content_type("application/json").send(r#"{"type":"browser"}"#);
        let Ok(mut answer) = answer else { return Vec::new() };
        let entries: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap_or_default();
        let entries = entries["value"].as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.driver.clone().quit());
    }
}

fn profile() -> std::path::PathBuf {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    scratch().folder.join(format!("chromium-{n}"))
}

static DRIVER: OnceLock<(Mutex<Child>, String)> = OnceLock::new();

/// One driver for the test process; it ends with it.
fn driver_address() -> &'static str {
    let (_, address) = DRIVER.get_or_init(|| {
        let mut child = Command::new("chromedriver")
            .args(["--port=0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run scripts/setup.sh test");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.map_while(Result::ok).find(|line| line.contains("successfully on port")).unwrap();
        let port: String = line.chars().filter(char::is_ascii_digit).collect();
        // SAFETY: registers a function that takes nothing and does not unwind.
        unsafe { libc::atexit(stop_driver) };
        (Mutex::new(child), format!("http://127.0.0.1:{port}"))
    });
    address
}

extern "C" fn stop_driver() {
    if let Some((child, _)) = DRIVER.get()
        && let Ok(mut child) = child.lock()
    {
        let _ = child.kill();
        let _ = child.wait();
    }
}
