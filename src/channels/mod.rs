//! Settings → **Channels**: how messages leave, each channel with its transport.

mod gated;
mod message_channel;
pub mod open;
pub mod sms;
pub mod stored;
pub mod transport;

pub use message_channel::MessageChannel;
pub use open::open;
pub use stored::StoredChannel;
