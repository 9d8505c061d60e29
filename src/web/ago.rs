//! How long ago something was, as people say it.

use chrono::{DateTime, Utc};

/// "2 minutes ago"; what lies ahead is "just now", as clocks differ.
pub fn ago(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (now - at).num_seconds();
    let said = |n: i64, unit: &str| format!("{n} {unit}{} ago", if n == 1 { "" } else { "s" });
    match seconds {
        ..60 => "just now".into(),
        60..3600 => said(seconds / 60, "minute"),
        3600..86_400 => said(seconds / 3600, "hour"),
        _ => said(seconds / 86_400, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn people_round_down() {
        let now = DateTime::UNIX_EPOCH + Duration::days(9000);
        let said = |seconds| ago(now - Duration::seconds(seconds), now);
        assert_eq!([-5, 0, 59].map(said), ["just now"; 3]);
        assert_eq!([60, 119, 7_199].map(said), ["1 minute ago", "1 minute ago", "1 hour ago"]);
        assert_eq!([86_399, 86_400, 200_000].map(said), ["23 hours ago", "1 day ago", "2 days ago"]);
    }
}
