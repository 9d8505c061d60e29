//! One connection to a mail server, kept for many messages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};

use super::content;
use super::session::{Session, is_reply, words};
use super::settings::{SECRET_PURPOSE, SmtpSecret, SmtpSettings};
use crate::channels::transport::{Outcome, Outgoing, Transport};
use crate::sealed::Keys;
use crate::sending::ChannelRow;
use crate::settings::Organisation;

/// A connection without work is closed after this; servers close theirs after minutes.
const IDLE: Duration = Duration::from_secs(10);

/// A message that waited longer for its hand-over may find that the server has gone meanwhile.
const LONG_AGO: Duration = Duration::from_millis(2);

/// Sends by SMTP.
pub struct SmtpTransport {
    settings: SmtpSettings,
    secret: SmtpSecret,
    organisation: Arc<Organisation>,
    session: Option<Session>,
}

/// How far it came before the hand-over.
enum Step {
    Mail,
    Rcpt,
    Data,
}

/// Why it came no further.
struct Stopped {
    step: Step,
    error: lettre::transport::smtp::Error,
    /// The server now waits for a message's text all the same.
    in_data: bool,
}

impl SmtpTransport {
    /// As the channel is set up.
    pub fn of(channel: &ChannelRow, keys: &Keys) -> Result<Self, String> {
        let secret = channel.secret(keys, SECRET_PURPOSE)?;
        Ok(Self::new(channel.settings()?, secret, channel.organisation.clone()))
    }

    /// With these settings, connected when the first message is there.
    pub fn new(settings: SmtpSettings, secret: SmtpSecret, organisation: Arc<Organisation>) -> Self {
        Self { settings, secret, organisation, session: None }
    }

    /// Connects and announces the message; a kept connection that fails is replaced once.
    fn announce(&mut self, message: &Outgoing) -> Result<(), Outcome> {
        let sender = content::address(&self.settings.sender_address).map_err(Outcome::Away)?;
        let recipient = content::recipient(message).map_err(Outcome::Refused)?;
        let needs_utf8 = !recipient.to_string().is_ascii();
        loop {
            let (mut session, is_kept) = match self.session.take() {
                Some(session) => (session, true),
                None => (Session::open(&self.settings, &self.secret).map_err(Outcome::Away)?, false),
            };
            if needs_utf8 && !session.conn.server_info().supports_feature(Extension::SmtpUtfEight) {
                self.session = Some(session);
                return Err(Outcome::Refused("The mail server takes no addresses with such letters (SMTPUTF8)".into()));
            }
            let options = if needs_utf8 { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
            let mail = Mail::new(Some(sender.clone()), options);
            match begin(&mut session, &mail, &Rcpt::new(recipient.clone(), Vec::new())) {
                Ok(()) => {
                    self.session = Some(session);
                    return Ok(());
                }
                // closed meanwhile, or tired of us: a new one may do
                Err(stopped) if is_kept && (!is_reply(&stopped.error) || matches!(stopped.step, Step::Mail)) => {}
                Err(stopped) => return Err(self.stopped(session, stopped, needs_utf8)),
            }
        }
    }

    fn stopped(&mut self, mut session: Session, stopped: Stopped, needs_utf8: bool) -> Outcome {
        let Stopped { step, error, in_data } = stopped;
        let closing = error.status().is_some_and(|code| code.to_string() == "421");
        if is_reply(&error) && !closing && !in_data && session.conn.command(Rset).is_ok() {
            self.session = Some(session);
        }
        let words = words(&error);
        match step {
            // before the recipient is named: it is not the recipient's fault
            Step::Mail if is_reply(&error) && !needs_utf8 => Outcome::Away(words),
            _ if error.is_permanent() => Outcome::Refused(words),
            _ => Outcome::Later(words, None),
        }
    }
}

/// MAIL, RCPT, DATA: in one go where the server allows it.
fn begin(session: &mut Session, mail: &Mail, rcpt: &Rcpt) -> Result<(), Stopped> {
    let conn = &mut session.conn;
    let at = |step, error| Stopped { step, error, in_data: false };
    if !session.pipelining {
        conn.command(mail).map_err(|error| at(Step::Mail, error))?;
        conn.command(rcpt).map_err(|error| at(Step::Rcpt, error))?;
        return conn.command(Data).map(|_| ()).map_err(|error| at(Step::Data, error));
    }
    let mail = conn.command(format!("{mail}{rcpt}{Data}"));
    if let Err(error) = &mail
        && !is_reply(error)
    {
        return mail.map(|_| ()).map_err(|error| at(Step::Mail, error));
    }
    let rcpt = conn.read_response();
    let data = conn.read_response();
    let in_data = data.is_ok();
    mail.map_err(|error| Stopped { step: Step::Mail, error, in_data })?;
    rcpt.map_err(|error| Stopped { step: Step::Rcpt, error, in_data })?;
    data.map(|_| ()).map_err(|error| at(Step::Data, error))
}

impl Transport for SmtpTransport {
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        let text = match content::mail(message, &self.settings, &self.organisation) {
            Ok(text) => text,
            Err(words) => return Outcome::Refused(words),
        };
        if let Err(outcome) = self.announce(message) {
            return outcome;
        }
        let announced = Instant::now();
        let Some(mut session) = self.session.take() else { return Outcome::Later("No connection".into(), None) };
        if !hand_over() {
            // a message that was announced can be called off by hanging up only: `session` is dropped
            return Outcome::Unwanted;
        }
        let timeout = Duration::from_secs(self.settings.timeout.into());
        if announced.elapsed() > LONG_AGO && !session.is_there(timeout) {
            return Outcome::Away("The mail server hung up".into());
        }
        let outcome = match session.text(&text) {
            Ok(()) => Outcome::Sent(None),
            Err(error) if error.is_permanent() => Outcome::Refused(words(&error)),
            Err(error) if error.is_transient() => Outcome::Later(words(&error), None),
            Err(error) => return Outcome::Uncertain(words(&error)),
        };
        session.used = Instant::now();
        self.session = Some(session);
        outcome
    }

    fn rest(&mut self) {
        if self.session.as_ref().is_some_and(|session| session.used.elapsed() > IDLE)
            && let Some(session) = self.session.take()
        {
            session.close();
        }
    }
}
