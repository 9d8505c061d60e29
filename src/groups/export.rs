//! A group's members as CSV, streamed.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path, Query};
use futures_util::stream;

use super::MemberGroup;
use super::members::{Edge, GroupMember, Roll};
use super::show::ShowQuery;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::members::Guarded;
use crate::web::csv_text;
use crate::web::{PageResult, Shell};

/// Members fetched at a time.
const CHUNK: usize = 5_000;
const HEAD: [&str; 6] = ["Member number", "Name", "Phone", "E-mail", "Joined", "How"];
/// Those that only who may see personal data gets.
const PERSONAL: std::ops::Range<usize> = 2..4;

/// `GET /settings/user-groups/{id}/members.csv`
pub async fn show(shell: Shell, db: Db, id: Path<GroupId>, query: Query<ShowQuery>) -> PageResult {
    let (id, roll) = (*id, query.roll(*id, &shell));
    let group = db.read(move |conn| -> Result<_, AppError> { Ok(MemberGroup::find(conn, id)?) }).await?;
    let day = shell.organisation.today(shell.now);
    let head = csv_text::rows([shell.without_personal(HEAD.map(str::to_owned), PERSONAL)])?;
    let head = Bytes::from(format!("{}{head}", csv_text::BYTE_ORDER_MARK));
    // the state between two chunks: none before the first, then the last key, then the end
    let body = stream::try_unfold(Step::Head(head), move |step| next(db.clone(), shell.clone(), roll.clone(), step));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format!("group-{}-members-{day}.csv", group.id))],
        })
        .streaming(body))
}

enum Step {
    Head(Bytes),
    After(i64),
    Done,
}

async fn next(db: Db, shell: Shell, roll: Roll, step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
    let key = match step {
        Step::Head(head) => return Ok(Some((head, Step::After(0)))),
        Step::After(key) => key,
        Step::Done => return Ok(None),
    };
    let members = db.read(move |conn| -> Result<_, AppError> { Ok(roll.page(conn, Edge::After(key), CHUNK)?) }).await?;
    let Some(last) = members.last().map(|member| member.id.0) else {
        return Ok(None);
    };
    let step = if members.len() < CHUNK { Step::Done } else { Step::After(last) };
    let text = csv_text::rows(members.iter().map(|member| cells(member, &shell)))?;
    Ok(Some((Bytes::from(text), step)))
}

fn cells(member: &GroupMember, shell: &Shell) -> Vec<String> {
    let all = [
        member.number(),
        member.name.clone(),
        exact(&member.phone),
        exact(&member.email),
        member.joined_at.with_timezone(&shell.zone()).format("%Y-%m-%d %H:%M").to_string(),
        member.how(),
    ];
    shell.without_personal(all, PERSONAL)
}

fn exact(stored: &Option<Guarded>) -> String {
    stored.as_ref().map(|stored| stored.unmasked().to_owned()).unwrap_or_default()
}
