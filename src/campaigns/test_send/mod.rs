//! Review → **Send a test**: the campaign's message, sent to oneself.

pub mod recipient;
pub mod send;
pub mod sent;
pub mod texts;

pub use send::TestForm;
pub use sent::{SentTest, Trial};
pub use texts::message_channel;
