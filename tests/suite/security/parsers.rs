//! Whatever is read from outside, by any text at all: nothing panics, and what is accepted comes back the same.

use muster::accounts::LinkToken;
use muster::campaigns::gtin::Gtin;
use muster::codes::text::CodeText;
use muster::members::contact::Contact;
use muster::members::email::Email;
use muster::members::phone::Phone;
use muster::members::search_words::SearchWords;
use muster::members::{Guarded, Sight};
use muster::support::event::Event;
use muster::support::lookup::Lookup;
use muster::web::csv_text;
use proptest::prelude::*;

/// Any text, and texts that look like what is read.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ +()0-9./\u{a0}-]{0,24}",
        "[a-zA-Z0-9._%+@ -]{0,40}",
        "[A-Z0-9 -]{0,24}",
        "[\"',;\r\n\t=+@\u{feff}a-z0-9]{0,40}",
        "[\\x00-\\x20%&<>'\"\\\\]{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_comes_back_the_same(text in texts(), region in "[A-Z]{2}|.{0,4}") {
        if let Ok(phone) = Phone::parse(&text, &region) {
            prop_assert_eq!(Phone::parse(phone.as_str(), &region), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse(&phone.display(), ""), Ok(phone));
        }
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(Email::parse(email.as_str()).map(|again| again.as_str().to_owned()), Ok(email.as_str().to_owned()));
        }
        if let Ok(contact) = Contact::parse(&text, &region) {
            prop_assert_eq!(Contact::parse(contact.as_str(), &region), Ok(contact));
        }
        if let Ok(code) = CodeText::parse(&text) {
            let written = code.clone().into_string();
            prop_assert_eq!(CodeText::parse(&code.grouped()).map(CodeText::into_string), Ok(written));
        }
        if let Ok(gtin) = Gtin::parse(&text) {
            let again = gtin.to_string();
            prop_assert_eq!(Gtin::parse(&again).map(|gtin| gtin.to_string()), Ok(again));
        }
        if let Some(token) = LinkToken::read(&text) {
            prop_assert_eq!(token.text(), text.as_str());
        }
    }

    #[test]
    fn nothing_that_is_looked_for_breaks_the_search(text in texts(), region in "[A-Z]{2}|.{0,4}") {
        Lookup::parse(&text, &region);
        Event::parse_key(&text);
        for sight in [Sight::Full, Sight::Masked] {
            let words = SearchWords::parse_for(&text, sight);
            prop_assert!(words.patterns.iter().all(|pattern| !pattern.contains('\0')));
            words.condition(1);
        }
    }

    #[test]
    fn what_is_masked_gives_nothing_away(digits in "[1-9][0-9]{7,13}", name in "[a-z]{3,12}", around in "[ a-zA-Z,:<>()]{0,12}") {
        let (phone, email) = (format!("+{digits}"), format!("{name}@example.com"));
        for text in [
            Guarded::new(phone.clone()).shown(Sight::Masked),
            Guarded::new(email.clone()).shown(Sight::Masked),
            Sight::Masked.text(&format!("{around} {phone} {around} {email} {around}")),
            Sight::Masked.foreign(&format!("{around} {digits} {around} <{email}>{around}")),
        ] {
            let bare: String = text.chars().filter(char::is_ascii_digit).collect();
            prop_assert!(!bare.contains(&digits) && !text.contains(&email), "{}", text);
        }
    }

    #[test]
    fn no_cell_is_a_formula_and_every_one_comes_back(cells in prop::collection::vec(texts(), 1..6)) {
        let text = format!("{}{}", csv_text::BYTE_ORDER_MARK, csv_text::rows([cells.clone()]).unwrap());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        prop_assert_eq!(row.len(), cells.len());
        for (read, cell) in row.iter().zip(&cells) {
            prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{:?}", read);
            prop_assert_eq!(read.strip_prefix('\'').filter(|rest| rest == cell).unwrap_or(read), cell);
        }
    }
}
