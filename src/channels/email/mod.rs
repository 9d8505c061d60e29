//! E-mail by SMTP.

pub mod form;
pub mod page;
pub mod settings;

pub use settings::{SmtpSecret, SmtpSettings};
