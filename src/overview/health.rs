//! Whether this server can serve.

use actix_web::HttpResponse;
use diesel::RunQueryDsl;

use crate::db::Db;
use crate::error::AppError;

/// `GET /healthz`: 200 when the database answers.
pub async fn check(db: Db) -> Result<HttpResponse, AppError> {
    db.read(|conn| -> Result<_, AppError> { Ok(diesel::sql_query("SELECT 1").execute(conn)?) }).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ok\n"))
}
