//! Every address × everyone: exactly the answer that `matrix.txt` says, for those who may and for those who may not.

use std::collections::BTreeSet;

use muster::api::Scope;

use crate::bad_input::addresses::{Guard, all};
use crate::bad_input::none;
use crate::bad_input::world::World;
use crate::support::Program;
use crate::support::page::Page;
use crate::support::program::Answered;
use crate::support::visitor::Visitor;

/// A line of `matrix.txt`.
struct Line {
    who: Guard,
    get: &'static str,
    post: &'static str,
    path: &'static str,
}

fn lines() -> Vec<Line> {
    let text = include_str!("matrix.txt").lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    text.map(|line| {
        let [who, get, post, path] = line.split_whitespace().collect::<Vec<_>>().try_into().expect(line);
        Line { who: guard(who), get, post, path }
    })
    .collect()
}

fn guard(who: &str) -> Guard {
    match who {
        "anyone" => Guard::Open,
        "everyone" => Guard::Everyone,
        "marketers" => Guard::Marketers,
        "admins" => Guard::Admins,
        "members" => Guard::Members,
        other => panic!("nobody is called {other}"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    Stranger,
    Member,
    Support,
    Marketer,
    Admin,
    /// A program with a key of this scope.
    Key(Scope),
}

impl Person {
    fn may(self, who: Guard) -> bool {
        match who {
            Guard::Open => true,
            Guard::Everyone => matches!(self, Self::Support | Self::Marketer | Self::Admin),
            Guard::Marketers => matches!(self, Self::Marketer | Self::Admin),
            Guard::Admins => self == Self::Admin,
            Guard::Members => self == Self::Member,
        }
    }

    /// Whether they are signed in to the part that this address belongs to.
    fn is_signed_in(self, path: &str) -> bool {
        if path.starts_with("/app") { self == Self::Member } else { self.may(Guard::Everyone) }
    }

    /// What who may not gets: a status, and where it leads or what it says.
    fn turned_away(self, who: Guard) -> (u16, &'static str) {
        match who {
            Guard::Members => (303, "/app/sign-in"),
            _ if self.may(Guard::Everyone) => (403, "Your role does not allow this."),
            _ => (303, "/sign-in"),
        }
    }
}

/// Who asks, and how.
enum Asker<'a> {
    Person(&'a Visitor),
    Program(Program),
}

/// What came back.
struct Answer {
    status: u16,
    location: Option<String>,
    text: String,
}

impl Asker<'_> {
    fn get(&self, path: &str) -> Answer {
        match self {
            Self::Person(visitor) => visitor.get(path).into(),
            Self::Program(program) => program.try_send("GET", path, &[], None).unwrap().into(),
        }
    }

    /// A body without anything.
    fn post(&self, path: &str) -> Answer {
        match self {
            Self::Person(visitor) => visitor.post(path, &[]).into(),
            Self::Program(program) => program.try_send("POST", path, &[], None).unwrap().into(),
        }
    }
}

impl From<Page> for Answer {
    fn from(page: Page) -> Self {
        Self { status: page.status, location: page.location, text: page.html }
    }
}

impl From<Answered> for Answer {
    fn from(answered: Answered) -> Self {
        // programs are told in words where to go, not led there
        Self { status: answered.status, location: None, text: answered.text }
    }
}

impl Answer {
    fn differs(&self, (status, says): (u16, &str)) -> bool {
        let to = self.location.as_deref().map(|to| to.split('?').next().unwrap_or_default());
        let said = match says {
            "" => true,
            path if path.starts_with('/') => to.is_none_or(|to| to == path),
            sentence => self.text.contains(sentence),
        };
        self.status != status || !said
    }
}

fn expected_get(line: &Line, person: Person) -> (u16, &'static str) {
    if !person.may(line.who) {
        return person.turned_away(line.who);
    }
    let (out, signed_in) = line.get.split_once('/').unwrap_or((line.get, line.get));
    let status = if person.is_signed_in(line.path) { signed_in } else { out };
    (status.parse().unwrap(), "")
}

fn expected_post(line: &Line, person: Person) -> (u16, &'static str) {
    match line.post {
        _ if !person.may(line.who) => person.turned_away(line.who),
        "form" => (403, "This form is too old"),
        status => (status.parse().unwrap(), ""),
    }
}

#[test]
fn every_address_of_the_product_is_expected_and_every_expected_one_is_there() {
    let told = |path: &str, guard, get: bool, post: bool| format!("{path} {guard:?} GET {get} POST {post}");
    let there: BTreeSet<String> =
        all().iter().map(|route| told(&route.path, route.guard, route.get, route.post)).collect();
    let expected: BTreeSet<String> =
        lines().iter().map(|line| told(line.path, line.who, line.get != "-", line.post != "-")).collect();
    let mut found: Vec<String> = there.difference(&expected).map(|line| format!("not in matrix.txt: {line}")).collect();
    found.extend(expected.difference(&there).map(|line| format!("not in routes.rs: {line}")));
    none(&found);
}

#[test]
fn everyone_gets_exactly_the_expected_answer_everywhere() {
    let world = World::fill();
    let mut found = Vec::new();
    let mut people: Vec<(Person, Asker)> = vec![
        (Person::Stranger, Asker::Person(&world.stranger)),
        (Person::Member, Asker::Person(&world.member)),
        (Person::Support, Asker::Person(&world.support)),
        (Person::Marketer, Asker::Person(&world.marketer)),
        (Person::Admin, Asker::Person(&world.admin)),
    ];
    for scope in Scope::ALL {
        let program = Program::new(&world.app, scope, "", "");
        // that a key was used is noted once a minute, and the clock stands
        program.get("/api/pos/v1/reservations/1");
        people.push((Person::Key(scope), Asker::Program(program)));
    }
    let routes = all();
    for line in lines() {
        let Some(route) = routes.iter().find(|route| route.path == line.path) else { continue };
        let path = world.real(route);
        for (person, asker) in &people {
            world.forget_tries();
            if line.get != "-" {
                let (page, expected) = (asker.get(&path), expected_get(&line, *person));
                if page.differs(expected) {
                    found.push(format!(
                        "GET {path} as {person:?}: {} {:?}, not {expected:?}",
                        page.status, page.location
                    ));
                }
            }
            if line.post != "-" {
                let (before, page, expected) = (world.everything(), asker.post(&path), expected_post(&line, *person));
                if page.differs(expected) {
                    found.push(format!(
                        "POST {path} as {person:?}: {} {:?}, not {expected:?}",
                        page.status, page.location
                    ));
                }
                if world.everything() != before {
                    found.push(format!("POST {path} as {person:?} wrote something"));
                }
            }
        }
    }
    none(&found);
}
