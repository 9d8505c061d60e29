//! A coupon as its holder sees it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::campaigns::picture;
use crate::campaigns::valid_times::ValidTimes;
use crate::channels::MessageChannel;
use crate::codes::barcode::{Barcode, svg};
use crate::codes::text::CodeText;
use crate::ids::{CampaignId, MemberId};
use crate::settings::Organisation;

/// What a member holds of a campaign.
#[derive(Debug, Clone)]
pub struct Coupon {
    /// Whose.
    pub member: MemberId,
    /// Of this campaign.
    pub campaign: CampaignId,
    /// By which messages it came, if by any: they can be ended.
    pub messages: Option<MessageChannel>,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Terms.
    pub terms: String,
    /// Image.
    pub picture: Option<Picture>,
    /// "20 % off"; empty where there is nothing to say.
    pub offer: String,
    /// "Until 24 Dec 2026".
    pub until: String,
    /// The same as a moment: the first at which it works no more.
    pub ends_at: Option<DateTime<Utc>>,
    /// "Monday to Friday, 08:00–12:00"; empty where it works at any time.
    pub times: String,
    /// Whether it works, and why not.
    pub state: State,
    /// Whether the holder has opened it.
    pub seen: bool,
    /// How the code is drawn.
    pub(super) barcode: Barcode,
    /// The code.
    pub code: Option<CodeText>,
}

/// An uploaded picture's address and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Key.
    pub id: Uuid,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}

/// Whether a coupon works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It does.
    Valid,
    /// It does at other times; when it works next.
    Later(ValidTimes, Option<DateTime<Utc>>),
    /// All its uses are taken; when this holder used it, if they did.
    Used(Option<DateTime<Utc>>),
    /// Its time is over.
    Expired(DateTime<Utc>),
    /// Its time has not come.
    Upcoming(DateTime<Utc>),
    /// Stopped for the moment.
    Paused,
    /// Taken back.
    Withdrawn,
    /// The holder is blocked.
    Blocked,
}

impl State {
    /// For programs.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Later(..) => "not_now",
            Self::Used(_) => "used",
            Self::Expired(_) => "expired",
            Self::Upcoming(_) => "upcoming",
            Self::Paused => "paused",
            Self::Withdrawn => "withdrawn",
            Self::Blocked => "blocked",
        }
    }

    /// One word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Valid => "Valid",
            Self::Later(..) => "Not now",
            Self::Used(_) => "Used",
            Self::Expired(_) => "Expired",
            Self::Upcoming(_) => "Upcoming",
            Self::Paused => "Paused",
            Self::Withdrawn => "Withdrawn",
            Self::Blocked => "Blocked",
        }
    }

    /// For style.
    pub fn tone(&self) -> &'static str {
        match self {
            Self::Valid => "good",
            Self::Later(..) | Self::Upcoming(_) => "info",
            Self::Paused => "warn",
            Self::Used(_) | Self::Expired(_) => "quiet",
            Self::Withdrawn | Self::Blocked => "stop",
        }
    }

    /// Whether there is a code to show: it works, or will without anyone's doing.
    pub fn shows_code(&self) -> bool {
        matches!(self, Self::Valid | Self::Later(..))
    }

    /// Whether it is over for good.
    pub fn is_past(&self) -> bool {
        matches!(self, Self::Used(_) | Self::Expired(_) | Self::Withdrawn)
    }

    /// Why it does not work, and what comes next; empty where it does.
    pub fn reason(&self, organisation: &Organisation) -> String {
        match self {
            Self::Valid => String::new(),
            Self::Later(times, Some(next)) => {
                format!("It works {}. Next from {}.", times.words(), organisation.moment(*next))
            }
            Self::Later(times, None) => format!("It works {}.", times.words()),
            Self::Used(Some(at)) => format!("You used it on {}.", organisation.moment(*at)),
            Self::Used(None) => "It has been used as often as it may be.".into(),
            Self::Expired(at) => format!("It was valid until {}.", organisation.end(*at)),
            Self::Upcoming(at) => format!("It works from {}.", organisation.moment(*at)),
            Self::Paused => "It cannot be used at the moment. Try again later.".into(),
            Self::Withdrawn => "It was withdrawn and cannot be used any more.".into(),
            Self::Blocked => "Your account is blocked, so it cannot be used. Ask our staff for help.".into(),
        }
    }
}

impl Coupon {
    /// The code as one reads it out: "BARI STA7".
    pub fn code_text(&self) -> String {
        self.code.as_ref().map(CodeText::grouped).unwrap_or_default()
    }

    /// Whether its code needs smaller letters to stand on one line of a phone.
    pub fn has_long_code(&self) -> bool {
        self.code.as_ref().is_some_and(|code| code.as_str().len() > 10)
    }

    /// The code as a picture in the page itself, which needs no further request at the till.
    pub fn barcode_src(&self) -> Option<String> {
        let drawn = svg(self.drawn_as(), self.code.as_ref()?.as_str()).ok()?;
        Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn)))
    }

    /// What the picture is, for those who do not see it.
    pub fn barcode_alt(&self) -> String {
        match self.drawn_as() {
            Barcode::Qr => "QR code".into(),
            bars => format!("{} barcode", bars.label()),
        }
    }

    /// Whether the picture is wide rather than square.
    pub fn has_bars(&self) -> bool {
        self.drawn_as() != Barcode::Qr
    }

    /// A code that its barcode cannot hold is drawn as QR, which holds any.
    pub fn drawn_as(&self) -> Barcode {
        let fits = self.code.as_ref().is_some_and(|code| self.barcode.fits(code.as_str()).is_ok());
        if fits { self.barcode } else { Barcode::Qr }
    }
}

impl Picture {
    /// Its address.
    pub fn src(&self) -> String {
        picture::path(self.id)
    }
}
