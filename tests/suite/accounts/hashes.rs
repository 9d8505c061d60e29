//! What a password's hash costs can be changed: who signs in gets a hash at the new cost.

use diesel::RunQueryDsl;
use muster::accounts::HashCost;
use muster::accounts::password::Password;

use super::try_password;
use crate::support::{TestApp, make};

#[test]
fn a_hash_of_another_cost_is_renewed_at_sign_in() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max", muster::accounts::Role::Marketer);
    let old = HashCost { memory: 7_168, passes: 1, lanes: 1 }.hash(&Password::known("muster-demo")).unwrap();
    diesel::sql_query(format!("UPDATE account SET password_hash = '{old}'")).execute(&mut app.conn()).unwrap();
    let stored = || make::text(&app, "SELECT password_hash FROM account");

    assert_eq!(try_password(&app.visitor(), "marketer@example.com", "wrong").status, 422);
    assert_eq!(stored(), old, "a wrong password changes nothing");
    assert_eq!(try_password(&app.visitor(), "marketer@example.com", "muster-demo").status, 303);
    let renewed = stored();
    assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{renewed}");
    assert_eq!(try_password(&app.visitor(), "marketer@example.com", "muster-demo").status, 303);
    assert_eq!(stored(), renewed, "once");
}
