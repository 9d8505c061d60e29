//! Fields that the choices above them hide, sent anyway: not kept, whatever is in them.

use super::world::World;
use crate::support::make;

/// Groups made by requests that bypass the form.
fn add_group(world: &World, fields: &[(&str, &str)]) -> String {
    let mut all = vec![("start_date", "2026-11-24"), ("description", "About it")];
    all.extend_from_slice(fields);
    let page = world.admin.bypass("/settings/user-groups", &all, "/settings/user-groups/new");
    assert_eq!(page.status, 303, "{fields:?}: {}", page.text());
    make::text(
        &world.app,
        "SELECT concat_ws(' ', viewable, coalesce(join_type, '-'), coalesce(campaign_id::text, '-'), display_order)
         FROM member_group ORDER BY id DESC LIMIT 1",
    )
}

#[test]
fn a_group_keeps_only_what_its_choices_reveal() {
    let world = World::fill();
    let campaigns = make::count(&world.app, "SELECT count(*) FROM campaign");
    let many = world.many.to_string();
    for junk in ["code", "open", "by magic", "a\0b"] {
        let fields =
            [("name", junk.trim_matches('\0')), ("join_type", junk), ("campaign", many.as_str()), ("order", "x")];
        let name = format!("Hidden {}", junk.replace('\0', ""));
        let fields = [&[("name", name.as_str())], &fields[1..]].concat();
        assert_eq!(add_group(&world, &fields), "f - - 0", "{junk:?}");
    }
    for junk in [many.as_str(), "new", "999", "a\0b", "'; DROP TABLE campaign; --"] {
        let name = format!("Open {}", junk.replace('\0', ""));
        let code = [("code_source", "one"), ("code", "a\0b"), ("number_of_codes", "-1"), ("validations_in_all", "NaN")];
        let open =
            [("name", name.as_str()), ("viewable", "on"), ("join_type", "open"), ("campaign", junk), ("order", "7")];
        assert_eq!(add_group(&world, &[&open[..], &code].concat()), "t open - 7", "{junk:?}");
    }
    let code =
        [("campaign", many.as_str()), ("code_source", "many"), ("number_of_codes", "99999999999"), ("code", "\0")];
    let fields = [("name", "By code"), ("viewable", "on"), ("join_type", "code"), ("order", "3")];
    assert_eq!(add_group(&world, &[&fields[..], &code].concat()), format!("t code {many} 3"));
    assert_eq!(make::count(&world.app, "SELECT count(*) FROM campaign"), campaigns);
}

#[test]
fn a_campaign_keeps_only_the_fields_of_its_offer_and_its_codes() {
    let world = World::fill();
    let draft = world.drafts[3];
    let path = format!("/campaigns/{draft}/pos-input");
    let junk = [
        ("amount_off", "a\0b"),
        ("fixed_price", "99999999999999999999"),
        ("buy", "-1"),
        ("get", "<script>"),
        ("code", "a\0b"),
        ("validations_in_all", "NaN"),
    ];
    let fields = [("offer", "percent_off"), ("percent_off", "10"), ("codes", "many"), ("number_of_codes", "5")];
    let rest = [("validations_per_member", "1"), ("barcode", "qr"), ("length", "9"), ("then", "stay")];
    let page = world.admin.bypass(&path, &[&junk[..], &fields, &rest].concat(), &path);
    assert_eq!(page.status, 303, "{}", page.text());
    let kept = format!(
        "SELECT concat_ws(' ', offer, coalesce(amount::text, '-'), coalesce(buy_quantity::text, '-'), coalesce(shared_code, '-'),
           coalesce(validations_in_all::text, '-'), code_source, percent) FROM campaign WHERE id = {draft}"
    );
    assert_eq!(make::text(&world.app, &kept), "percent_off - - - - many 1000");
}

#[test]
fn a_form_keeps_only_the_fields_of_its_channel() {
    let world = World::fill();
    let path = format!("/campaigns/{}/content", world.drafts[0]);
    let fields = [
        ("name", "App"),
        ("title", "T"),
        ("sender", "a\0b"),
        ("sms_text", "x"),
        ("subject", "a\0b"),
        ("body", "y"),
        ("then", "stay"),
    ];
    let page = world.admin.bypass(&path, &fields, &path);
    assert_eq!(page.status, 303, "{}", page.text());
    let kept = format!(
        "SELECT concat(sms_sender, sms_text, email_subject, email_body) FROM campaign WHERE id = {}",
        world.drafts[0]
    );
    assert_eq!(make::text(&world.app, &kept), "");
    // everyone: groups that are sent anyway are not kept
    let path = format!("/campaigns/{}/receivers", world.drafts[0]);
    let group = format!("group-{}", world.group);
    let page = world.admin.bypass(&path, &[("audience", "everyone"), (&group, "include"), ("then", "stay")], &path);
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(make::count(&world.app, "SELECT count(*) FROM campaign_group"), 0);
    // groups that there are not
    for key in ["group-0", "group--1", "group-999999", "group-9223372036854775808", "group-a\0b"] {
        let page = world.admin.bypass(&path, &[("audience", "groups"), (key, "include"), ("then", "stay")], &path);
        assert!(matches!(page.status, 303 | 400 | 404 | 422), "{key:?}: {} {}", page.status, page.text());
        assert_eq!(make::count(&world.app, "SELECT count(*) FROM campaign_group"), 0);
    }
}
