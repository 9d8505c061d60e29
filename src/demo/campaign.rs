//! A campaign of the demo, and how it is stored.

use chrono::{DateTime, NaiveTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::calendar::Calendar;
use crate::campaigns::Channel;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// What a campaign offers.
pub enum Offer {
    /// For nothing.
    FreeItem,
    /// Hundredths of a percent.
    PercentOff(i32),
    /// Cents.
    FixedPrice(i64),
    /// Buy so many, get so many.
    BuyGet(i32, i32),
    /// A way into a group.
    EntryOnly,
}

/// Where its codes come from.
pub enum Codes {
    /// One for all, with so many uses.
    One(String, Option<i32>),
    /// So many, for one use each.
    Many(i32),
    /// One for each receiver.
    Personal,
    /// Not decided yet.
    Undecided,
}

/// A campaign; days count from today.
pub struct CampaignSpec {
    /// Its channel.
    pub channel: Channel,
    /// For colleagues.
    pub name: &'static str,
    /// For members.
    pub title: &'static str,
    pub body: &'static str,
    pub terms: &'static str,
    /// What the SMS says, or subject and body of the e-mail.
    pub sms: &'static str,
    pub email: (&'static str, &'static str),
    pub offer: Option<Offer>,
    pub products: &'static [&'static str],
    pub codes: Codes,
    pub prefix: &'static str,
    pub in_app: bool,
    /// Includes and excludes, by place.
    pub groups: &'static [(usize, bool)],
    pub everyone: Option<bool>,
    pub also_later: bool,
    /// First and last day.
    pub days: Option<(i64, i64)>,
    pub validity_days: Option<i32>,
    /// Marks, in days before today.
    pub published: Option<i64>,
    pub paused: Option<i64>,
    pub cancelled: Option<i64>,
    /// Nobody was there at its start: it waits for an answer.
    pub held: bool,
    /// Days before expiry.
    pub reminder_days: Option<i16>,
}

/// A stored campaign.
pub struct Campaign {
    /// Key.
    pub id: CampaignId,
    /// What it was made from.
    pub spec: CampaignSpec,
    /// When its draft was begun.
    pub made_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
    pub paused_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// An offer's columns.
#[derive(Default)]
struct Value {
    offer: Option<&'static str>,
    amount: Option<i64>,
    percent: Option<i32>,
    buy: Option<i32>,
    get: Option<i32>,
}

impl CampaignSpec {
    /// Stores it.
    pub fn insert(
        self,
        conn: &mut PgConnection,
        calendar: &Calendar,
        author: Uuid,
        picture: Option<Uuid>,
    ) -> QueryResult<Campaign> {
        let back = self.published.unwrap_or(1);
        let mut stored = Campaign {
            id: CampaignId(0),
            made_at: calendar.at(-back - 4, 9, 31),
            published_at: self.published.map(|back| calendar.at(-back, 11, 20)),
            paused_at: self.paused.map(|back| calendar.at(-back, 16, 5)),
            cancelled_at: self.cancelled.map(|back| calendar.at(-back, 13, 48)),
            starts_at: self.days.map(|(first, _)| calendar.day(first)),
            ends_at: self.days.map(|(_, last)| calendar.day(last + 1)),
            spec: self,
        };
        stored.id = stored.store(conn, author, picture)?;
        stored.issue_is_done(conn, calendar)?;
        Ok(stored)
    }

    fn value(&self) -> Value {
        let none = Value::default();
        match self.offer {
            None => none,
            Some(Offer::FreeItem) => Value { offer: Some("free_item"), ..none },
            Some(Offer::EntryOnly) => Value { offer: Some("entry_only"), ..none },
            Some(Offer::FixedPrice(cents)) => Value { offer: Some("fixed_price"), amount: Some(cents), ..none },
            Some(Offer::PercentOff(percent)) => Value { offer: Some("percent_off"), percent: Some(percent), ..none },
            Some(Offer::BuyGet(buy, get)) => {
                Value { offer: Some("buy_x_get_y"), buy: Some(buy), get: Some(get), ..none }
            }
        }
    }
}

impl Campaign {
    fn store(&self, conn: &mut PgConnection, author: Uuid, picture: Option<Uuid>) -> QueryResult<CampaignId> {
        let spec = &self.spec;
        let value = spec.value();
        let (source, shared, in_all, count) = match &spec.codes {
            Codes::One(text, in_all) => (Some("one"), Some(text), *in_all, None),
            Codes::Many(count) => (Some("many"), None, None, Some(*count)),
            Codes::Personal => (Some("personal"), None, None, None),
            Codes::Undecided => (None, None, None, None),
        };
        let content = (
            campaign::kind.eq("coupon"),
            campaign::channel.eq(spec.channel.key()),
            campaign::created_at.eq(self.made_at),
            campaign::created_by.eq(author),
            campaign::name.eq(spec.name),
            campaign::title.eq(spec.title),
            campaign::body.eq(spec.body),
            campaign::terms.eq(spec.terms),
            campaign::picture_id.eq(picture),
            campaign::sms_sender.eq(if spec.sms.is_empty() { "" } else { "Kontor" }),
            campaign::sms_text.eq(spec.sms),
            campaign::email_subject.eq(spec.email.0),
            campaign::email_body.eq(spec.email.1),
        );
        let pos = (
            campaign::offer.eq(value.offer),
            campaign::amount.eq(value.amount),
            campaign::percent.eq(value.percent),
            campaign::buy_quantity.eq(value.buy),
            campaign::get_quantity.eq(value.get),
            campaign::products.eq(spec.products),
            campaign::code_source.eq(source),
            campaign::shared_code.eq(shared),
            campaign::validations_in_all.eq(in_all),
            campaign::code_count.eq(count),
            campaign::code_prefix.eq(spec.prefix),
            campaign::allow_in_app_validation.eq(spec.in_app),
        );
        let quiet = |hour| NaiveTime::from_hms_opt(hour, 0, 0).filter(|_| self.has_messages());
        let time = (
            campaign::everyone.eq(spec.everyone),
            campaign::also_later.eq(spec.also_later),
            campaign::starts_at.eq(self.starts_at),
            campaign::ends_at.eq(self.ends_at),
            campaign::validity_days.eq(spec.validity_days),
            campaign::reminder_days.eq(spec.reminder_days),
            campaign::quiet_from.eq(quiet(21)),
            campaign::quiet_until.eq(quiet(8)),
            campaign::published_at.eq(self.published_at),
            campaign::paused_at.eq(self.paused_at),
            campaign::cancelled_at.eq(self.cancelled_at),
        );
        diesel::insert_into(campaign::table)
            .values((content, pos, time))
            .returning(campaign::id)
            .get_result(conn)
            .map(CampaignId)
    }

    /// Whether receivers get SMS or e-mails.
    pub fn has_messages(&self) -> bool {
        matches!(self.spec.channel, Channel::Sms | Channel::Email)
    }

    /// The bit in `delivery.through` of a group, by its place.
    pub fn bit(&self, group: usize) -> i64 {
        let place = self.spec.groups.iter().filter(|(_, included)| *included).position(|(at, _)| *at == group);
        place.map_or(0, |place| 1 << place)
    }

    /// When it was issued, if it was: at its start.
    pub fn issued_at(&self, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let has_receivers = self.spec.channel != Channel::Code && self.published_at.is_some();
        self.starts_at
            .filter(|start| has_receivers && !self.spec.held && *start <= calendar.now)
            .map(|start| start + chrono::Duration::seconds(2))
    }

    fn issue_is_done(&self, conn: &mut PgConnection, calendar: &Calendar) -> QueryResult<()> {
        let Some(at) = self.issued_at(calendar) else { return Ok(()) };
        diesel::update(campaign::table.find(self.id.0))
            .set((campaign::issuing_since.eq(at), campaign::issued_at.eq(at)))
            .execute(conn)
            .map(|_| ())
    }
}
