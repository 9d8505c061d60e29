//! Which campaigns a group can join by, and the one that was chosen.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use uuid::Uuid;

use super::coverage_of::JoinCampaign;
use super::new_group::{JoinBy, Joining, NewGroup};
use super::{MemberGroup, code_campaign};
use crate::ids::{CampaignId, GroupId};
use crate::web::{FieldErrors, SaveError};

/// A campaign in the form's **Campaign**.
#[derive(Debug, Clone, QueryableByName)]
pub struct CampaignChoice {
    /// Its key as text.
    #[diesel(sql_type = Text)]
    pub id: String,
    /// Its name; where another has the same or it has none yet, its number too.
    #[diesel(sql_type = Text)]
    pub name: String,
}

/// Coupon campaigns that allow in-app validation, are not cancelled and no other group's; and the group's own,
/// whatever has become of it.
pub fn free(conn: &mut PgConnection, own: Option<GroupId>) -> QueryResult<Vec<CampaignChoice>> {
    diesel::sql_query(
        "SELECT id::text AS id,
           CASE WHEN name = '' THEN 'Campaign ' || id || ', no name yet'
                WHEN count(*) OVER (PARTITION BY lower(name)) > 1 THEN name || ' (campaign ' || id || ')'
                ELSE name END AS name
         FROM campaign
         WHERE kind = 'coupon' AND allow_in_app_validation
           AND (cancelled_at IS NULL OR id = (SELECT campaign_id FROM member_group WHERE id = $1))
           AND NOT EXISTS (SELECT FROM member_group AS other WHERE other.campaign_id = campaign.id
                           AND other.id IS DISTINCT FROM $1)
         ORDER BY lower(campaign.name), campaign.id",
    )
    .bind::<Nullable<BigInt>, _>(own)
    .load(conn)
}

/// The campaign that the group will join by: the chosen one, or one made now. `kept` is the group being edited.
pub fn resolve(
    conn: &mut PgConnection,
    group: &NewGroup,
    kept: Option<&MemberGroup>,
    account: Uuid,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Option<CampaignId>, SaveError> {
    let by = match &group.joining {
        Joining::ByCode { by, .. } => by,
        Joining::Hidden | Joining::Open { .. } => return Ok(None),
    };
    match by {
        JoinBy::NewCampaign(codes) => code_campaign::create(conn, group, codes, account, zone, now).map(Some),
        JoinBy::Campaign(id) => {
            let found = JoinCampaign::find(conn, *id).optional()?;
            let found = found.ok_or_else(|| FieldErrors::one("campaign", "Choose a campaign"))?;
            let is_kept = kept.is_some_and(|group| group.campaign_id == Some(*id));
            if found.cancelled_at.is_some() && !is_kept {
                return Err(FieldErrors::one("campaign", "This campaign is cancelled. Choose a different one.").into());
            }
            Ok(Some(*id))
        }
    }
}
