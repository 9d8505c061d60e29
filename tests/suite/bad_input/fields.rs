//! Every field of every form, with everything that a person, a pasted text or a program may put into it.

use super::forms::{FORMS, Sheet};
use super::world::World;
use super::{none, wrong_answer};

/// For every kind of control.
const ALWAYS: [(&str, &str); 6] = [
    ("empty", ""),
    ("NUL", "a\0b"),
    ("SQL", "'; DROP TABLE member; --"),
    ("HTML", "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"),
    ("-1", "-1"),
    ("too large", "99999999999999999999"),
];

/// For what is typed.
const TYPED: [(&str, &str); 9] = [
    ("blanks", " \t "),
    ("bell", "a\u{7}b"),
    ("line break", "a\r\nb"),
    ("right-to-left", "\u{202e}مجموعة עברית"),
    ("zero width", "\u{200b}\u{200d}\u{feff}"),
    ("emoji", "☕️👩‍👩‍👧🏳️‍🌈"),
    ("template", "{{ 7*7 }}${7*7}%s%n"),
    ("zero", "0"),
    ("NaN", "NaN"),
];

/// For days, times and colours.
const PICKED: [(&str, &str); 4] = [
    ("no date", "2026-02-30"),
    ("no moment", "2026-02-30T25:61"),
    ("far year", "262144-01-01T00:00"),
    ("no colour", "#12345g"),
];

/// What goes into a control of this kind; the first of the pair names it.
fn values(kind: &str) -> Vec<(&'static str, String)> {
    let mut pairs = ALWAYS.to_vec();
    match kind {
        "radio" | "checkbox" | "select" | "hidden" => {}
        "date" | "datetime-local" | "time" | "color" => pairs.extend(PICKED),
        _ => pairs.extend(TYPED),
    }
    let mut all: Vec<_> = pairs.into_iter().map(|(what, value)| (what, value.to_owned())).collect();
    all.push(("far too long", "x".repeat(100_000)));
    if kind == "text" {
        all.push(("long digits", "9".repeat(100_000)));
    }
    all
}

/// Whether a page can show this text again as it was.
fn can_be_shown(kind: &str, value: &str) -> bool {
    matches!(kind, "text" | "textarea" | "tel" | "email" | "date" | "datetime-local" | "time" | "color" | "search")
        && !value.contains(|c: char| c.is_control())
}

fn try_form(found: &mut Vec<String>, world: &World, sheet: &Sheet) {
    let visitor = sheet.visitor(world);
    sheet.prepare(world);
    let path = (sheet.page)(world);
    let page = sheet.open(visitor, &path);
    let form = page.form(sheet.button);
    let form = sheet.fill.iter().fold(form, |form, (name, value)| form.smuggle(name, value));
    let (mut accepted, mut rejected, mut before) = (0, 0, world.everything());
    let fields: Vec<_> = form.controls().into_iter().filter(|(name, _)| name != "csrf").collect();
    if fields.len() < sheet.fields {
        found.push(format!("{path}: only {fields:?}"));
    }
    for (name, kind) in fields {
        for (what, value) in values(&kind) {
            world.forget_tries();
            let answer = form.clone().smuggle(&name, &value).send();
            let place = format!("{path} {name} = {what}");
            found.extend(wrong_answer(&answer).map(|wrong| format!("{place}: {wrong:.400}")));
            if answer.html.contains("<script>alert(1)") || answer.html.contains("<img src=x") {
                found.push(format!("{place}: echoed as HTML"));
            }
            match answer.status {
                200 | 303 => {
                    accepted += 1;
                    if answer.status == 303 {
                        let next = answer.follow(visitor);
                        found.extend(wrong_answer(&next).map(|wrong| format!("{place}, then: {wrong:.400}")));
                        if next.html.contains("<script>alert(1)") || next.html.contains("<img src=x") {
                            found.push(format!("{place}: shown as HTML"));
                        }
                    }
                    sheet.prepare(world);
                    before = world.everything();
                }
                422 => {
                    rejected += 1;
                    if can_be_shown(&kind, &value) && answer.value_of(&name).as_deref() != Some(value.as_str()) {
                        let shown = answer.value_of(&name);
                        found.push(format!("{place}: typed was lost: {shown:.60?}"));
                    }
                    if world.everything() != before {
                        found.push(format!("{place}: rejected, but something was written"));
                    }
                }
                // a choice, a place in a list or a token that no page offers
                400 | 403 | 404 | 409 | 429 if kind == "hidden" => rejected += 1,
                other => found.push(format!("{place}: {other} {:.200}", answer.text())),
            }
        }
    }
    if rejected == 0 && sheet.fields > 0 {
        found.push(format!("{path}: {accepted} accepted, nothing rejected"));
    }
}

#[test]
fn every_field_takes_or_refuses_everything() {
    // each half has a world of its own, so that both cores work
    let found: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                let world = World::fill();
                let mut found = Vec::new();
                for sheet in FORMS.iter().skip(half).step_by(2) {
                    try_form(&mut found, &world, sheet);
                }
                found
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    none(&found);
}
