//! E-mail by SMTP.

mod content;
mod session;
pub mod settings;
mod transport;

pub use settings::{SmtpSecret, SmtpSettings};
pub use transport::SmtpTransport;
