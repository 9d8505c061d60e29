//! What providers report about messages that they took: arrived, bounced, complained of.

pub mod email_hook;
pub mod fields;
mod find;
mod report;
pub mod sms_hook;
mod sms_words;
mod twilio_signature;
mod wrong_secret;

pub use report::{Event, Report};
