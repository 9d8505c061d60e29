//! README's **Use the APIs**, command by command.

use std::process::Command;

use muster::ids::MemberId;

use super::office;
use crate::support::{TestApp, make};

/// All that stands in `sh` blocks of the section.
fn commands() -> String {
    let readme = include_str!("../../../README.md");
    let section = readme.split("\n## Use the APIs").nth(1).expect("the section").split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.collect::<Vec<_>>().join("\n").replace("curl -sS", "curl -sS --fail-with-body")
}

fn shell(app: &TestApp, commands: &str) -> String {
    let run = Command::new("bash")
        .args(["-euo", "pipefail", "-c", commands])
        .env("APP", format!("http://{}/api/app/v1", app.address))
        .env("OFFICE", format!("http://{}/api/v1", app.address))
        .env("KEY", office(app).bearer())
        .output()
        .unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{commands}\n{told}");
    told
}

#[test]
fn the_examples_work_as_they_stand() {
    let app = TestApp::start();
    make::group(&app, "Coffee Club").make();
    // the addresses are the reader's own; whoever signs in is there already, so the office goes first
    let own: Vec<String> =
        commands().replace("\\\n", " ").lines().filter(|line| line.starts_with("curl")).map(str::to_owned).collect();
    assert_eq!(own.len(), 5, "{own:?}");
    assert!(shell(&app, &own[2..4].join("\n")).contains("\"joined\""));
    shell(&app, &own[0]);
    let code = app.sign_in_code(MemberId(make::count(&app, "SELECT id FROM member")));
    assert!(shell(&app, &own[1].replace("\"123456\"", &format!("\"{code}\""))).contains("access_token"));
    assert!(shell(&app, &own[4]).contains("reversed_at"));
}
