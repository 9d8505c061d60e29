//! A secret, shown this once.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::web::{Shell, filters};

#[derive(Template)]
#[template(path = "settings/webhooks/made.html")]
pub(super) struct MadePage {
    pub shell: Shell,
    pub name: String,
    pub path: String,
    pub text: String,
    /// Until when the one before signs too, if there was one.
    pub before_until: Option<DateTime<Utc>>,
}

impl MadePage {
    fn before_ended(&self) -> bool {
        self.before_until.is_some_and(|until| until <= self.shell.now)
    }
}
