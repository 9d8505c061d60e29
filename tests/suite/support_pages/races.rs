//! Two agents and the member change the same member's groups at once: nothing is undone.

use std::sync::Barrier;

use muster::ids::GroupId;
use muster::memberships::membership::lock_member;
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

const ROUNDS: usize = 25;

#[test]
fn two_agents_and_the_member_at_once_undo_nothing_of_each_other() {
    let app = TestApp::start();
    let agents = [app.support(), app.marketer()];
    let ann = make::member(&app, "Ann");
    // 0 and 1: the first agent adds and removes; 2 and 3: the second; 4 and 5: the member; 6: all three add it
    let groups: Vec<GroupId> = (0..7).map(|n| make::group(&app, &format!("Group {n}")).make()).collect();
    let path = format!("/user-support/{ann}/user-groups");
    for round in 0..ROUNDS {
        let conn = &mut app.conn();
        memberships::leave(conn, ann, &groups, &Source::App, app.now()).unwrap();
        memberships::join(conn, ann, &[groups[1], groups[3], groups[5]], &Source::App, app.now()).unwrap();
        let forms: Vec<_> = agents.iter().map(|agent| agent.get(&path).form("SAVE")).collect();
        let start = Barrier::new(3);
        std::thread::scope(|scope| {
            for (n, form) in forms.into_iter().enumerate() {
                let form =
                    form.tick(&format!("Group {}", n * 2)).untick(&format!("Group {}", n * 2 + 1)).tick("Group 6");
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    assert_eq!(form.send().status, 303);
                });
            }
            scope.spawn(|| {
                let mut conn = app.conn();
                start.wait();
                diesel::Connection::transaction(&mut conn, |conn| {
                    lock_member(conn, ann)?;
                    memberships::join(conn, ann, &[groups[4], groups[6]], &Source::App, app.now())?;
                    memberships::leave(conn, ann, &[groups[5]], &Source::App, app.now())
                })
                .unwrap();
            });
        });
        let open = make::text(
            &app,
            &format!(
                "SELECT string_agg(group_id::text, ' ' ORDER BY group_id) FROM membership WHERE member_id = {ann} AND left_at IS NULL"
            ),
        );
        let wanted: Vec<String> = [0, 2, 4, 6].iter().map(|n| groups[*n].to_string()).collect();
        assert_eq!(open, wanted.join(" "), "round {round}");
    }
    let wrong = "SELECT count(*) FROM member_group WHERE
        (SELECT coalesce(sum(change), 0) FROM member_group_count WHERE group_id = member_group.id)
        <> (SELECT count(*) FROM membership WHERE group_id = member_group.id AND left_at IS NULL)";
    assert_eq!(make::count(&app, wrong), 0);
    // each round made group 6's stay once, whoever came first
    let stays = format!("SELECT count(*) FROM membership WHERE group_id = {}", groups[6]);
    assert_eq!(make::count(&app, &stays), i64::try_from(ROUNDS).unwrap());
    assert_eq!(muster::audit::first_broken_entry(&mut app.conn()).unwrap(), None);
}

#[test]
fn two_agents_who_save_the_same_form_differently_both_get_what_they_changed() {
    let app = TestApp::start();
    let (first, second) = (app.support(), app.marketer());
    let ann = make::member(&app, "Ann");
    let [tea, vip] = ["Tea lovers", "VIP"].map(|name| make::group(&app, name).make());
    make::stay(&app, tea, &[ann]);
    let path = format!("/user-support/{ann}/user-groups");
    let (one, other) = (first.get(&path).form("SAVE"), second.get(&path).form("SAVE"));
    assert_eq!(one.untick("Tea lovers").send().status, 303);
    let page = other.tick("VIP").send().follow(&second);
    assert_eq!(page.text_at(".flash"), "Ann was added to VIP. Ann left Tea lovers meanwhile; that was left as it is.");
    let open = make::text(&app, "SELECT string_agg(group_id::text, ' ') FROM membership WHERE left_at IS NULL");
    assert_eq!(open, vip.to_string());
}
