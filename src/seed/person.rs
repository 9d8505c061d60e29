//! A member who might be: name, phone, e-mail, consents. The same number is the same person.

use super::dice::Dice;
use super::names::{ALL, Names, Order};

/// Someone made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// As they write it themselves.
    pub name: String,
    /// E.164; a number that nobody has.
    pub phone: Option<String>,
    /// At example.com, .org or .net, which reach nobody.
    pub email: Option<String>,
    /// Takes text messages.
    pub sms_consent: bool,
    /// Takes e-mail.
    pub email_consent: bool,
    /// Takes push notifications.
    pub push_consent: bool,
    /// Why they are blocked, if they are.
    pub blocked: Option<&'static str>,
}

/// Makes people, each by their number.
#[derive(Debug, Clone, Copy)]
pub struct People {
    /// Another seed, other people.
    pub seed: u64,
}

const BLOCKED: [&str; 5] = [
    "Coupons copied and sold online",
    "Asked by phone not to take part for now",
    "Chargebacks, see the case in the till system",
    "Second account of the same person",
    "Staff discount used by others",
];

/// Berlin, Frankfurt, Hamburg, Köln, München: a thousand numbers each for films and books.
const GERMAN_CITIES: [&str; 5] = ["3023125", "6990009", "4066969", "2214710", "8999998"];

/// Cities of the ranges 212-555-01xx and so on, which are kept free for stories.
const AMERICAN_CITIES: [u64; 10] = [212, 213, 305, 312, 415, 503, 617, 702, 808, 917];

impl People {
    /// The person of this number, from 1.
    pub fn person(&self, number: u64) -> Person {
        let mut dice = Dice::of(self.seed, number);
        let names = &ALL.names[dice.weighted(&ALL.totals)];
        let (name, local) = named(names, number, &mut dice);
        let has = dice.below(100);
        let phone = (has < 92).then(|| phone(number));
        let domain = dice.pick(&["com", "com", "com", "org", "net"]);
        let email = (!(83..92).contains(&has)).then(|| format!("{local}@example.{domain}"));
        Person {
            sms_consent: phone.is_some() && dice.chance(740),
            email_consent: email.is_some() && dice.chance(790),
            push_consent: dice.chance(710),
            blocked: dice.chance(5).then(|| dice.pick(&BLOCKED)),
            name,
            phone,
            email,
        }
    }
}

fn named(names: &Names, number: u64, dice: &mut Dice) -> (String, String) {
    let given = &names.given[dice.index(names.given.len())];
    let family = &names.family[dice.index(names.family.len())];
    let name = match names.order {
        Order::GivenFirst => format!("{} {}", given.native, family.native),
        Order::FamilyFirst => format!("{} {}", family.native, given.native),
        Order::Joined => format!("{}{}", family.native, given.native),
    };
    // the number keeps addresses apart; scrambled, as it would look odd in order
    let number = scrambled(number);
    let local = match dice.below(4) {
        0 => format!("{}{}{number}", given.ascii, family.ascii),
        1 => format!("{}.{}{number}", &given.ascii[..1], family.ascii),
        _ => format!("{}.{}{number}", given.ascii, family.ascii),
    };
    (name, local)
}

/// One to one among numbers of as many digits.
fn scrambled(number: u64) -> u64 {
    let low = 10_u64.pow(number.checked_ilog10().unwrap_or(0));
    // 7,654,321 shares no factor with 9 × 10^n
    low + number.saturating_sub(low) * 7_654_321 % (low * 9)
}

/// Numbers kept free for stories where there are enough of them; else German ones of the block 0158, which no
/// network has.
fn phone(number: u64) -> String {
    let place = number / 40;
    let thousands = usize::try_from(place / 1000).unwrap_or(0);
    match number % 40 {
        3 if place < 5_000 => format!("+49{}{:03}", GERMAN_CITIES[thousands], place % 1000),
        7 if place < 10_000 => format!("+3319900{place:04}"),
        11 if place < 1_000 => {
            let city = AMERICAN_CITIES[usize::try_from(place / 100).unwrap_or(0)];
            format!("+1{city}55501{:02}", place % 100)
        }
        _ => format!("+49158{:08}", number * 60_466_177 % 100_000_000),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::members::{email::Email, phone::Phone};
    use std::collections::HashSet;

    #[test]
    fn people_can_be_members_and_no_two_share_a_contact() {
        let people = People { seed: 1 };
        let (mut contacts, mut names) = (HashSet::new(), HashSet::new());
        for number in 1..=60_000 {
            let person = people.person(number);
            assert!(person.phone.is_some() || person.email.is_some());
            assert!((1..=120).contains(&person.name.chars().count()));
            if let Some(phone) = &person.phone {
                assert_eq!(Phone::parse(phone, "DE").as_ref().map(Phone::as_str), Ok(phone.as_str()), "{phone}");
                assert!(contacts.insert(phone.clone()), "{phone}");
            }
            if let Some(email) = &person.email {
                assert_eq!(Email::parse(email).unwrap().as_str(), email);
                assert!(contacts.insert(email.clone()), "{email}");
            }
            names.insert(person.name);
        }
        assert!(names.len() > 25_000, "{}", names.len());
        assert_eq!(people.person(7), people.person(7));
        assert_ne!(people.person(7), People { seed: 2 }.person(7));
    }

    #[test]
    fn most_consent_and_few_are_blocked() {
        let all: Vec<Person> = (1..=10_000).map(|number| People { seed: 1 }.person(number)).collect();
        let share = |is: fn(&Person) -> bool| all.iter().filter(|person| is(person)).count();
        assert!((6_500..8_000).contains(&share(|person| person.sms_consent)));
        assert!((6_500..8_000).contains(&share(|person| person.email_consent)));
        assert!((30..80).contains(&share(|person| person.blocked.is_some())));
    }
}
