//! A connection to a mail server, from the greeting to signed in.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::Ehlo;
use lettre::transport::smtp::extension::ClientId;

use super::settings::{Security, SmtpSecret, SmtpSettings};

/// How long is looked whether the server has hung up.
const GLANCE: Duration = Duration::from_millis(1);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// A connection that takes messages.
pub struct Session {
    /// The connection.
    pub conn: SmtpConnection,
    /// Whether the server takes several commands in one go.
    pub pipelining: bool,
    /// When it was last used.
    pub used: Instant,
}

impl Session {
    /// Connects, protects the connection, signs in; or says why not.
    pub fn open(settings: &SmtpSettings, secret: &SmtpSecret) -> Result<Self, String> {
        let told = |error: Error| words(&error);
        let timeout = Some(Duration::from_secs(settings.timeout.into()));
        let hello = ClientId::default();
        let tls = tls(settings).map_err(told)?;
        let at_once = tls.as_ref().filter(|_| settings.security == Security::Tls);
        let server = (settings.host.as_str(), settings.port);
        let mut conn = SmtpConnection::connect(server, timeout, &hello, at_once, None).map_err(told)?;
        if let Some(tls) = tls.as_ref().filter(|_| settings.security == Security::StartTls) {
            conn.starttls(tls, &hello).map_err(told)?;
        }
        if !settings.user.is_empty() {
            let credentials = Credentials::new(settings.user.clone(), secret.password.clone());
            conn.auth(DEFAULT_MECHANISMS, &credentials).map_err(told)?;
        }
        // lettre keeps only what it uses itself of what the server can do
        let can = conn.command(Ehlo::new(hello)).map_err(told)?;
        let pipelining = can.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
        Ok(Self { conn, pipelining, used: Instant::now() })
    }

    /// Sends the text of a message, as it stands in mail programs' files, and waits for the answer. In one write: in two,
    /// the second would wait for the server's acknowledgement of the first (Nagle, 40 ms).
    pub fn text(&mut self, text: &str) -> Result<(), Error> {
        let mut wire = String::with_capacity(text.len() + 64);
        if text.starts_with('.') {
            wire.push('.');
        }
        wire.push_str(&text.replace("\r\n.", "\r\n.."));
        wire.push_str(if wire.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" });
        self.conn.command(wire).map(|_| ())
    }

    /// Whether the server is still there: it has not hung up, and has not said goodbye.
    pub fn is_there(&mut self, timeout: Duration) -> bool {
        let silent = self.conn.set_timeout(Some(GLANCE)).is_ok()
            && self.conn.read_response().is_err_and(|error| is_timeout(&error));
        silent && self.conn.set_timeout(Some(timeout)).is_ok()
    }

    /// Says goodbye.
    pub fn close(mut self) {
        let _ = self.conn.set_timeout(Some(GOODBYE));
        let _ = self.conn.quit();
    }
}

fn tls(settings: &SmtpSettings) -> Result<Option<TlsParameters>, Error> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.ca_certificate {
        builder = builder.add_root_certificate(Certificate::from_pem(pem.as_bytes())?);
    }
    builder.build().map(Some)
}

/// Whether the server answered, though with no; else the connection is of no use any more.
pub fn is_reply(error: &Error) -> bool {
    error.status().is_some()
}

fn is_timeout(error: &Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| matches!(io.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

/// The server's own words, with its code.
pub fn words(error: &Error) -> String {
    match (error.status(), error.source()) {
        (Some(code), Some(source)) => format!("{code} {source}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}
