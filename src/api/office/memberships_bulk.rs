//! `POST /memberships/bulk`: up to 10,000 members join or leave groups.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::bulk::{self, Bulk, CHUNK, ResultsJson, RowResultJson};
use super::member_ref::MemberRef;
use super::resolve;
use crate::api::call::Asked;
use crate::api::{ApiError, ApiKey, ApiResult, Call};
use crate::audit::{self, Change};
use crate::groups::{GroupState, MemberGroup};
use crate::ids::{GroupId, MemberId};
use crate::memberships::Source;
use crate::memberships::many::{Pair, join_many, leave_many, lock_members};
use crate::schema::member_group;

/// One stay to open or to close.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipRow {
    /// Member number, ext:EXTERNAL-ID, phone number with + and country code, or e-mail address.
    #[schema(max_length = 300, example = "ext:CRM-17")]
    member: String,
    /// Key of the group.
    #[schema(value_type = i64, example = 7)]
    group: GroupId,
    /// Left out: join.
    #[serde(default)]
    act: Act,
}

/// In or out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// In.
    #[default]
    Join,
    /// Out.
    Leave,
}

/// Rows.
#[derive(Debug, ToSchema)]
#[allow(dead_code)]
pub struct MembershipRows {
    /// 10,000 at most.
    #[schema(max_items = 10_000)]
    rows: Vec<MembershipRow>,
}

/// Lets many members join and leave groups.
///
/// JSON with rows, or one row of JSON a line (NDJSON); the answer has the same shape. Works for public, private and hidden
/// groups, begun or not; a group that is over is refused. Live campaigns are issued. Rows are applied 1,000 in a
/// transaction; a refused row changes nothing and stops nothing. The same call again changes nothing more.
#[utoipa::path(post, path = "/api/v1/memberships/bulk", tag = "Office: groups and memberships",
    operation_id = "putMemberships",
    request_body(content((MembershipRows = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, description = "What became of each row", content((ResultsJson = "application/json"), (String = "application/x-ndjson")))),
    security(("key" = [])))]
pub async fn create(call: Call<ApiKey>, Bulk { rows, is_lines }: Bulk<MembershipRow>) -> ApiResult {
    let (mut results, mut wanted) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (place, row) in rows.into_iter().enumerate() {
        let named = row.and_then(|row| MemberRef::parse(&row.member).map(|member| (member, row.group, row.act)));
        match named {
            Ok((member, group, act)) => wanted.push(Row { place, member, group, act }),
            Err(why) => results.push(RowResultJson::refused(place, "invalid", why)),
        }
    }
    for chunk in wanted.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        results.extend(call.write(move |conn, asked| apply(conn, asked, &chunk)).await?);
    }
    bulk::answer(is_lines, results)
}

#[derive(Clone)]
struct Row {
    place: usize,
    member: MemberRef,
    group: GroupId,
    act: Act,
}

fn apply(conn: &mut PgConnection, asked: &Asked<ApiKey>, rows: &[Row]) -> Result<Vec<RowResultJson>, ApiError> {
    let members = resolve::all(conn, rows.iter().map(|row| &row.member))?;
    let groups = groups(conn, rows)?;
    let (mut results, mut seen) = (Vec::with_capacity(rows.len()), BTreeSet::new());
    let (mut joins, mut leaves): (Vec<Pair>, Vec<Pair>) = (Vec::new(), Vec::new());
    let mut kept = Vec::with_capacity(rows.len());
    for (row, member) in rows.iter().zip(members) {
        let refuse = |code, why: &str| RowResultJson::refused(row.place, code, why);
        let Some((id, number)) = member else {
            results.push(refuse("not_found", "There is no such member"));
            continue;
        };
        match groups.get(&row.group).map(|group| group.state(asked.now)) {
            None => results.push(refuse("not_found", "There is no such group")),
            Some(GroupState::Ended) => results.push(refuse("group_not_active", "The group is over")),
            Some(_) if !seen.insert((id, row.group)) => {
                results.push(refuse("member_conflict", "A row before this one is about the same member and group"));
            }
            Some(_) => {
                if row.act == Act::Join { &mut joins } else { &mut leaves }.push((id, row.group));
                kept.push((row, id, number));
            }
        }
    }
    let ids: Vec<MemberId> = seen.iter().map(|(member, _)| *member).collect();
    lock_members(conn, &ids)?;
    let source = Source::Api(asked.who.name.clone());
    let joined = join_many(conn, &joins, &source, asked.now)?;
    let left = leave_many(conn, &leaves, &source, asked.now)?;
    for (row, id, number) in kept {
        let pair = (id, row.group);
        let status = match row.act {
            Act::Join if joined.contains(&pair) => "joined",
            Act::Join => "already_in",
            Act::Leave if left.contains(&pair) => "left",
            Act::Leave => "not_in",
        };
        results.push(RowResultJson::done(row.place, status, number));
    }
    tell(conn, asked, &groups, &joined, &left)?;
    Ok(results)
}

fn groups(conn: &mut PgConnection, rows: &[Row]) -> QueryResult<HashMap<GroupId, MemberGroup>> {
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.group.0).collect();
    // held until the stays are stored, so that no group ends meanwhile
    let groups: Vec<MemberGroup> = member_group::table
        .filter(member_group::id.eq_any(ids))
        .order(member_group::id)
        .select(MemberGroup::as_select())
        .for_share()
        .load(conn)?;
    Ok(groups.into_iter().map(|group| (group.id, group)).collect())
}

/// One entry for each group; who it was stands in the stays themselves, with the key's name.
fn tell(
    conn: &mut PgConnection,
    asked: &Asked<ApiKey>,
    groups: &HashMap<GroupId, MemberGroup>,
    joined: &BTreeSet<Pair>,
    left: &BTreeSet<Pair>,
) -> QueryResult<()> {
    let count = |pairs: &BTreeSet<Pair>, id: GroupId| pairs.iter().filter(|(_, group)| *group == id).count();
    for (id, group) in groups {
        let (joined, left) = (count(joined, *id), count(left, *id));
        if joined + left > 0 {
            let after = json!({ "joined": joined, "left": left });
            let change = Change { action: "memberships changed", before: None, after: Some(after) };
            audit::append(conn, &asked.who.actor(&asked.address), asked.now, &group.subject(), &change)?;
        }
    }
    Ok(())
}
