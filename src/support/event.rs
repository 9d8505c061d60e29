//! What happened to a member, from all the places that know.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::telling::{self, Telling};
use crate::members::Sight;

/// Something that happened.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Puts what happened at the same moment in order, and tells it apart from all else.
    pub place: String,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) words: Option<String>,
    #[serde(default)]
    pub(super) detail: serde_json::Value,
}

/// Of one member ($1). Within a moment, what came of something stands after it: a code is validated, then the
/// group joined, then its coupons issued.
pub const EVENTS: &str = "
  SELECT created_at AS at, '0created' COLLATE \"C\" AS place, 'created' AS kind, NULL AS name, NULL AS words, NULL::jsonb AS detail
    FROM member WHERE id = $1 AND NOT EXISTS (
      SELECT FROM audit_entry WHERE subject_kind = 'member' AND subject_id = $1::text AND action = 'member added')
  UNION ALL
  SELECT at, '1audit' || audit_entry.id, 'audit', action, actor, jsonb_build_object('before', before, 'after', after)
    FROM audit_entry WHERE subject_kind = 'member' AND subject_id = $1::text
      AND action NOT IN ('user groups changed', 'consents changed')
  UNION ALL
  SELECT member_consent.at, '2consent' || member_consent.channel || member_consent.at, 'consent', member_consent.channel, source,
      jsonb_build_object('granted', granted, 'account', account.name, 'campaign', campaign.name)
    FROM member_consent LEFT JOIN account ON account.id = account_id LEFT JOIN campaign ON campaign.id = campaign_id
    WHERE member_id = $1
  UNION ALL
  SELECT at, '3attempt' || code_attempt.id, 'attempt', name, text, jsonb_build_object('outcome', outcome)
    FROM code_attempt LEFT JOIN campaign ON campaign.id = campaign_id
    WHERE member_id = $1 AND (outcome <> 'ok' OR NOT EXISTS (
      SELECT FROM validation WHERE validation.member_id = $1 AND code = code_attempt.text AND validation.at = code_attempt.at))
  UNION ALL
  SELECT at, '4validated' || validation.id, 'validated', coalesce(nullif(title, ''), name), code, jsonb_build_object('via', via)
    FROM validation JOIN campaign ON campaign.id = campaign_id WHERE member_id = $1
  UNION ALL
  SELECT reversed_at, '5reversed' || validation.id, 'reversed', coalesce(nullif(title, ''), name), code, NULL
    FROM validation JOIN campaign ON campaign.id = campaign_id WHERE member_id = $1 AND reversed_at IS NOT NULL
  UNION ALL
  SELECT joined_at, '6joined' || membership.id, 'joined', name, source, source_detail
    FROM membership JOIN member_group ON member_group.id = group_id WHERE member_id = $1
  UNION ALL
  SELECT left_at, '6left' || membership.id, 'left', name, left_source, left_detail
    FROM membership JOIN member_group ON member_group.id = group_id WHERE member_id = $1 AND left_at IS NOT NULL
  UNION ALL
  SELECT mark.at, mark.place || campaign_id, mark.kind, coalesce(nullif(title, ''), name), reason, NULL
    FROM delivery JOIN campaign ON campaign.id = campaign_id
    CROSS JOIN LATERAL (VALUES ('7issued', 'issued', CASE WHEN skipped_at IS NULL THEN delivery.issued_at END),
      ('7skipped', 'skipped', skipped_at), ('8sent', 'sent', sent_at), ('8uncertain', 'uncertain', uncertain_at),
      ('8accepted', 'accepted', accepted_at), ('8seen', 'seen', seen_at), ('9bounced', 'bounced', bounced_at),
      ('9failed', 'failed', failed_at), ('9expired', 'expired', expired_at),
      ('9withdrawn', 'withdrawn', withdrawn_at)) AS mark (place, kind, at)
    WHERE member_id = $1 AND mark.at IS NOT NULL";

impl Event {
    /// In words.
    pub fn told(&self, sight: Sight) -> Telling {
        telling::tell(self, sight)
    }

    /// Its place in a member's history, for addresses.
    pub fn key(&self) -> String {
        format!("{}-{}", self.at.timestamp_micros(), self.place)
    }

    /// What `key` gave.
    pub fn parse_key(key: &str) -> Option<(DateTime<Utc>, String)> {
        let (micros, place) = key.split_once('-')?;
        Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, place.to_owned()))
    }
}
