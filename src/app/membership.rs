//! The switch of a public group, and leaving any group.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use serde::Deserialize;
use serde_json::json;

use super::error_page::wants_json;
use super::groups::AppGroup;
use crate::db::Db;
use crate::error::AppError;
use crate::groups::GroupState;
use crate::ids::{GroupId, MemberId};
use crate::memberships::membership::lock_member;
use crate::memberships::{Source, join, leave};
use crate::sessions::SignedInMember;
use crate::web::{Flash, Form, MemberShell, PageResult, see_other_with};

/// What a press asks for: "on" or "off".
#[derive(Debug, Deserialize)]
pub struct SwitchForm {
    #[serde(default)]
    join: String,
}

/// Why a switch goes back.
pub(crate) struct Refused {
    /// Stable, for programs.
    pub code: &'static str,
    /// For the member.
    pub text: String,
}

/// `POST /app/groups/{group}/membership`
pub async fn update(
    (shell, req): (MemberShell, HttpRequest),
    who: SignedInMember,
    db: Db,
    group: Path<GroupId>,
    form: Form<SwitchForm>,
) -> PageResult {
    let (now, group) = (shell.now, group.into_inner());
    let wanted = match form.typed.join.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(AppError::BadRequest("The request does not say whether to join or to leave.".into())),
    };
    let outcome = db
        .write(move |conn| -> Result<_, AppError> {
            if wanted { enter_group(conn, who.id, group, now) } else { leave_group(conn, who.id, group, now) }
        })
        .await?;
    if wants_json(&req) {
        return Ok(told(outcome));
    }
    let flash = outcome.map_or_else(|refused| Flash::danger(refused.text), Flash::success);
    see_other_with("/app/groups", &flash)
}

fn told(outcome: Result<String, Refused>) -> HttpResponse {
    match outcome {
        Ok(message) => HttpResponse::Ok().json(json!({ "message": message })),
        Err(Refused { code, text }) => HttpResponse::build(StatusCode::CONFLICT)
            .content_type("application/problem+json")
            .body(json!({ "code": code, "title": "That did not work", "detail": text }).to_string()),
    }
}

/// What was done, in words, or why it was not.
pub(crate) type Outcome = Result<Result<String, Refused>, AppError>;

fn refuse(code: &'static str, text: String) -> Outcome {
    Ok(Err(Refused { code, text }))
}

fn ended(group: &AppGroup) -> Outcome {
    refuse("group_not_active", format!("{} has ended. Nobody can join or leave it any more.", group.name))
}

/// Joins a public group.
pub(crate) fn enter_group(conn: &mut PgConnection, member: MemberId, id: GroupId, now: DateTime<Utc>) -> Outcome {
    lock_member(conn, member)?;
    let group = AppGroup::find(conn, member, id, now)?;
    if group.state(now) == GroupState::Ended {
        return ended(&group);
    }
    if group.is_in {
        return Ok(Ok(format!("You are in {}.", group.name)));
    }
    if group.blocked {
        let text = "Your account is blocked, so you cannot join groups. Ask our staff for help.";
        return refuse("not_a_receiver", text.into());
    }
    if group.by_code {
        return refuse("code_needed", format!("{} is joined with a code. Enter yours under Code.", group.name));
    }
    if join(conn, member, &[id], &Source::App, now)?.is_empty() {
        // it ended a moment ago
        return ended(&group);
    }
    Ok(Ok(format!("You joined {}.", group.name)))
}

/// Leaves any group that the app shows.
pub(crate) fn leave_group(conn: &mut PgConnection, member: MemberId, id: GroupId, now: DateTime<Utc>) -> Outcome {
    lock_member(conn, member)?;
    let group = AppGroup::find(conn, member, id, now)?;
    if group.state(now) == GroupState::Ended {
        return ended(&group);
    }
    if group.is_in && leave(conn, member, &[id], &Source::App, now)?.is_empty() {
        return ended(&group);
    }
    Ok(Ok(format!("You left {}.", group.name)))
}
