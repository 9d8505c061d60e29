//! Why a campaign is held, in words.

use super::sending::{Held, HeldWhy};
use crate::settings::Organisation;
use crate::web::filters::grouped;

impl Held {
    /// What happened, in a sentence.
    pub fn words(&self, organisation: &Organisation) -> String {
        match (self.why, self.confirmed) {
            (HeldWhy::Late, _) => format!(
                "It was due on {}, but nothing could go out until {}, {} later.",
                organisation.moment(self.due_at),
                organisation.moment(self.since),
                span_words(self.since - self.due_at)
            ),
            (HeldWhy::Audience, Some(confirmed)) => format!(
                "When it was published it had {} receivers; when it was to begin, {}{}.",
                grouped(confirmed),
                grouped(self.now),
                change_words(confirmed, self.now)
            ),
            (HeldWhy::Audience, None) => "Its receivers have changed much since it was published.".to_owned(),
        }
    }
}

/// " (34 % more)"
fn change_words(before: i64, now: i64) -> String {
    if before <= 0 {
        return String::new();
    }
    let percent = ((now - before).abs() * 100 + before / 2) / before;
    format!(" ({} % {})", grouped(percent), if now >= before { "more" } else { "fewer" })
}

/// "3 hours", "2 days", "40 minutes".
pub fn span_words(span: chrono::Duration) -> String {
    let minutes = span.num_minutes().max(1);
    let (number, unit) = match minutes {
        0..=119 => (minutes, "minute"),
        120..=2879 => ((minutes + 30) / 60, "hour"),
        _ => ((minutes + 720) / 1440, "day"),
    };
    if number == 1 { format!("1 {unit}") } else { format!("{} {unit}s", grouped(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_changes_are_told_in_round_numbers() {
        let words = |minutes| span_words(chrono::Duration::minutes(minutes));
        assert_eq!(
            [0, 1, 40, 119, 120, 200, 2880].map(words),
            ["1 minute", "1 minute", "40 minutes", "119 minutes", "2 hours", "3 hours", "2 days"]
        );
        assert_eq!(change_words(1000, 1340), " (34 % more)");
        assert_eq!(change_words(1000, 700), " (30 % fewer)");
        assert_eq!(change_words(0, 700), "");
    }
}
