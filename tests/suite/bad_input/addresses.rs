//! Every address of the product, read from `src/routes.rs` itself: a new one is tried without a line here.

/// Who may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    Open,
    Everyone,
    Marketers,
    Admins,
    Members,
}

/// One line of `routes.rs`.
#[derive(Debug, Clone)]
pub struct Route {
    /// With `{…}` where ids stand.
    pub path: String,
    pub get: bool,
    pub post: bool,
    pub guard: Guard,
}

impl Route {
    /// The address with every `{…}` replaced: by what is given for its name, or for its place, or by "1".
    pub fn filled(&self, fill: impl Fn(&str) -> String) -> String {
        let (mut path, mut rest) = (String::new(), self.path.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            path.push_str(before);
            path.push_str(&fill(name));
            rest = after;
        }
        path + rest
    }

    /// Whether its posts carry a form's token; where the address itself is the secret, they do not.
    pub fn has_token(&self) -> bool {
        !self.path.starts_with("/hooks/") && self.path != "/c/{token}/unsubscribe"
    }

    pub fn has_ids(&self) -> bool {
        self.path.contains('{')
    }
}

/// All of them.
pub fn all() -> Vec<Route> {
    read(include_str!("../../../src/routes.rs"))
}

fn read(source: &str) -> Vec<Route> {
    let (mut routes, mut prefix, mut guard) = (Vec::new(), String::new(), Guard::Open);
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        if line.contains("fn ") {
            (prefix, guard) = (String::new(), Guard::Open);
        }
        if let Some(scope) = between(line, "scope(\"", "\"").filter(|scope| !scope.is_empty()) {
            prefix = scope.to_owned();
        }
        // `let at = …` names what all following lines begin with
        if let Some(format) = between(line, "format!(\"", "{path}\"") {
            prefix = format.replace("{{", "{").replace("}}", "}");
        }
        let here = guard_of(line);
        if let Some(named) = here.filter(|_| !line.contains(".get(") && !line.contains(".post(")) {
            guard = named;
        }
        // what stands before the first address may belong to more than one of them
        for part in pieces(line) {
            let Some(path) = ADDRESS.iter().find_map(|call| between(part, call, "\"")) else { continue };
            let get = part.contains(".get(") || part.contains("get()");
            let post = part.contains(".post(") || part.contains("post()");
            assert!(get || post, "no method in {line}");
            let path = format!("{prefix}{path}").replace("{file:.*}", "{file}");
            routes.push(Route { path, get, post, guard: here.unwrap_or(guard) });
        }
    }
    routes
}

const ADDRESS: [&str; 3] = ["at(\"", "resource(\"", ".route(\""];

/// A line cut before each `.service(` and `.route(` of it.
fn pieces(line: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> =
        [".service(", ".route(\""].iter().flat_map(|call| line.match_indices(call)).map(|(at, _)| at).collect();
    cuts.sort_unstable();
    cuts.push(line.len());
    let mut pieces = vec![&line[..cuts[0]]];
    pieces.extend(cuts.windows(2).map(|ends| &line[ends[0]..ends[1]]));
    pieces
}

fn guard_of(line: &str) -> Option<Guard> {
    let name: String =
        line.split("guard::").nth(1)?.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    Some(match name.as_str() {
        "everyone" => Guard::Everyone,
        "marketers" => Guard::Marketers,
        "admins" => Guard::Admins,
        "members" => Guard::Members,
        other => panic!("a new guard: {other}"),
    })
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    line.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

#[test]
fn the_addresses_are_read_as_they_are_meant() {
    let all = all();
    let named = |path: &str| {
        let route = all.iter().find(|route| route.path == path).unwrap_or_else(|| panic!("no {path}: {all:#?}"));
        (route.get, route.post, route.guard)
    };
    assert_eq!(named("/sign-in"), (true, true, Guard::Open));
    assert_eq!(named("/c/{token}"), (true, false, Guard::Open));
    assert_eq!(named("/hooks/sms/{secret}"), (true, true, Guard::Open));
    assert_eq!(named("/app/sign-in/code"), (true, true, Guard::Open));
    assert_eq!(named("/app/groups/{group}/membership"), (false, true, Guard::Members));
    assert_eq!(named("/sign-out"), (false, true, Guard::Everyone));
    assert_eq!(named("/members/{member}"), (true, false, Guard::Everyone));
    assert_eq!(named("/settings/user-groups/{id}/members/{member}/removal"), (true, true, Guard::Marketers));
    assert_eq!(named("/campaigns/{id}/codes/{text}/barcode.svg"), (true, false, Guard::Everyone));
    assert_eq!(named("/settings/channels/outbox"), (true, false, Guard::Admins));
    let source = include_str!("../../../src/routes.rs");
    let methods = |source: &str| {
        [".get(", ".post(", "get()", "post()"].map(|method| source.matches(method).count()).iter().sum::<usize>()
    };
    let read: usize = all.iter().map(|route| usize::from(route.get) + usize::from(route.post)).sum();
    assert_eq!(methods(source), read, "something in routes.rs is not understood");
}
