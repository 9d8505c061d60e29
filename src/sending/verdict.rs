//! What is to become of a queued message at this moment: the same rules for the Outbox, a lease and the last look
//! before it is handed over. Parameter 1 of every statement is the time.

/// Longest that a sign-in code waits: as long as it works (`app::one_time_code::LIFE`).
pub const SIGN_IN_LIFE: &str = "interval '10 minutes'";

/// All that decides about the rows of `message`, as joins.
///
/// `it.ends_at` is the coupon's last moment, `it.free_at` the end of quiet hours (or now), `it.address` where it would go
/// to now: the member's own address, except for what was written to a given one (sign-in codes, tests, what staff is told).
pub const AROUND: &str = "
    CROSS JOIN setting
    LEFT JOIN campaign ON campaign.id = message.campaign_id
    LEFT JOIN campaign_sending ON campaign_sending.campaign_id = message.campaign_id
    LEFT JOIN delivery ON delivery.member_id = message.member_id AND delivery.campaign_id = message.campaign_id
    LEFT JOIN member ON member.id = message.member_id
    LEFT JOIN message_text ON message_text.id = message.text_id
    CROSS JOIN LATERAL (SELECT
      least(campaign.ends_at, delivery.expires_at) AS ends_at,
      after_quiet($1, coalesce(member.time_zone, setting.time_zone), campaign.quiet_from, campaign.quiet_until) AS free_at,
      CASE
        WHEN message.purpose IN ('sign_in', 'test', 'staff') THEN message.recipient
        WHEN message.channel = 'sms' THEN member.phone
        WHEN message.channel = 'email' THEN member.email
        WHEN EXISTS (SELECT FROM push_subscription WHERE push_subscription.member_id = member.id) THEN message.recipient
      END AS address,
      CASE message.channel WHEN 'sms' THEN member.sms_consent WHEN 'email' THEN member.email_consent ELSE member.push_consent END AS consent,
      -- the message that brings the coupon, not one that tells of a coupon that is there
      message.purpose = 'coupon' AND message.channel = campaign.channel AS brings) AS it";

/// Campaigns of which nothing goes out for the time being.
pub const ON_HOLD: &str = "(campaign.paused_at IS NOT NULL
      OR (campaign_sending.held_at IS NOT NULL AND coalesce(campaign_sending.released_at < campaign_sending.held_at, true)))";

/// `go`; `wait` (for someone's word) or `later` (after quiet hours); `withdrawn`, `used`, or a key of `Skip`.
pub fn verdict() -> String {
    format!(
        "CASE
        WHEN message.recipient = 'deleted' OR campaign.cancelled_at IS NOT NULL THEN 'withdrawn'
        WHEN message.purpose = 'sign_in' THEN CASE WHEN message.created_at < $1 - {SIGN_IN_LIFE} THEN 'too_late' ELSE 'go' END
        WHEN delivery.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN delivery.validated_at IS NOT NULL THEN 'used'
        WHEN delivery.skipped_at IS NOT NULL THEN coalesce(delivery.reason, 'withdrawn')
        WHEN it.ends_at <= $1 OR delivery.expired_at IS NOT NULL THEN 'too_late'
        WHEN message.purpose IN ('test', 'staff') THEN 'go'
        WHEN message.purpose IN ('coupon', 'reminder') AND delivery.member_id IS NULL THEN 'withdrawn'
        WHEN {ON_HOLD} THEN 'wait'
        WHEN member.id IS NULL OR it.address IS NULL THEN 'no_address'
        WHEN member.blocked_at IS NOT NULL THEN 'blocked'
        WHEN NOT it.consent THEN CASE WHEN (
          SELECT source FROM member_consent
          WHERE member_consent.member_id = message.member_id AND member_consent.channel = message.channel
          ORDER BY at DESC LIMIT 1) = 'unsubscribe' THEN 'unsubscribed' ELSE 'no_consent' END
        WHEN it.free_at > $1 THEN CASE WHEN it.free_at >= it.ends_at THEN 'quiet' ELSE 'later' END
        ELSE 'go' END"
    )
}

/// Carries verdicts out: `picked` names the rows (column `id`), `go` is what becomes of those that may go, as assignments.
/// Deliveries follow. What follows `WITH`: `checked` then has the rows with their verdicts, and `columns` of them. Rows of
/// which `condition` is not true wait.
pub fn carried_out(picked: &str, columns: &str, condition: &str, go: &Go) -> String {
    let Go { state, moved, delivery, lease } = go;
    let verdict = verdict();
    format!(
        "picked AS MATERIALIZED ({picked}),
    checked AS MATERIALIZED (
      SELECT message.id, message.member_id, message.campaign_id, it.address, it.free_at, it.brings,
        CASE WHEN {condition} THEN {verdict} ELSE 'wait' END AS verdict{columns}
      FROM picked JOIN message ON message.id = picked.id {AROUND}),
    moved AS (
      UPDATE message SET
        state = CASE WHEN verdict = 'go' THEN '{state}' WHEN verdict IN ('wait', 'later') THEN 'queued'
          WHEN verdict = 'withdrawn' THEN 'withdrawn' ELSE 'skipped' END,
        moved_at = CASE WHEN verdict = 'go' THEN {moved} WHEN verdict IN ('wait', 'later') THEN message.moved_at ELSE $1 END,
        recipient = CASE WHEN verdict = 'go' THEN checked.address ELSE message.recipient END,
        next_attempt_at = CASE WHEN verdict = 'later' THEN checked.free_at ELSE message.next_attempt_at END,
        error = CASE WHEN verdict IN ('go', 'wait', 'later', 'withdrawn') THEN message.error ELSE verdict END,
        {lease}
      FROM checked WHERE message.id = checked.id),
    marked AS (
      UPDATE delivery SET
        sent_at = CASE WHEN verdict = 'go' THEN {delivery} ELSE delivery.sent_at END,
        skipped_at = CASE WHEN verdict = 'go' THEN delivery.skipped_at ELSE $1 END,
        reason = CASE WHEN verdict = 'go' THEN delivery.reason ELSE verdict END
      FROM checked
      WHERE delivery.member_id = checked.member_id AND delivery.campaign_id = checked.campaign_id AND checked.brings
        AND delivery.sent_at IS NULL AND delivery.skipped_at IS NULL
        AND (verdict NOT IN ('go', 'wait', 'later', 'withdrawn', 'used') OR (verdict = 'go' AND {delivery} IS NOT NULL)))"
    )
}

/// What becomes of messages that may go, as SQL.
pub struct Go {
    /// The message's state.
    pub state: &'static str,
    /// Its `moved_at`.
    pub moved: &'static str,
    /// The delivery's `sent_at`.
    pub delivery: &'static str,
    /// Assignments to the lease's columns (and more), of all that were picked.
    pub lease: &'static str,
}
