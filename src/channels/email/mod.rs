//! E-mail by SMTP.

mod content;
pub mod form;
pub mod page;
mod session;
pub mod settings;
mod transport;

pub use settings::{SmtpSecret, SmtpSettings};
pub use transport::SmtpTransport;
