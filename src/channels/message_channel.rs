//! SMS, e-mail, push.

/// A way of reaching members outside the app's own pages: it needs their consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MessageChannel {
    /// Text messages.
    Sms,
    /// E-mail.
    Email,
    /// Notifications of the app.
    Push,
}

impl MessageChannel {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Email, Self::Push];

    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Push => "push",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Email => "E-mail",
            Self::Push => "Push",
        }
    }

    /// As Settings → Channels names it.
    pub fn page_name(self) -> &'static str {
        if self == Self::Push { "Web push" } else { self.label() }
    }

    /// The name of its box in a form.
    pub fn consent_label(self) -> String {
        format!("{} consent", self.label())
    }

    /// The channel with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }
}
