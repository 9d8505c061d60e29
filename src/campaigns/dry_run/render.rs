//! Messages made for nobody: each with an address of its own, as receivers would get them.

use std::time::Instant;

use uuid::Uuid;

use super::report::Report;
use crate::campaigns::sms_parts::{SmsEncoding, SmsParts};
use crate::campaigns::test_send::texts::{LINK, Texts};
use crate::channels::MessageChannel;

/// Makes so many messages and notes them in the report.
pub fn render(report: &mut Report, channel: MessageChannel, texts: &Texts, public_url: &str, count: i64) {
    let begun = Instant::now();
    let mut message = String::new();
    for _ in 0..count {
        message.clear();
        fill(&mut message, &texts.body, public_url);
        // made, though nobody reads it
        std::hint::black_box(&message);
    }
    report.messages += count;
    report.nanos += i64::try_from(begun.elapsed().as_nanos()).unwrap_or(0);
    if channel == MessageChannel::Sms && count > 0 {
        // addresses differ, their length and alphabet do not: one message stands for all
        let parts = SmsParts::of(message.trim());
        let counted = match parts.encoding {
            SmsEncoding::Gsm7 => &mut report.gsm7,
            SmsEncoding::Ucs2 => &mut report.ucs2,
        };
        counted.messages += count;
        counted.parts += count * i64::try_from(parts.parts).unwrap_or(0);
    }
}

fn fill(message: &mut String, body: &str, public_url: &str) {
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(LINK) {
        message.push_str(before);
        message.push_str(public_url);
        message.push_str("/c/");
        message.push_str(Uuid::new_v4().hyphenated().encode_lower(&mut Uuid::encode_buffer()));
        rest = after;
    }
    message.push_str(rest);
}
