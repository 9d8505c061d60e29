//! Why someone who came from the provider does not get in, in words for them.

use crate::error::AppError;

/// Each with its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Many talk to the provider already.
    Busy,
    /// It cannot be reached, or says of itself what makes no sense.
    Away,
    /// What it said cannot be believed.
    Invalid,
    /// It was too long ago, in another browser, or has been used.
    Over,
    /// The provider itself did not let them in.
    Denied,
    /// It has not seen that the address is theirs.
    Unverified,
    /// Nobody here is linked to them.
    Unknown,
    /// Someone here has their address, and links it themself.
    EmailTaken,
    /// They are disabled here.
    Disabled,
    /// Nothing that they are there means a role here.
    NoRole,
    /// They would lose the role that nobody else has.
    LastAdmin,
    /// Linked to someone else here.
    Another,
}

impl Refused {
    /// With the cause in the log.
    pub fn away(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(%cause, "the OpenID Connect provider cannot be used");
        Self::Away
    }

    /// With the cause in the log.
    pub fn invalid(cause: impl std::fmt::Display) -> Self {
        tracing::warn!(%cause, "an OpenID Connect sign-in was not believed");
        Self::Invalid
    }

    /// What happened, and what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Busy => "Many people sign in at this moment. Try again in a few seconds.",
            Self::Away => "Your organisation’s sign-in cannot be reached. Try again later, or tell an Admin.",
            Self::Invalid => {
                "What your organisation’s sign-in answered was not accepted. Try again; if it happens again, tell an Admin."
            }
            Self::Over => "That took too long, or was used already. Sign in again.",
            Self::Denied => "Your organisation’s sign-in did not let you in. Try again, or ask whoever looks after it.",
            Self::Unverified => {
                "Your organisation’s sign-in does not say that your e-mail address is yours. Have it verified there first."
            }
            Self::Unknown => "You are not a dashboard user here. Ask an Admin to invite you.",
            Self::EmailTaken => {
                "There is a dashboard user with your e-mail address. Sign in with your password, and link the two under My account."
            }
            Self::Disabled => "Your access here is disabled. Ask an Admin.",
            Self::NoRole => "Your organisation’s sign-in gives you no role here. Ask whoever looks after it.",
            Self::LastAdmin => {
                "You are the last Admin here, and your organisation’s sign-in makes you something else. Another Admin must sign in first."
            }
            Self::Another => "This sign-in belongs to another dashboard user. Nothing was changed.",
        }
    }
}

/// A sign-in that came to nothing.
#[derive(Debug)]
pub enum NotIn {
    /// For a reason that they are told.
    Refused(Refused),
    /// Our fault.
    Failed(AppError),
}

impl From<Refused> for NotIn {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<AppError> for NotIn {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<diesel::result::Error> for NotIn {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}
