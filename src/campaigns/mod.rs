//! Campaigns: offers and messages with a time frame and receivers.

pub mod audience;
pub mod audience_sql;
pub mod campaign;
pub mod changes;
pub mod channel;
pub mod chosen;
pub mod code_source;
pub mod content;
pub mod draft;
pub mod gtin;
pub mod image;
pub mod list;
pub mod missing;
pub mod offer;
pub mod pos_input;
pub mod receivers_words;
pub mod sms_parts;
pub mod sms_sender;
pub mod status;
pub mod steps;
pub mod time_settings;
pub mod valid_times;

pub use audience::{Audience, AudienceMember, Part, Reach};
pub use campaign::{Campaign, CampaignRow};
pub use channel::Channel;
pub use code_source::CodeSource;
pub use content::Content;
pub use offer::{Offer, OfferValue};
pub use pos_input::PosInput;
pub use status::{Marks, Status};
pub use time_settings::TimeSettings;
