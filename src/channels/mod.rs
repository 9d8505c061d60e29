//! Settings → **Channels**: how messages leave, each channel with its transport.

pub mod email;
mod gated;
mod message_channel;
pub mod open;
pub mod push;
pub mod sms;
pub mod stored;
pub mod transport;

pub use message_channel::MessageChannel;
pub use open::open;
pub use stored::StoredChannel;
