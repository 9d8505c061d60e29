//! Web push: notifications on members' devices (RFC 8030, 8188, 8291, 8292).

pub mod address;
pub mod answer;
pub mod device;
mod errand;
pub mod guarded;
pub mod notice;
pub mod settings;
pub mod subscription;
pub mod transport;
pub mod vapid;

pub use settings::PushSettings;
pub use subscription::Subscription;
pub use transport::PushTransport;
