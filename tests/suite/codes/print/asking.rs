//! The page: what it offers, what it refuses, what it notes.

use super::paper::Paper;
use super::scanning::campaign;
use crate::support::{TestApp, make};

#[test]
fn texts_of_europe_are_printed_from_a_part_of_the_font() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 3), app.marketer());
    let text = "Ein Kaffee für Łukasz, Ælfric und Οδυσσέας – „Кофе“ 50 %";
    let paper =
        Paper::make(&marketer, id, &[("title", "Grüße & Küsse"), ("text", text), ("validity", "Bis 24. Dez. 2026")]);
    let words = paper.words().into_iter().map(|(.., word)| word).collect::<Vec<_>>().join(" ");
    for part in ["Grüße &amp; Küsse", "Łukasz", "Ælfric", "Οδυσσέας", "„Кофе“", "Bis 24. Dez. 2026", "Muster"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    let fonts = paper.fonts();
    assert_eq!(fonts.len(), 2, "{fonts:?}");
    // embedded, a subset, and with its meaning
    assert!(fonts.iter().all(|font| font.contains("MUSTER+Inter-") && font.contains("yes yes yes")), "{fonts:?}");
    assert_eq!(paper.info("Title"), "Latte: Batch 1");
    let page = marketer.get(&format!("/campaigns/{id}/codes/print"));
    let page = page.form("Make PDF").fill("Title", "コーヒー ☕").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Title"), "Error: Leave out what the print font does not have: ☕ コ ヒ ー");
    assert_eq!(page.value("Title"), "コーヒー ☕");
}

#[test]
fn printing_is_noted_and_not_for_everyone() {
    let app = TestApp::start();
    let id = campaign(&app, 12);
    let path = format!("/campaigns/{id}/codes/print");
    Paper::make(&app.marketer(), id, &[("from", "3"), ("to", "9")]);
    let noted = make::text(&app, "SELECT after::text FROM audit_entry WHERE action = 'codes printed'");
    assert!(noted.contains("\"cards\": 7") && noted.contains("3–9"), "{noted}");
    for address in [path.clone(), format!("{path}/preview"), format!("{path}/sheet.svg")] {
        assert_eq!(app.support().get(&address).status, 403, "{address}");
        assert_eq!(app.visitor().get(&address).status, 303, "{address}");
    }
}

#[test]
fn the_preview_shows_the_first_sheet_and_follows_what_is_typed() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 100), app.marketer());
    let page = marketer.get(&format!("/campaigns/{id}/codes/print"));
    assert_eq!(page.text_at("figcaption"), "100 cards on 10 sheets of A4");
    let address =
        page.html.split_once("<figure class=\"print-sheet\"><img src=\"").unwrap().1.split('"').next().unwrap();
    let picture = marketer.get(&address.replace("&amp;", "&").replace("&#38;", "&"));
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/svg+xml")));
    // ten barcodes, and no letters but outlines: no font is needed, no style, no script
    assert_eq!(picture.html.matches("<path transform").count(), 10);
    assert!(!picture.html.contains("<text") && !picture.html.contains("style") && !picture.html.contains("script"));
    let asked = marketer
        .get(&format!("/campaigns/{id}/codes/print/preview?batch=1&from=1&to=30&sheet=l7160&barcode=qr&start_at=20"));
    assert_eq!(asked.text_at("figcaption"), "30 cards on 3 sheets of A4");
    let refused = marketer.get(&format!("/campaigns/{id}/codes/print/preview?batch=1&sheet=l7160&barcode=ean13"));
    assert!(refused.shows("No preview: EAN-13 takes codes of 12 or 13 digits only"), "{}", refused.text());
    let without_script = page.form("Show preview").fill("To number", "5").send();
    assert_eq!(
        (without_script.status, without_script.text_at("figcaption").as_str()),
        (200, "5 cards on 1 sheet of A4")
    );
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 100), app.marketer());
    let page = marketer.get(&format!("/campaigns/{id}/codes/print"));
    for (field, typed, message) in [
        ("From number", "0", "Error: Enter a whole number from 1 to 100"),
        ("To number", "101", "Error: Enter a whole number from 1 to 100"),
        ("Begin at place", "11", "Error: Enter a whole number from 1 to 10"),
    ] {
        let page = page.form("Make PDF").fill(field, typed).send();
        assert_eq!((page.status, page.error_on(field).as_str()), (422, message));
    }
    let backwards = page.form("Make PDF").fill("From number", "50").fill("To number", "9").send();
    assert_eq!(backwards.error_on("To number"), "Error: Enter a number from 50 on");
    make::run(&app, "UPDATE campaign SET allow_in_app_validation = false");
    let link = page.form("Make PDF").tick("A link into the app").send();
    assert!(link.error_on("It holds").starts_with("Error: The app does not take these codes"), "{}", link.text());
}

#[test]
fn codes_that_belong_to_members_are_not_printed() {
    let app = TestApp::start();
    let personal = make::campaign(&app, "Personal", "app").make();
    let page = app.marketer().get(&format!("/campaigns/{personal}/codes/print"));
    assert!(page.shows("Each code belongs to the member who gets it") && !page.has_button("Make PDF"));
    let id = campaign(&app, 10);
    let ann = make::member(&app, "Ann");
    make::run(
        &app,
        &format!("UPDATE code SET member_id = {ann} WHERE text IN (SELECT text FROM code ORDER BY text LIMIT 2)"),
    );
    let page = app.marketer().get(&format!("/campaigns/{id}/codes/print"));
    assert!(page.shows("8 cards on 1 sheet of A4") && page.shows("2 codes are left out"), "{}", page.text());
    let paper = Paper::make(&app.marketer(), id, &[]);
    assert_eq!(paper.scan(0).len(), 8);
}
