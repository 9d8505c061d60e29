//! A standard generator makes a client from the document; its types fit, and it does the guide.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::Stdio;

use muster::ids::MemberId;

use super::tools::{run, tool};
use super::world::make_world;
use crate::support::{TestApp, make, scratch};

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api-client/guide.py");

fn make_client(folder: &Path) {
    let document = muster::api::docs::document().to_string();
    std::fs::write(folder.join("openapi.json"), document).unwrap();
    std::fs::write(
        folder.join("config.yml"),
        "project_name_override: muster-client\npackage_name_override: muster_client\n\
         content_type_overrides:\n  application/x-ndjson: application/octet-stream\n",
    )
    .unwrap();
    let mut generator = tool("openapi-python-client");
    generator.current_dir(folder).args([
        "generate",
        "--path",
        "openapi.json",
        "--config",
        "config.yml",
        "--meta",
        "none",
    ]);
    let said = run(generator.args(["--output-path", "muster_client"]));
    assert!(!said.contains("Warning") && !said.contains("ERROR"), "{said}");
    let mut types = tool("mypy");
    // the generator's own with-statements are not strict
    std::fs::write(
        folder.join("mypy.ini"),
        "[mypy]\nstrict = True\n[mypy-muster_client.client]\nignore_errors = True\n",
    )
    .unwrap();
    types.current_dir(folder).env("MYPYPATH", folder).args(["--cache-dir", "/dev/null", GUIDE]);
    run(&mut types);
}

#[test]
fn a_generated_client_does_the_guide() {
    let app = TestApp::start();
    let world = make_world(&app);
    let folder = scratch().folder.join("api-client");
    std::fs::create_dir_all(&folder).unwrap();
    make_client(&folder);
    let mut guide = tool("python");
    guide.arg(GUIDE).arg(format!("http://{}", app.address)).args([&world.office, &world.till]);
    guide.env("PYTHONPATH", &folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut guide = guide.spawn().unwrap();
    let mut said = BufReader::new(guide.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    if line.trim() == "code?" {
        let id = make::count(&app, "SELECT id FROM member WHERE external_id = 'CRM-99'");
        writeln!(guide.stdin.take().unwrap(), "{}", app.sign_in_code(MemberId(id))).unwrap();
    }
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    let mut wrong = String::new();
    guide.stderr.take().unwrap().read_to_string(&mut wrong).unwrap();
    assert!(guide.wait().unwrap().success() && rest.trim() == "done", "{line}{rest}{wrong}");
}
