//! **Verify**: is the log as it was written?

use actix_web::web::Query;
use askama::Template;
use serde::Deserialize;

use super::index::PATH;
use super::verify::{self, Head};
use crate::db::Db;
use crate::error::AppError;
use crate::web::{FieldErrors, PageResult, Shell, filters, show as page};

/// A link that was noted at some time, to be found again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct VerificationQuery {
    entry: String,
    link: String,
}

#[derive(Template)]
#[template(path = "audit/verification.html")]
struct VerificationPage {
    shell: Shell,
    form: VerificationQuery,
    errors: FieldErrors,
    head: Head,
    /// The first entry that does not fit.
    broken: Option<i64>,
    /// Whether the noted link is the one that is stored; none: nothing was noted.
    noted: Option<bool>,
}

/// `GET /settings/audit-log/verification`
pub async fn show(shell: Shell, db: Db, query: Query<VerificationQuery>) -> PageResult {
    let form = query.into_inner();
    let (noted, errors) = form.parse();
    let (head, broken, found) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = match &noted {
                Some((entry, link)) => Some(verify::link(conn, *entry)?.as_ref() == Some(link)),
                None => None,
            };
            Ok((verify::head(conn)?, verify::first_broken_entry(conn)?, found))
        })
        .await?;
    page(&VerificationPage { shell, form, errors, head, broken, noted: found })
}

impl VerificationQuery {
    /// Both or neither.
    fn parse(&self) -> (Option<(i64, String)>, FieldErrors) {
        let (entry, link) = (self.entry.trim(), self.link.trim().to_lowercase());
        let mut errors = FieldErrors::new();
        if entry.is_empty() && link.is_empty() {
            return (None, errors);
        }
        let number = entry.parse::<i64>().ok().filter(|number| *number > 0);
        if number.is_none() {
            errors.add("entry", "Enter the number of an entry");
        }
        if link.len() != 64 || !link.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            errors.add("link", "Enter the 64 digits that were noted");
        }
        let noted = number.filter(|_| errors.is_empty()).map(|number| (number, link));
        (noted, errors)
    }
}

impl VerificationPage {
    fn broken_path(&self) -> String {
        format!("{PATH}/{}", self.broken.unwrap_or_default())
    }
}
