//! What groups are called, and what the app says about them.

/// Clubs that every chain has, biggest first.
const CLUBS: [(&str, &str); 20] = [
    ("Coffee Club", "For everyone who comes by more than once: a free coffee after ten."),
    ("Early Birds", "Your first coffee is cheaper before eight."),
    ("Newsletter Friends", "Be the first to hear of new roasts and new shops."),
    ("Lunch Regulars", "A different lunch deal every week."),
    ("Barista Circle", "Tastings, courses and beans from small farms."),
    ("Students", "Show your student card once, save all term."),
    ("Plant-Based", "Oat, soy and almond at no extra charge."),
    ("Bring Your Own Cup", "Thirty cents less with your own cup."),
    ("Weekend Brunch", "Sweet and savoury, Saturdays and Sundays."),
    ("Tea Time", "For those who would rather have tea."),
    ("Family Card", "One card for the whole family."),
    ("Night Owls", "Open late, and something extra after eight."),
    ("Commuters", "Order on the train, pick up at the station."),
    ("Bean Subscribers", "Fresh beans every month, and a pastry when you pick them up."),
    ("Gold Members", "For our most faithful guests."),
    ("Founders 2019", "You were there when the first shop opened."),
    ("Staff", "Everyone who works with us."),
    ("Staff Family", "Families of our colleagues."),
    ("Press and Partners", "Guests of the house."),
    ("Test Kitchen", "Try it first, tell us what you think."),
];

const THEMES: [(&str, &str); 16] = [
    ("Regulars", "Your neighbourhood shop says thank you."),
    ("Early Birds", "Cheaper before eight, in your shop."),
    ("Lunch Club", "This week's lunch, for a little less."),
    ("Students", "For everyone who studies here."),
    ("Opening Guests", "You were there on the first day."),
    ("Runners", "A drink after the Sunday run."),
    ("Book Circle", "Coffee and a new book every month."),
    ("Commuters", "Quick at the station."),
    ("Tasting Evenings", "New roasts, once a month."),
    ("Neighbours", "For those who live round the corner."),
    ("Office Mornings", "Ten coffees, one bill."),
    ("Parents' Mornings", "Prams welcome, Tuesdays at ten."),
    ("Market Day", "On market days only."),
    ("Latte Art Course", "For those who took the course."),
    ("Late Shift", "For those who work when others sleep."),
    ("Cyclists", "Park the bike, have an espresso."),
];

const PLACES: [&str; 60] = [
    "Berlin Mitte",
    "Hamburg Altona",
    "Köln Ehrenfeld",
    "München Au",
    "Frankfurt Nordend",
    "Stuttgart West",
    "Leipzig Süd",
    "Dresden Neustadt",
    "Bremen Viertel",
    "Hannover Linden",
    "Nürnberg",
    "Düsseldorf Bilk",
    "Dortmund",
    "Essen",
    "Bonn",
    "Münster",
    "Karlsruhe",
    "Mannheim",
    "Augsburg",
    "Wiesbaden",
    "Mainz",
    "Kiel",
    "Lübeck",
    "Rostock",
    "Erfurt",
    "Jena",
    "Weimar",
    "Potsdam",
    "Halle",
    "Magdeburg",
    "Freiburg",
    "Heidelberg",
    "Ulm",
    "Konstanz",
    "Tübingen",
    "Regensburg",
    "Passau",
    "Würzburg",
    "Bamberg",
    "Göttingen",
    "Kassel",
    "Marburg",
    "Gießen",
    "Aachen",
    "Bochum",
    "Wuppertal",
    "Bielefeld",
    "Paderborn",
    "Osnabrück",
    "Oldenburg",
    "Braunschweig",
    "Flensburg",
    "Wien Neubau",
    "Graz",
    "Linz",
    "Salzburg",
    "Innsbruck",
    "Zürich",
    "Basel",
    "Bern",
];

/// The name and description of the group in this place, from 0; no name comes twice.
pub fn of(place: usize) -> (String, &'static str) {
    if let Some((name, about)) = CLUBS.get(place) {
        return ((*name).to_owned(), about);
    }
    let place = place - CLUBS.len();
    // 61 rounds of themes before a place meets the same theme again
    let (theme, about) = THEMES[place % THEMES.len()];
    let city = PLACES[(place + place / PLACES.len() / 4) % PLACES.len()];
    let round = place / (THEMES.len() * PLACES.len()) + 1;
    if round == 1 { (format!("{theme} {city}"), about) } else { (format!("{theme} {city} {round}"), about) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_groups_have_the_same_name() {
        let names: HashSet<String> = (0..10_000).map(|place| of(place).0.to_lowercase()).collect();
        assert_eq!(names.len(), 10_000);
        assert!(names.iter().all(|name| name.chars().count() <= 80));
    }
}
