//! A connection to a mail server, from the greeting to signed in.

use std::error::Error as _;
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::Ehlo;
use lettre::transport::smtp::extension::ClientId;

use super::settings::{Security, SmtpSecret, SmtpSettings};

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

/// The server's own words, with its code.
pub fn words(error: &Error) -> String {
    match (error.status(), error.source()) {
        (Some(code), Some(source)) => format!("{code} {source}"),
        (Some(code), None) => code.to_string(),
        (None, _) => error.to_string(),
    }
}
