//! Every form with fields: a new form is one line.

use super::world::{INVITED, PASSKEY, World};
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// Who fills it in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Stranger,
    Admin,
    Support,
    Member,
}

/// A form, found by its page and its button.
pub struct Sheet {
    pub who: Who,
    pub page: fn(&World) -> String,
    pub button: &'static str,
    /// So many fields at least, so that none is lost unnoticed.
    pub fields: usize,
    /// What is in the other fields.
    pub fill: &'static [(&'static str, &'static str)],
    /// Puts back what an accepted form changed.
    pub mend: &'static str,
}

impl Sheet {
    pub fn visitor<'a>(&self, world: &'a World) -> &'a Visitor {
        match self.who {
            Who::Stranger => &world.stranger,
            Who::Admin => &world.admin,
            Who::Support => &world.support,
            Who::Member => &world.member,
        }
    }

    /// As it was before.
    pub fn prepare(&self, world: &World) {
        self.mend.split("; ").filter(|sql| !sql.is_empty()).for_each(|sql| world.run(sql));
    }

    /// The page with the form; for a sign-in code, after asking for one.
    pub fn open(&self, visitor: &Visitor, path: &str) -> Page {
        if path == "/app/sign-in/code" {
            let page =
                visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", "member1@example.com").send();
            return page.follow(visitor);
        }
        visitor.get(path)
    }
}

const fn form(who: Who, page: fn(&World) -> String, button: &'static str, fields: usize) -> Sheet {
    Sheet { who, page, button, fields, fill: &[], mend: "" }
}

const fn filled(sheet: Sheet, fill: &'static [(&'static str, &'static str)], mend: &'static str) -> Sheet {
    Sheet { fill, mend, ..sheet }
}

/// All of them.
pub const FORMS: &[Sheet] = &[
    form(Who::Stranger, |_| "/sign-in".into(), "Sign in", 3),
    form(Who::Stranger, |_| "/password-reset".into(), "Send link", 1),
    filled(form(Who::Stranger, |_| format!("/invitation/{INVITED}"), "Start", 2), &[("password", LONG)], INVITED_AGAIN),
    filled(
        form(Who::Admin, |_| "/settings/dashboard-users/new".into(), "Send invitation", 3),
        &[("name", "Fay"), ("email", "fay@example.com"), ("role", "support")],
        "DELETE FROM invitation WHERE email <> 'eva@example.com'",
    ),
    filled(
        form(Who::Admin, |world| format!("/settings/dashboard-users/{}", world.account), "Save changes", 3),
        &[],
        "UPDATE account SET requires_second_factor = false",
    ),
    form(Who::Admin, |_| "/my-account".into(), "Save name", 1),
    filled(
        form(Who::Admin, |_| "/my-account/password".into(), "Change password", 2),
        &[("current", "muster-demo"), ("password", LONG)],
        "UPDATE account SET password_hash = (SELECT password_hash FROM account WHERE email = 'support@example.com')",
    ),
    form(Who::Admin, |_| "/my-account/second-factor".into(), "Add app", 3),
    form(Who::Admin, |_| "/my-account/second-factor/remove".into(), "Remove app", 1),
    form(Who::Admin, |_| "/my-account/recovery-codes".into(), "Make new codes", 1),
    form(Who::Admin, |_| "/my-account/openid".into(), "Go on", 1),
    form(Who::Admin, |_| "/my-account/openid/remove".into(), "Unlink", 1),
    form(Who::Admin, |_| "/my-account/passkeys/new".into(), "Add passkey", 2),
    filled(form(Who::Admin, |_| "/my-account/passkeys/new".into(), "Add passkey", 2), PASSKEY_ANSWER, ""),
    form(Who::Support, |_| format!("/my-account/passkeys/{PASSKEY}/remove"), "Remove passkey", 1),
    filled(form(Who::Stranger, |_| "/sign-in".into(), "Sign in with a passkey", 0), SIGNED_CHALLENGE, ""),
    form(Who::Stranger, |_| "/app/sign-in".into(), "Send code", 2),
    form(Who::Stranger, |_| "/app/sign-in/code".into(), "Sign in", 1),
    form(Who::Admin, |_| "/settings/general".into(), "Save changes", 10),
    filled(
        form(Who::Admin, |_| "/settings/api-keys/new".into(), "Add API key", 3),
        &[("name", "Till 3"), ("shop", "Airport")],
        "DELETE FROM api_key WHERE id > 1",
    ),
    filled(
        form(Who::Admin, |_| "/settings/webhooks/new".into(), "Add webhook", 4),
        &[("url", "http://127.0.0.1:9/"), ("description", "A tool"), ("events", "all")],
        "DELETE FROM webhook WHERE id > 1",
    ),
    filled(
        form(Who::Admin, |_| "/settings/webhooks/1/edit".into(), "Save changes", 4),
        &[("url", "http://127.0.0.1:9/"), ("events", "all")],
        "",
    ),
    form(Who::Admin, |_| "/settings/webhooks/1/secret".into(), "Rotate secret", 1),
    filled(form(Who::Admin, |_| "/settings/webhooks/1/replay".into(), "Replay", 3), &[("event", "1")], ""),
    form(Who::Admin, |_| "/settings/api-keys/1/rotation".into(), "Rotate", 1),
    filled(form(Who::Admin, |_| "/settings/channels/email".into(), "Save changes", 13), EMAIL_CHANNEL, ""),
    filled(
        form(Who::Admin, |_| "/settings/channels/sms".into(), "Save changes", 18),
        &[("preset", "kannel"), ("url", "http://127.0.0.1:9/"), ("user", "u"), ("password", "p"), ("sender", "Muster")],
        "",
    ),
    filled(form(Who::Admin, |_| "/settings/channels/sms".into(), "Save changes", 18), GENERIC_SMS, ""),
    filled(
        form(Who::Admin, |_| "/settings/channels/push".into(), "Save changes", 4),
        &[("contact", "club@example.com")],
        "",
    ),
    filled(
        form(Who::Admin, |_| "/settings/channels/email/test".into(), "Send test", 1),
        &[],
        "DELETE FROM throttle; UPDATE channel SET changed_at = NULL",
    ),
    filled(
        form(Who::Admin, |_| "/members/new".into(), "Add member", 3),
        &[("name", "New"), ("phone", "+4915199999999")],
        "DELETE FROM member WHERE id > 2",
    ),
    form(Who::Admin, |world| format!("/members/{}/edit", world.ann), "Save changes", 3),
    filled(
        form(Who::Admin, |_| "/settings/user-groups/new".into(), "Save changes", 12),
        GROUP,
        "DELETE FROM member_group WHERE id > 2",
    ),
    filled(form(Who::Admin, |_| "/settings/user-groups/new".into(), "Save changes", 12), OWN_CODE, NO_GROUPS),
    filled(form(Who::Admin, |_| "/settings/user-groups/new".into(), "Save changes", 12), OWN_CODES, NO_GROUPS),
    form(Who::Admin, |world| format!("/settings/user-groups/{}/edit", world.group), "Save changes", 10),
    filled(
        form(Who::Admin, |world| format!("/settings/user-groups/{}", world.group), "Add member", 2),
        &[("contact", "2")],
        BOB_OUT,
    ),
    filled(
        form(
            Who::Admin,
            |world| format!("/settings/user-groups/{}/members/{}/removal", world.group, world.ann),
            "Remove",
            1,
        ),
        &[],
        ANN_IN,
    ),
    filled(form(Who::Admin, |world| format!("/user-support/{}/user-groups", world.ann), "SAVE", 2), &[], ANN_IN),
    filled(form(Who::Support, |world| format!("/user-support/{}/user-groups", world.ann), "SAVE", 2), &[], ANN_IN),
    filled(
        form(Who::Support, |world| format!("/user-support/{}/block", world.ann), "Block member", 1),
        &[],
        "UPDATE member SET blocked_at = NULL, blocked_reason = NULL",
    ),
    form(Who::Admin, |world| step(world, 0, "content"), "Save and continue", 4),
    form(Who::Admin, |world| step(world, 1, "content"), "Save and continue", 6),
    form(Who::Admin, |world| step(world, 2, "content"), "Save draft", 6),
    form(Who::Admin, |world| step(world, 3, "content"), "Save and continue", 4),
    filled(
        form(Who::Admin, |world| step(world, 0, "pos-input"), "Save and continue", 23),
        &[("offer", "amount_off"), ("amount_off", "2")],
        "",
    ),
    filled(
        form(Who::Admin, |world| step(world, 1, "pos-input"), "Save and continue", 23),
        &[("offer", "percent_off"), ("percent_off", "10"), ("codes", "one")],
        "",
    ),
    filled(
        form(Who::Admin, |world| step(world, 2, "pos-input"), "Save draft", 23),
        &[("offer", "buy_x_get_y"), ("buy", "2"), ("get", "1")],
        "",
    ),
    filled(
        form(Who::Admin, |world| step(world, 3, "pos-input"), "Save and continue", 23),
        &[("codes", "many"), ("number_of_codes", "10")],
        "",
    ),
    filled(
        form(Who::Admin, |world| step(world, 0, "receivers"), "Save and continue", 3),
        &[("audience", "groups")],
        "",
    ),
    form(Who::Admin, |world| step(world, 3, "receivers"), "Save draft", 2),
    filled(
        form(Who::Admin, |world| step(world, 1, "time-settings"), "Save and continue", 9),
        &[("validity", "days"), ("validity_days", "3")],
        "",
    ),
    form(Who::Admin, |world| step(world, 3, "time-settings"), "Save draft", 5),
    form(Who::Admin, |world| format!("/campaigns/{}/content", world.live), "Save changes", 4),
    form(Who::Admin, |world| format!("/campaigns/{}/time-settings", world.live), "Save changes", 3),
    filled(
        form(Who::Admin, |world| format!("/campaigns/{}/codes/new", world.many), "Make codes", 3),
        &[("number", "3")],
        "DELETE FROM code_batch",
    ),
    form(Who::Admin, |world| format!("/campaigns/{}/codes/print", world.many), "Make PDF", 12),
    filled(
        form(Who::Admin, |world| format!("/campaigns/{}/retry", world.live), "Retry failed", 1),
        &[("uncertain", "on")],
        "UPDATE delivery SET uncertain_at = now()",
    ),
    filled(form(Who::Member, |_| "/app/code".into(), "Use code", 1), &[], ANN_IN),
    form(Who::Member, |_| "/app/profile".into(), "Save changes", 6),
    form(Who::Admin, |world| step(world, 1, "review"), "Send a test", 1),
    form(Who::Admin, |world| step(world, 2, "review"), "Send a test", 1),
];

const EMAIL_CHANNEL: &[(&str, &str)] = &[("host", "smtp.example.com"), ("sender_address", "club@example.com")];
const GENERIC_SMS: &[(&str, &str)] = &[
    ("preset", "generic"),
    ("url", "http://127.0.0.1:9/"),
    ("sender", "Muster"),
    ("http_method", "POST"),
    ("body_kind", "json"),
    ("body", "{\"to\": \"{to}\", \"text\": \"{text}\"}"),
    ("accepted", "200-299"),
];
/// What a script adds to the form: an answer to a question that was never asked.
const PASSKEY_ANSWER: &[(&str, &str)] =
    &[("name", "Phone"), ("current", "muster-demo"), ("client_data", "e30"), ("attestation", "oA")];
const SIGNED_CHALLENGE: &[(&str, &str)] =
    &[("credential", "AAAA"), ("client_data", "e30"), ("authenticator_data", "AAAA"), ("signature", "AAAA")];
const LONG: &str = "four lemons on a bicycle";
const INVITED_AGAIN: &str = "DELETE FROM account WHERE email = 'eva@example.com'; INSERT INTO invitation SELECT gen_random_uuid(), 'eva@example.com', 'Eva', 'marketer', sha256('AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'), 'Ada Admin', now(), now() + interval '72 hours' ON CONFLICT DO NOTHING";
const GROUP: &[(&str, &str)] =
    &[("name", "Fresh"), ("description", "About"), ("viewable", "on"), ("join_type", "open")];
const OWN_CODE: &[(&str, &str)] = &[
    ("name", "By one"),
    ("description", "About"),
    ("viewable", "on"),
    ("join_type", "code"),
    ("campaign", "new"),
    ("code_source", "one"),
    ("stop_date", "2026-12-31"),
];
const OWN_CODES: &[(&str, &str)] = &[
    ("name", "By many"),
    ("description", "About"),
    ("viewable", "on"),
    ("join_type", "code"),
    ("campaign", "new"),
    ("code_source", "many"),
    ("number_of_codes", "5"),
    ("stop_date", "2026-12-31"),
];
const NO_GROUPS: &str = "DELETE FROM member_group WHERE id > 2";
const BOB_OUT: &str = "DELETE FROM membership WHERE member_id = 2";
const ANN_IN: &str = "DELETE FROM membership WHERE member_id = 1; INSERT INTO membership (member_id, group_id, joined_at, source) SELECT 1, min(id), now(), 'support' FROM member_group";

fn step(world: &World, place: usize, step: &str) -> String {
    format!("/campaigns/{}/{step}", world.drafts[place])
}
