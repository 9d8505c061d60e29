//! Which transport a channel has.

use super::channel_row::ChannelRow;
use crate::channels::transport::Transport;
use crate::channels::{MessageChannel, email};
use crate::sealed::Keys;

/// A way out as the channel is set up, or why there is none.
pub fn transport_of(channel: &ChannelRow, keys: &Keys) -> Result<Box<dyn Transport>, String> {
    match channel.channel {
        MessageChannel::Email => Ok(Box::new(email::SmtpTransport::of(channel, keys)?)),
        MessageChannel::Sms | MessageChannel::Push => Err(format!("{} has no transport yet", channel.channel.label())),
    }
}
