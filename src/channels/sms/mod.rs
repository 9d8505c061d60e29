//! SMS through an HTTP gateway: Kannel, Twilio or one that speaks like it, or any other by a template.

mod answer;
pub mod form;
mod generic;
mod kannel;
pub mod page;
mod sender;
pub mod settings;
pub mod template;
mod transport;
mod twilio;

pub use answer::Answer;
pub use sender::Sender;
pub use settings::{BodyKind, Method, Preset, SmsSecret, SmsSettings};
pub use transport::SmsTransport;
