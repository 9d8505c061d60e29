//! **Overview**: how the programme does.

use askama::Template;

use crate::web::{PageResult, Shell, show};

#[derive(Template)]
#[template(path = "overview/index.html")]
struct IndexPage {
    shell: Shell,
}

/// `GET /`
pub async fn index(shell: Shell) -> PageResult {
    show(&IndexPage { shell })
}
