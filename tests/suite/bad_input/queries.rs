//! Query strings that no page made: the page as if they were not there, or a page that says what cannot be read.

use super::addresses::{Guard, all};
use super::world::World;
use super::{none, wrong_answer};

/// Everything that any list reads, once with each of these.
const NAMES: [&str; 20] = [
    "after",
    "before",
    "state",
    "status",
    "kind",
    "type",
    "channel",
    "group",
    "blocked",
    "at",
    "q",
    "next",
    "audience",
    "also_later",
    "then",
    "code",
    "contact",
    "join_type",
    "page",
    "group-1",
];

const VALUES: [&str; 14] = [
    "",
    "x",
    "nope",
    "%00",
    "%ff",
    "a%00b",
    "-1",
    "99999999999999999999",
    "9223372036854775807",
    "1~2~3",
    "0001-01-01T00:00",
    "2026-13-45T99:99",
    "%27%3B+DROP+TABLE+member%3B+--",
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
];

/// For each name by itself, so that none is behind another's refusal.
const ALONE: [&str; 5] = ["%00", "a%00b", "99999999999999999999", "1.2.3", "2026-13-45T99:99"];

const WHOLE: [&str; 6] = [
    "?after=x&before=%00&state=nope&q=%00%ff",
    "?after=1&after=2&q=a&q=b",
    "?&&&=&=x",
    "?q[]=1&q[a]=2",
    "?%",
    "?q=%F0%9F%98%80%E2%80%8B%D7%A9&at=262144-01-01T00:00&after=262144-01-01T00:00:00Z_1",
];

#[test]
fn no_query_string_breaks_a_page() {
    let world = World::fill();
    let long = format!("?q={}", "x".repeat(20_000));
    let mut found = Vec::new();
    for route in all().into_iter().filter(|route| route.get) {
        let visitor = if route.guard == Guard::Members { &world.member } else { &world.admin };
        let path = world.real(&route);
        let usual = visitor.get(&path).status;
        // every name at once, then those that lists read by themselves
        let all_with = |value: &str| NAMES.map(|name| format!("{name}={value}")).join("&");
        let mut queries: Vec<String> = VALUES.iter().map(|value| format!("?{}", all_with(value))).collect();
        for name in &NAMES[..13] {
            queries.extend(ALONE.iter().map(|value| format!("?{name}={value}")));
        }
        queries.extend(WHOLE.iter().map(|query| (*query).to_owned()));
        queries.push(long.clone());
        for query in queries {
            if route.path.starts_with("/hooks/") || route.path == "/sign-in/openid" {
                // these are not tried for long
                world.forget_tries();
            }
            let page = visitor.get(&format!("{path}{query}"));
            let fine = page.status == usual || matches!(page.status, 200 | 303 | 400 | 404 | 414 | 422 | 431);
            if !fine {
                found.push(format!("{path}{query:.90}: {}", page.status));
            }
            let is_file = ["/static", "/pictures", "/favicon"].iter().any(|start| route.path.starts_with(start));
            found.extend(
                wrong_answer(&page).filter(|_| !is_file).map(|wrong| format!("{path}{query:.90}: {wrong:.300}")),
            );
            if page.html.contains("<script>alert(1)") {
                found.push(format!("{path}{query}: echoed"));
            }
            if page.location.as_deref().is_some_and(|to| to.contains("//") || to.contains('\n')) {
                found.push(format!("{path}{query}: leads to {:?}", page.location));
            }
        }
    }
    none(&found);
}
