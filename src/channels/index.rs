//! Settings → **Channels**: how each channel stands.

use askama::Template;

use super::standing::Standing;
use super::stored::StoredChannel;
use crate::db::Db;
use crate::error::AppError;
use crate::web::{PageResult, Shell, filters, show};

#[derive(Template)]
#[template(path = "channels/index.html")]
struct ChannelsPage {
    shell: Shell,
    tab: &'static str,
    channels: Vec<Standing>,
}

/// `GET /settings/channels`
pub async fn index(shell: Shell, db: Db) -> PageResult {
    let (organisation, now) = (shell.organisation.clone(), shell.now);
    let channels = db
        .snapshot(move |conn| -> Result<Vec<Standing>, AppError> {
            let all = StoredChannel::all(conn)?;
            all.iter().map(|stored| Ok(Standing::load(conn, stored, &organisation, now)?)).collect()
        })
        .await?;
    show(&ChannelsPage { shell, tab: "channels", channels })
}
