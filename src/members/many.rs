//! Many members added or changed at once, a chunk in a few statements: for other programs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use serde_json::{Value, json};

use super::form::{Parsed, rejected_by};
use super::many_rows::{Old, insert, locked, owners, record_consents, update};
use crate::audit::{self, Actor, Change, Subject};
use crate::deliveries::issue_many;
use crate::ids::MemberId;
use crate::web::SaveError;

/// Who is wanted, and what they shall be.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Their member number, where it is given.
    pub number: Option<i64>,
    /// What they shall be.
    pub parsed: Parsed,
}

/// What became of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upserted {
    /// New, with this member number.
    Added(i64),
    /// Changed.
    Changed(i64),
    /// As they were.
    Unchanged(i64),
    /// Left alone: a problem's code, and why.
    Refused(&'static str, String),
}

/// Makes each of them what is wanted, in the order given. A row that breaks a rule of the database is refused alone.
pub fn upsert(
    conn: &mut PgConnection,
    wanted: &[Wanted],
    actor: &Actor,
    now: DateTime<Utc>,
) -> QueryResult<Vec<Upserted>> {
    let mut tried = conn.transaction(|conn| chunk(conn, wanted, actor, now));
    if let Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) = &tried {
        // somebody else was quicker with one of them: now that one is there
        tried = conn.transaction(|conn| chunk(conn, wanted, actor, now));
    }
    match tried {
        Err(Error::DatabaseError(..)) if wanted.len() > 1 => {
            // one breaks a rule: which, each by itself tells
            let each = wanted.chunks(1).map(|one| upsert(conn, one, actor, now).map(|mut done| done.remove(0)));
            each.collect()
        }
        Err(error @ Error::DatabaseError(..)) if wanted.len() == 1 => match rejected_by(error) {
            SaveError::Rejected(errors) => {
                let told: Vec<_> = errors.iter().map(|error| error.message.clone()).collect();
                Ok(vec![Upserted::Refused("member_conflict", told.join("; "))])
            }
            SaveError::Failed(_) => Ok(vec![Upserted::Refused("internal", "It could not be stored.".into())]),
        },
        other => other,
    }
}

fn chunk(conn: &mut PgConnection, wanted: &[Wanted], actor: &Actor, now: DateTime<Utc>) -> QueryResult<Vec<Upserted>> {
    let mut targets = Vec::with_capacity(wanted.len());
    let mut seen = Seen::default();
    for (row, owner) in wanted.iter().zip(owners(conn, wanted)?) {
        targets.push(owner.target(row).and_then(|target| seen.once(target, &row.parsed).map(|()| target)));
    }
    let known: Vec<MemberId> = targets.iter().filter_map(|target| *target.as_ref().ok()?).collect();
    let old = locked(conn, &known)?;
    let mut work = Work { before: Vec::new(), changed: Vec::new(), fresh: Vec::new() };
    let mut done: Vec<Option<Upserted>> = Vec::with_capacity(wanted.len());
    for (row, target) in wanted.iter().zip(targets) {
        done.push(match target {
            Err((code, why)) => Some(Upserted::Refused(code, why)),
            Ok(None) => {
                work.fresh.push(&row.parsed);
                None
            }
            Ok(Some(id)) => old.get(&id).map(|old| work.note(old, &row.parsed)),
        });
    }
    update(conn, &work.changed)?;
    let mut added = insert(conn, &work.fresh, now)?.into_iter();
    record_consents(conn, &work.before, &work.changed, now)?;
    let mut ids: Vec<MemberId> = added.clone().map(|(id, _)| id).collect();
    let numbers: Vec<i64> = added.clone().map(|(_, number)| number).collect();
    ids.sort_unstable();
    issue_many::on_new_members(conn, &ids, now)?;
    work.tell(conn, &numbers, actor, now)?;
    let fresh = |added: &mut std::vec::IntoIter<(MemberId, i64)>| {
        added.next().map_or_else(
            || Upserted::Refused("internal", "It could not be stored.".into()),
            |(_, number)| Upserted::Added(number),
        )
    };
    Ok(done.into_iter().map(|one| one.unwrap_or_else(|| fresh(&mut added))).collect())
}

/// What a chunk comes to.
struct Work<'a> {
    before: Vec<Old>,
    changed: Vec<(MemberId, &'a Parsed)>,
    fresh: Vec<&'a Parsed>,
}

impl<'a> Work<'a> {
    fn note(&mut self, old: &Old, parsed: &'a Parsed) -> Upserted {
        if old.is(parsed) {
            return Upserted::Unchanged(old.number);
        }
        self.before.push(old.clone());
        self.changed.push((old.id, parsed));
        Upserted::Changed(old.number)
    }

    /// One entry for all; who was what before stands in it.
    fn tell(&self, conn: &mut PgConnection, added: &[i64], actor: &Actor, now: DateTime<Utc>) -> QueryResult<()> {
        if self.changed.is_empty() && added.is_empty() {
            return Ok(());
        }
        let before: Vec<Value> = self.before.iter().map(|old| json!(old)).collect();
        let after = json!({ "added": added, "changed": self.before.iter().map(|old| old.number).collect::<Vec<_>>() });
        let subject = Subject::new("member", "many", format!("{} members", added.len() + self.changed.len()));
        let change = Change { action: "members added or changed", before: Some(json!(before)), after: Some(after) };
        audit::append(conn, actor, now, &subject, &change)
    }
}

/// Nobody, and nobody's phone, stands twice in a chunk: which of the two rows counts could not be told.
#[derive(Default)]
struct Seen {
    members: BTreeSet<MemberId>,
    texts: BTreeSet<String>,
}

type Refused = (&'static str, String);

impl Seen {
    fn once(&mut self, target: Option<MemberId>, parsed: &Parsed) -> Result<(), Refused> {
        let texts = [
            parsed.member.phone.as_ref().map(ToString::to_string),
            parsed.member.email.as_ref().map(ToString::to_string),
            parsed.external_id.as_ref().map(|external| format!("ext:{external}")),
        ];
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        let is_new = target.is_none_or(|id| !self.members.contains(&id));
        if !is_new || texts.iter().any(|text| self.texts.contains(text)) {
            return Err(("member_conflict", "A row before this one is about the same member".into()));
        }
        self.members.extend(target);
        self.texts.extend(texts);
        Ok(())
    }
}
