//! Settings → **Channels**: how messages leave, each channel with its transport.

pub mod email;
mod gated;
pub mod index;
mod message_channel;
mod pace_form;
pub mod push;
pub mod push_page;
pub mod reports;
mod saving;
pub mod sms;
mod standing;
pub mod stored;
pub mod test_send;
mod tested;
pub mod transport;

pub use message_channel::MessageChannel;
pub use stored::StoredChannel;
