//! How many messages an SMS text takes, in words; a script keeps them up to date.

use crate::campaigns::sms_parts::{SmsEncoding, SmsParts};
use crate::config::Config;

/// How long the address of a coupon is: `/c/` and a token.
pub fn link_length(config: &Config) -> usize {
    const TOKEN: usize = 36;
    config.public_url.chars().count() + "/c/".len() + TOKEN
}

/// "1 message, 32 characters left".
pub fn words(text: &str, link_length: usize) -> String {
    let parts = SmsParts::with_link(text.trim(), link_length);
    let messages = if parts.parts == 1 { "message" } else { "messages" };
    let left = if parts.left == 1 { "character" } else { "characters" };
    let why = if parts.encoding == SmsEncoding::Ucs2 { ", with characters that need more room" } else { "" };
    format!("{} {messages}, {} {left} left{why}", parts.parts, parts.left)
}
