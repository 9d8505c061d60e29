//! What time it is. Rules never ask the machine: they are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, SubsecRound, Utc};

/// Where a server or worker gets the time from.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is moved; clones move together.
    pub fn standing_at(now: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.timestamp_micros()))))
    }

    /// Now, to the microsecond, as PostgreSQL stores it.
    pub fn now(&self) -> DateTime<Utc> {
        self.0
            .as_ref()
            .and_then(|micros| DateTime::from_timestamp_micros(micros.load(Ordering::SeqCst)))
            .unwrap_or_else(|| Utc::now().trunc_subsecs(6))
    }

    /// Moves a standing clock; the machine's clock takes no notice.
    pub fn advance(&self, by: Duration) {
        if let Some(micros) = &self.0 {
            micros.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}
