//! The campaigns of the demo: two that groups are joined by, and coupons, one of each status and
//! two that show how messages fare.

use super::campaign::{CampaignSpec, Codes, Offer};
use super::groups::{BARISTAS, CLUB, EARLY, STAFF, TASTINGS, TERRACE};
use crate::campaigns::Channel;

/// Places in `all`.
pub const WELCOME: usize = 0;
pub const TICKETS: usize = 1;
pub const CROISSANT: usize = 2;
// 3 and 4 need no name, nor do 6 and 7
pub const BEANS: usize = 5;

/// By which campaign a group is joined.
pub const JOINED_BY: [(usize, usize); 2] = [(BARISTAS, WELCOME), (TASTINGS, TICKETS)];
/// Uses of the welcome code, in all.
const WELCOME_USES: i32 = 500;

const NOTHING: CampaignSpec = CampaignSpec {
    channel: Channel::App,
    name: "",
    title: "",
    body: "",
    terms: "",
    sms: "",
    email: ("", ""),
    offer: None,
    products: &[],
    codes: Codes::Undecided,
    prefix: "",
    in_app: false,
    groups: &[],
    everyone: None,
    also_later: false,
    days: None,
    validity_days: None,
    published: None,
    paused: None,
    cancelled: None,
    held: false,
    reminder_days: None,
};

/// All of them; `welcome` is the shared code of the barista courses.
pub fn all(welcome: &str) -> Vec<CampaignSpec> {
    vec![
        CampaignSpec {
            channel: Channel::Code,
            name: "Barista Circle: welcome code",
            title: "Welcome to the Barista Circle",
            body: "Thank you for taking a course with us. Enter the code of your course card in the app, and you are in.",
            offer: Some(Offer::EntryOnly),
            codes: Codes::One(welcome.to_owned(), Some(WELCOME_USES)),
            in_app: true,
            everyone: Some(true),
            days: Some((-75, 230)),
            published: Some(76),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Code,
            name: "Roastery Tastings: tickets",
            title: "Your seat at the roastery",
            body: "One code a ticket. Enter it in the app before the first evening, and we keep a seat for you.",
            offer: Some(Offer::EntryOnly),
            codes: Codes::Many(400),
            prefix: "ROAST",
            in_app: true,
            everyone: Some(true),
            // shorter than the group's time: nobody can join in its last weeks
            days: Some((5, 64)),
            published: Some(3),
            ..NOTHING
        },
        CampaignSpec {
            name: "Croissant with a large coffee",
            title: "A croissant on us",
            body: "Order any large coffee, and the butter croissant is free. Baked every morning, gone by noon.",
            terms: "One croissant for each guest, as long as there are any. Show the code before you pay.",
            offer: Some(Offer::BuyGet(1, 1)),
            products: &["2004100001019", "2004100002023"],
            codes: Codes::Personal,
            groups: &[(CLUB, true), (STAFF, false)],
            everyone: Some(false),
            also_later: true,
            days: Some((-56, 34)),
            published: Some(57),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Email,
            name: "Bring a friend",
            title: "Two cappuccinos, one price",
            body: "Come in twos: the second cappuccino is free.",
            terms: "Once for each guest. Not together with other coupons.",
            email: (
                "Two cappuccinos for the price of one",
                "Hello,\n\nbring someone you like: for two weeks the second cappuccino is on us. Your coupon:\n{link}\n\n\
                 See you soon\nKaffeekontor",
            ),
            offer: Some(Offer::BuyGet(1, 1)),
            products: &["2004100003037"],
            codes: Codes::Personal,
            groups: &[(CLUB, true), (EARLY, true), (STAFF, false)],
            everyone: Some(false),
            days: Some((6, 20)),
            published: Some(1),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Sms,
            name: "Cold brew on the terrace",
            title: "Cold brew for 2.50 €",
            body: "Slow, cold, strong. On all our terraces for 2.50 €.",
            terms: "Three weeks from the day you get this message.",
            sms: "Kaffeekontor: cold brew on the terrace for 2.50 EUR! Show this coupon at the counter: {link}",
            offer: Some(Offer::FixedPrice(250)),
            codes: Codes::Personal,
            groups: &[(TERRACE, true)],
            everyone: Some(false),
            days: Some((-86, -16)),
            validity_days: Some(21),
            reminder_days: Some(3),
            published: Some(88),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Email,
            name: "15 % off beans",
            title: "Beans for your kitchen, 15 % off",
            body: "Our house roast and four single origins, in bags of 250 g and 1 kg.",
            terms: "Once for each guest, in every shop and online.",
            email: (
                "15 % off your next bag of beans",
                "Good morning,\n\nyou are up early, so you are first: 15 % off all our beans.\n{link}\n\nKaffeekontor",
            ),
            offer: Some(Offer::PercentOff(1500)),
            codes: Codes::One("BEANS15".to_owned(), None),
            groups: &[(EARLY, true), (STAFF, false)],
            everyone: Some(false),
            also_later: true,
            days: Some((-25, 55)),
            published: Some(26),
            paused: Some(2),
            ..NOTHING
        },
        CampaignSpec {
            name: "Free refill Friday",
            title: "Free refill on Fridays",
            body: "Filter coffee, as much as you like. Fridays only.",
            terms: "For guests of the Barista Circle.",
            offer: Some(Offer::FreeItem),
            codes: Codes::Personal,
            groups: &[(BARISTAS, true)],
            everyone: Some(false),
            also_later: true,
            days: Some((-44, 30)),
            published: Some(45),
            cancelled: Some(31),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Code,
            name: "Lunch flyer, harbour offices",
            title: "Lunch for 6.90 €",
            body: "Any sandwich with a small filter coffee.",
            offer: Some(Offer::FixedPrice(690)),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Sms,
            name: "Cinnamon weeks",
            title: "A cinnamon bun on us",
            body: "With any hot drink. Two weeks from the day you get this message.",
            terms: "One bun for each guest, as long as there are any.",
            sms: "Kaffeekontor: a cinnamon bun on us with your next hot drink! Your coupon: {link}",
            offer: Some(Offer::FreeItem),
            products: &["2004100002023"],
            codes: Codes::Personal,
            groups: &[(CLUB, true), (EARLY, true), (STAFF, false)],
            everyone: Some(false),
            also_later: true,
            days: Some((-17, 18)),
            validity_days: Some(14),
            reminder_days: Some(3),
            published: Some(19),
            ..NOTHING
        },
        CampaignSpec {
            channel: Channel::Email,
            name: "Roastery open day",
            title: "Come and see us roast",
            body: "A free espresso and a look behind the scenes, all week.",
            terms: "For members of the Kontor Club.",
            email: (
                "Come and see us roast",
                "Hello,\n\nthis week our roastery is open. Your free espresso waits for you:\n{link}\n\nKaffeekontor",
            ),
            offer: Some(Offer::FreeItem),
            codes: Codes::Personal,
            groups: &[(CLUB, true), (STAFF, false)],
            everyone: Some(false),
            days: Some((-1, 6)),
            published: Some(4),
            held: true,
            ..NOTHING
        },
    ]
}
