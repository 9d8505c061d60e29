//! SMS through an HTTP gateway: Kannel, Twilio or one that speaks like it, or any other by a template.

mod answer;
mod generic;
mod kannel;
mod sender;
pub mod settings;
pub mod template;
mod transport;
mod twilio;

pub use answer::Answer;
pub use sender::Sender;
pub use settings::{BodyKind, Method, Preset, SmsSecret, SmsSettings};
pub use transport::SmsTransport;
