//! **Import codes**: the file is chosen here.

use actix_web::web::Path;
use askama::Template;

use super::code_import::CodeImport;
use super::upload::{Incoming, Ticket};
use crate::codes::owner::CodeOwner;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, PageResult, SaveError, Shell, filters, rejected, see_other, show};

#[derive(Template)]
#[template(path = "codes/import/new.html")]
struct NewPage {
    shell: Shell,
    owner: CodeOwner,
    imports: Vec<CodeImport>,
    errors: FieldErrors,
}

/// `GET /campaigns/{id}/codes/import`
pub async fn new(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (owner, imports) = load(&db, *id).await?;
    show(&NewPage { shell, owner, imports, errors: FieldErrors::new() })
}

/// `POST /campaigns/{id}/codes/import`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, incoming: Incoming) -> PageResult {
    let (owner, imports) = load(&db, *id).await?;
    let ticket = Ticket { campaign: *id, by: shell.account.id, now: shell.now };
    match incoming.receive(&db, ticket).await {
        Ok(import) => see_other(format!("{}/imports/{import}", owner.codes_path())),
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell, owner, imports, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, id: CampaignId) -> Result<(CodeOwner, Vec<CodeImport>), AppError> {
    db.snapshot(move |conn| {
        let owner = CodeOwner::find(conn, id)?;
        if !owner.takes_imports() {
            return Err(AppError::NotFound);
        }
        Ok((owner, CodeImport::latest(conn, id)?))
    })
    .await
}
