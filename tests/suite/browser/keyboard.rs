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
return { stop: Number(e.dataset.stop ?? -1), seen: e.matches(':focus-visible') && near.some(marked),
  inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth, what: e.outerHTML.slice(0, 120) };
"#;

fn tab_through(browser: &Browser) -> Vec<String> {
    let count = browser.script(STOPS, vec![]).as_i64().unwrap();
    assert!(count > 10, "{count} controls");
    let mut wrong = Vec::new();
    for expected in 0..count {
        browser.tab();
        let here = browser.script(HERE, vec![]);
        if here["stop"] != json!(expected) {
            wrong.push(format!("{}: stop {expected} is {}", browser.path(), here));
            break;
        }
        if here["seen"] != json!(true) || here["inside"] != json!(true) {
            wrong.push(format!("{}: focus cannot be seen on {}", browser.path(), here["what"]));
        }
    }
    wrong
}

#[test]
fn tab_reaches_every_control_in_reading_order() {
    let app = TestApp::start();
    app.make_account("admin@example.com", "Ada Admin", Role::Admin);
    let member = make::member(&app, "Ann");
    for name in ["Regulars", "Early Birds", "Staff"] {
        make::group(&app, name).make();
    }
    let draft = make::campaign(&app, "Draft", "app").draft().make();
    let mut wrong = Vec::new();
    for look in [DESKTOP, PHONE] {
        let browser = Browser::open(&app, look);
        browser.sign_in("admin@example.com");
        browser.go("/settings/user-groups/new");
        browser.tick("User viewable");
        browser.tick("By code");
        wrong.extend(tab_through(&browser));
        browser.go(&format!("/campaigns/{draft}/receivers"));
        browser.tick("Send to member group");
        wrong.extend(tab_through(&browser));
        browser.go(&format!("/user-support/{member}/user-groups"));
        wrong.extend(tab_through(&browser));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
