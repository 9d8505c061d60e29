//! How a coupon reaches people.

/// A coupon's channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Shown in the member app.
    App,
    /// A text message with a link to the coupon.
    Sms,
    /// An e-mail with a link to the coupon.
    Email,
    /// Handed out outside the system, on paper say.
    Code,
}

impl Channel {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::App, Self::Sms, Self::Email, Self::Code];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Code => "code",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Sms => "SMS",
            Self::Email => "E-mail",
            Self::Code => "Code",
        }
    }

    /// The kind of campaign, as **Create campaign** offers it.
    pub fn kind_label(self) -> &'static str {
        match self {
            Self::App => "App coupon",
            Self::Sms => "SMS coupon",
            Self::Email => "E-mail coupon",
            Self::Code => "Code coupon",
        }
    }

    /// The name of its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::App => "device-mobile",
            Self::Sms => "message",
            Self::Email => "mail",
            Self::Code => "ticket",
        }
    }

    /// The channel with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }
}
