//! schemathesis reads the document and tries every call with what it allows and what it does not: nothing may end in a
//! 5xx, in a status that is not told, or in an answer that is not as told.

use super::tools::{run, tool};
use super::world::{World, make_world};
use crate::support::{TestApp, make, scratch};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
    response_headers_conformance,unsupported_method,allow_header_conformance,ignored_auth";

const HOOKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api-client/fuzz_hooks.py");

fn seconds() -> u64 {
    std::env::var("MUSTER_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// The same each time, unless another is asked for.
fn seed() -> String {
    std::env::var("MUSTER_FUZZ_SEED").unwrap_or_else(|_| "20261124".to_owned())
}

/// One key or token for each API.
fn config(world: &World) -> String {
    let part = |path: &str, bearer: &str| {
        format!(
            "[[operations]]\ninclude-path-regex = \"^{path}\"\nheaders = {{ Authorization = \"Bearer {bearer}\" }}\n\n"
        )
    };
    [
        part("/api/pos/v1/", &world.till),
        part("/api/app/v1/(me|groups|codes|coupons|push|sign-ins/current)", world.app.bearer()),
        part("/api/v1/", &world.office),
    ]
    .concat()
}

#[test]
fn whatever_is_sent_the_answer_is_one_that_is_told() {
    let app = TestApp::start();
    let world = make_world(&app);
    let folder = scratch().folder.join("fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("schemathesis.toml");
    std::fs::write(&file, config(&world)).unwrap();
    let schemathesis = |seconds: u64, more: &[&str]| {
        let mut command = tool("schemathesis");
        command.env("SCHEMATHESIS_HOOKS", HOOKS);
        command.current_dir(&folder).env("NO_COLOR", "1").args(["--config-file".as_ref(), file.as_os_str()]);
        command.args(["run", &format!("http://{}/api/openapi.json", app.address), "--checks", CHECKS]);
        command.args(["--max-time", &seconds.to_string(), "--seed", &seed(), "--suppress-health-check", "all"]);
        command.args(["--generation-database", "none", "--warnings", "off", "--no-shrink"]);
        let said = run(command.args(more));
        if std::env::var("MUSTER_FUZZ_SECONDS").is_ok() {
            eprintln!("{said}");
        }
    };
    // these two end what all others need, so they come last
    let (delete, sign_out) = ("deleteMe", "signOut");
    schemathesis(seconds(), &["--exclude-operation-id", delete, "--exclude-operation-id", sign_out]);
    schemathesis(5, &["--include-operation-id", sign_out, "-n", "5"]);
    let other = make_another(&app);
    std::fs::write(&file, config(&World { app: other, ..world })).unwrap();
    schemathesis(5, &["--include-operation-id", delete, "-n", "5"]);
    // it got through, and what it did adds up
    for done in
        ["audit_entry WHERE actor LIKE 'API key%'", "till_attempt WHERE outcome = 'ok'", "membership", "code_attempt"]
    {
        assert!(make::count(&app, &format!("SELECT count(*) FROM {done}")) > 0, "{done}");
    }
    let counted = "SELECT count(*) FROM (SELECT group_id FROM member_group_count GROUP BY group_id HAVING sum(change) <>
        (SELECT count(*) FROM membership WHERE membership.group_id = member_group_count.group_id AND left_at IS NULL)) AS wrong";
    assert_eq!(make::count(&app, counted), 0);
}

fn make_another(app: &TestApp) -> super::Caller {
    let member = make::member(app, "Someone Else");
    super::app_of(app, member)
}
