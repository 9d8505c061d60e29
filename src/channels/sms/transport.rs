//! The way out of SMS.

use ureq::http::{self, Request};

use super::answer::{Answer, trouble};
use super::settings::{Preset, SmsSecret, SmsSettings};
use super::{generic, kannel, twilio};
use crate::channels::gated::{Answered, GatedClient};
use crate::channels::transport::{Outcome, Outgoing, Transport};

/// Speaks to the gateway.
pub struct SmsTransport {
    settings: SmsSettings,
    secret: SmsSecret,
    callback: String,
    client: GatedClient,
}

impl SmsTransport {
    /// With these settings.
    pub fn new(settings: SmsSettings, secret: SmsSecret, public_url: &str) -> Self {
        let callback = secret.callback(public_url);
        Self { settings, secret, callback, client: GatedClient::new() }
    }

    fn request(&self, message: &Outgoing) -> http::Result<Request<Vec<u8>>> {
        let sender = if message.sender.is_empty() { &self.settings.sender } else { &message.sender };
        let make = match self.settings.preset {
            Preset::Kannel => kannel::request,
            Preset::Twilio => twilio::request,
            Preset::Generic => generic::request,
        };
        make(&self.settings, &self.secret, &self.callback, message, sender)
    }

    fn outcome(&self, answer: &Answer, message: &Outgoing) -> Outcome {
        match self.settings.preset {
            Preset::Kannel => kannel::outcome(answer, message),
            Preset::Twilio => twilio::outcome(answer),
            Preset::Generic => generic::outcome(&self.settings, answer, message),
        }
    }
}

impl Transport for SmsTransport {
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        let Ok(request) = self.request(message) else {
            return Outcome::Refused("No request can be made of this message with the settings of the gateway".into());
        };
        match self.client.send(request, hand_over) {
            Answered::Yes(response) => self.outcome(&Answer::read(response), message),
            Answered::NotSent(error) => Outcome::Away(trouble(&error)),
            Answered::Unknown(error) => Outcome::Uncertain(trouble(&error)),
            Answered::Unwanted => Outcome::Unwanted,
        }
    }
}
