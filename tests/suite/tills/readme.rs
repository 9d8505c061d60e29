//! README's **Connect a till**, command by command.

use std::process::Command;

use super::{coupon, till};
use crate::support::{TestApp, make};

/// All that stands in `sh` blocks of the section.
fn commands() -> String {
    let readme = include_str!("../../../README.md");
    let section = readme.split("\n## Connect a till").nth(1).expect("the section").split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_examples_work_as_they_stand() {
    let app = TestApp::start();
    coupon(&app, "BARISTA", Some(10));
    let harbour = till(&app, "");
    let commands = commands();
    // the address and the key are the reader's own
    let own: String =
        commands.lines().filter(|line| !line.starts_with("export ")).map(|line| format!("{line}\n")).collect();
    assert!(own.matches("curl").count() >= 6, "{own}");

    let run = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &own.replace("curl -sS", "curl -sS --fail-with-body")])
        .env("MUSTER", format!("http://{}/api/pos/v1", app.address))
        .env("KEY", &harbour.key)
        .output()
        .unwrap();

    let (told, wrong) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{told}\n{wrong}");
    for act in ["look_up", "reserve", "validate", "cancel", "reverse"] {
        let done = format!("SELECT count(*) FROM till_attempt WHERE act = '{act}' AND outcome = 'ok'");
        assert!(make::count(&app, &done) > 0, "{act}: {told}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM till_attempt WHERE outcome <> 'ok'"), 0, "{told}");
    super::assert_books_balance(&app);
}
