//! **My card**: shown at a till, it finds all of the member's coupons.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::codes::barcode::{Barcode, svg};
use crate::codes::text::CodeText;
use crate::db::Db;
use crate::error::AppError;
use crate::members::card;
use crate::sessions::SignedInMember;
use crate::web::{Flash, Form, MemberShell, PageResult, see_other_with, show as page};

const PATH: &str = "/app/profile/card";

#[derive(Template)]
#[template(path = "app/card.html")]
struct CardPage {
    shell: MemberShell,
    /// None: not made yet.
    code: Option<CodeText>,
}

#[derive(Template)]
#[template(path = "app/card_new.html")]
struct AskPage {
    shell: MemberShell,
}

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

/// `GET /app/profile/card`
pub async fn show(shell: MemberShell, who: SignedInMember, db: Db) -> PageResult {
    let found = db.read(move |conn| -> Result<_, AppError> { Ok(card::find(conn, who.id)?) }).await?;
    let code = found.and_then(|code| CodeText::parse(&code).ok());
    page(&CardPage { shell, code })
}

/// `GET /app/profile/card/new`: what a new card means.
pub async fn ask(shell: MemberShell) -> PageResult {
    page(&AskPage { shell })
}

/// `POST /app/profile/card`: the first, or a new one.
pub async fn renew(shell: MemberShell, who: SignedInMember, db: Db, _: Form<NoFields>) -> PageResult {
    let now = shell.now;
    let had_one = db.write(move |conn| -> Result<_, AppError> { Ok(card::renew(conn, who.id, now)?) }).await?;
    let words = if had_one { "This is your new card. The old one no longer works." } else { "This is your card." };
    see_other_with(PATH, &Flash::success(words))
}

impl CardPage {
    fn picture(&self, code: &CodeText) -> Option<String> {
        let svg = svg(Barcode::Qr, code.as_str()).ok()?;
        Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)))
    }
}
