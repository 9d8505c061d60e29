//! E-mail by SMTP.

pub mod settings;

pub use settings::{SmtpSecret, SmtpSettings};
