//! What saving the settings of any channel has in common: locked, stored, audited, told.

use diesel::prelude::*;
use serde_json::Value;

use super::MessageChannel;
use super::stored::{Pace, StoredChannel};
use crate::Muster;
use crate::audit::{self, Change, Subject};
use crate::web::{Flash, SaveError, Shell, csrf};

/// Whether it is on, its settings, its secrets; and for the audit log the values before and after.
pub type Wanted = (Pace, Value, Value, (Value, Value));

/// What was saved.
pub struct Saved {
    channel: MessageChannel,
    was_on: bool,
    is_on: bool,
    waiting: i64,
}

/// Stores what `wanted` makes of the stored row and the form.
pub async fn save(
    muster: &Muster,
    shell: &Shell,
    channel: MessageChannel,
    wanted: impl FnOnce(&StoredChannel) -> Result<Wanted, SaveError> + Send + 'static,
) -> Result<Saved, SaveError> {
    let (keys, actor, now) = (muster.keys.clone(), shell.actor(), shell.now);
    let save = move |conn: &mut PgConnection| {
        let stored = StoredChannel::lock(conn, channel)?;
        let (pace, settings, secret, (before, after)) = wanted(&stored)?;
        StoredChannel::store(conn, &keys, channel, &pace, (&settings, &secret), now)?;
        let before = stored.is_set_up().then_some(before);
        let change = Change { action: "channel changed", before, after: Some(after) };
        let waiting = if stored.is_on && !pace.is_on { waiting(conn, channel)? } else { 0 };
        audit::append(conn, &actor, now, &Subject::new("channel", channel.key(), channel.page_name()), &change)?;
        Ok(Saved { channel, was_on: stored.is_on, is_on: pace.is_on, waiting })
    };
    muster.db.write(save).await
}

/// The secret part of an address for reports: made when there is none, or when a new one is asked for.
pub fn hook(hook: &mut String, anew: bool) {
    if anew || hook.is_empty() {
        *hook = csrf::random_token();
    }
}

fn waiting(conn: &mut PgConnection, channel: MessageChannel) -> QueryResult<i64> {
    use crate::schema::message;
    message::table.filter(message::channel.eq(channel.key()).and(message::state.eq("queued"))).count().get_result(conn)
}

impl Saved {
    /// What was done, and what comes next.
    pub fn told(&self) -> Flash {
        let name = self.channel.page_name();
        Flash::success(match (self.was_on, self.is_on, self.waiting) {
            (false, true, _) => format!("Changes saved. {name} is on: messages leave from now on."),
            (true, false, 0) => format!("Changes saved. {name} is off: its messages go to the Outbox."),
            (true, false, 1) => format!("Changes saved. {name} is off: the message that waits goes to the Outbox."),
            (true, false, n) => {
                let n = crate::web::filters::grouped(n);
                format!("Changes saved. {name} is off: the {n} messages that wait go to the Outbox.")
            }
            (false, false, _) => format!("Changes saved. {name} is off. Send a test, then switch it on."),
            (true, true, _) => "Changes saved.".into(),
        })
    }
}
