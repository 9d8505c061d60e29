//! Which transport a channel has.

use super::channel_row::ChannelRow;
use crate::channels::push::PushTransport;
use crate::channels::sms::SmsTransport;
use crate::channels::transport::Transport;
use crate::channels::{MessageChannel, email};
use crate::clock::Clock;
use crate::sealed::Keys;

/// A way out as the channel is set up, or why there is none.
pub fn transport_of(channel: &ChannelRow, keys: &Keys, clock: &Clock) -> Result<Box<dyn Transport>, String> {
    let url = &channel.public_url;
    Ok(match channel.channel {
        MessageChannel::Email => Box::new(email::SmtpTransport::of(channel, keys)?),
        MessageChannel::Sms => {
            Box::new(SmsTransport::new(channel.settings()?, channel.secret(keys, "channel sms")?, url))
        }
        MessageChannel::Push => {
            let settings = channel.settings.clone();
            Box::new(PushTransport::of(settings, channel.secret.as_deref(), keys, url, clock)?)
        }
    })
}
