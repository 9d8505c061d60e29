//! Settings → **Channels**: how messages leave, each channel with its transport.

pub mod email;
mod message_channel;
pub mod push;
pub mod transport;

pub use message_channel::MessageChannel;
