//! Tab reaches every control in the order one reads them, and one sees where one is.

use muster::accounts::Role;
use serde_json::json;

use crate::support::browser::{Browser, DESKTOP, PHONE};
use crate::support::{TestApp, make};

/// Numbers what Tab shall reach, in the order of the document; of radio buttons only the one that is chosen.
const STOPS: &str = r#"
const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(e => !e.disabled && e.type !== 'hidden' && e.tabIndex >= 0 && shown(e) && getComputedStyle(e).visibility !== 'hidden');
const stops = all.filter(e => {
  if (e.type !== 'radio') return true;
  const group = all.filter(o => o.type === 'radio' && o.name === e.name && o.form === e.form);
  return e === (group.find(o => o.checked) || group[0]);
});
stops.forEach((e, n) => { e.dataset.stop = n; });
// Tab goes on from where one clicked last: back to the top
const before = document.createElement('span');
before.tabIndex = -1;
document.body.prepend(before);
before.focus();
return stops.length;
"#;

/// Where the focus is, and whether that can be seen: on the control itself or on the label drawn for it.
const HERE: &str = r#"
const e = document.activeElement;
if (e === document.body) return null;
const marked = x => { const s = getComputedStyle(x); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'; };
const near = [e, e.parentElement, e.closest('label'), e.nextElementSibling].filter(Boolean);
const box = e.getBoundingClientRect();
return { parts: /date|time/.test(e.type), stop: Number(e.dataset.stop ?? -1), seen: e.matches(':focus-visible') && near.some(marked),
  inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth, what: e.outerHTML.slice(0, 120) };
"#;

fn tab_through(browser: &Browser) -> Vec<String> {
    let count = browser.script(STOPS, vec![]).as_i64().unwrap();
    assert!(count > 10, "{count} controls");
    let mut wrong = Vec::new();
    let mut expected = 0;
    while expected < count {
        browser.tab();
        let here = browser.script(HERE, vec![]);
        // day, month, year and picker of a date are one control
        if here["stop"] == json!(expected - 1) && here["parts"] == json!(true) {
            continue;
        }
        if here["stop"] != json!(expected) {
            let missed = "return document.querySelector(`[data-stop='${arguments[0]}']`)?.outerHTML.slice(0, 200)";
            let missed = browser.script(missed, vec![json!(expected)]);
            wrong.push(format!("{}: instead of stop {expected} {missed} comes {here}", browser.path()));
            break;
        }
        if here["seen"] != json!(true) || here["inside"] != json!(true) {
            wrong.push(format!("{}: focus cannot be seen on {}", browser.path(), here["what"]));
        }
        expected += 1;
    }
    wrong
}

#[test]
fn tab_reaches_every_control_in_reading_order() {
    let app = TestApp::start();
    app.make_account("admin@example.com", "Ada Admin", Role::Admin);
    let member = make::member(&app, "Ann");
    let groups = ["Regulars", "Early Birds", "Staff"].map(|name| make::group(&app, name).make());
    let draft = make::campaign(&app, "Draft", "app").include(groups[0]).exclude(groups[2]).draft().make();
    let mut wrong = Vec::new();
    for look in [DESKTOP, PHONE] {
        let browser = Browser::open(&app, look);
        browser.sign_in("admin@example.com");
        browser.go("/settings/user-groups/new");
        browser.tick("User viewable");
        browser.tick("By code");
        wrong.extend(tab_through(&browser));
        browser.go(&format!("/campaigns/{draft}/receivers"));
        wrong.extend(tab_through(&browser));
        browser.go(&format!("/user-support/{member}/user-groups"));
        wrong.extend(tab_through(&browser));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
