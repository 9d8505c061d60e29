//! Whether every dashboard user needs a second factor.

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::setting;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

/// As sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    required: String,
}

/// Whether it holds for all.
pub fn for_all(conn: &mut PgConnection) -> QueryResult<bool> {
    setting::table.select(setting::requires_second_factor).first(conn)
}

/// `POST /settings/dashboard-users/second-factor`
pub async fn update(shell: Shell, db: Db, form: Form<RuleForm>) -> PageResult {
    let (required, actor, now) = (form.typed.required == "on", shell.actor(), shell.now);
    db.write(move |conn| -> Result<_, AppError> {
        let changed = diesel::update(setting::table.filter(setting::requires_second_factor.ne(required)))
            .set(setting::requires_second_factor.eq(required))
            .execute(conn)?;
        if changed > 0 {
            let values = |required: bool| Some(json!({ "second factor required of all": required }));
            let change = Change { action: "settings changed", before: values(!required), after: values(required) };
            audit::append(conn, &actor, now, &Subject::new("setting", "second-factor", "Second factor"), &change)?;
        }
        Ok(())
    })
    .await?;
    let text = if required {
        "Everyone needs a second factor now. Those who have none add it when they next open a page."
    } else {
        "A second factor is no longer required of all. Those who have one still use it."
    };
    see_other_with("/settings/dashboard-users", &Flash::success(text))
}
