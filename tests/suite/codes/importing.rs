//! **Import codes**: upload, dry run, import.

use muster::ids::CampaignId;

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

/// A draft of imported codes.
pub fn draft(app: &TestApp) -> CampaignId {
    let id = make::campaign(app, "Latte", "code").many_codes().draft().make();
    make::run(app, &format!("UPDATE campaign SET code_source = 'imported' WHERE id = {id}"));
    id
}

/// The page after the upload.
pub fn upload(marketer: &Visitor, id: CampaignId, file: &[u8]) -> Page {
    let page = marketer.get(&format!("/campaigns/{id}/codes/import"));
    let page = page.form("Upload").attach("File", file.to_vec()).send();
    assert_eq!(page.status, 303, "{}", page.text());
    page.follow(marketer)
}

/// The page after the dry run.
pub fn checked(app: &TestApp, marketer: &Visitor, id: CampaignId, file: &[u8]) -> Page {
    let page = upload(marketer, id, file).form("Check the file").send();
    assert_eq!(page.status, 303, "{}", page.text());
    app.work();
    page.follow(marketer)
}

const FILE: &str = "Shop;Gutscheincode\r\nBerlin;AB12-cd34-ef\r\nKöln;\"GH56KM78\"\r\nBerlin;AB12CD34EF\r\n;TAKEN23456\r\nBonn;\r\nBonn;=1+1\r\nBonn;ÄÖÜ12345\r\nBonn;NP90QR12";

#[test]
fn a_draft_is_published_with_others_codes() {
    let app = TestApp::start();
    make::campaign(&app, "Other", "code").one_code("TAKEN23456", None).make();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Latte", "code").many_codes().draft().make();
    let step = marketer.get(&format!("/campaigns/{id}/pos-input"));
    assert!(step.shows("Save the draft, then choose the file here."));
    // nothing is there yet, so the step lacks something
    assert_eq!(step.form("Save and continue").tick("Imported codes").send().status, 303);
    let step = marketer.get(&format!("/campaigns/{id}/pos-input"));
    let review = marketer.get(&format!("/campaigns/{id}/review"));
    assert!(review.shows("Import the codes"), "{}", review.text());
    assert!(step.shows("No code is imported yet."), "{}", step.text());

    let page = step.click("Choose the file");
    let page = page.form("Upload").attach("File", FILE.into()).send().follow(&marketer);
    assert_eq!((page.value("Column of the codes"), page.value("Between the cells")), ("1".into(), ";".into()));
    assert!(page.is_ticked("The first row is a heading") && page.shows("Köln"), "{}", page.text());
    let page = page.form("Check the file").send().follow(&marketer);
    assert!(page.shows("0 rows checked"), "{}", page.text());
    app.work();
    assert!(marketer.get(&format!("{}/progress", path(&app, id))).shows("Done."));
    let page = marketer.get(&path(&app, id));
    assert_eq!(page.texts_at(".figure-number"), ["8", "3", "1", "1", "3"], "{}", page.text());
    assert_eq!(page.texts_at("section.panel tbody th"), ["4", "5", "6", "7", "8"]);
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM code WHERE campaign_id = {id}")), 0);
    let file = page.click("All 5 as CSV");
    let lines: Vec<&str> = file.html.lines().collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[1], "4,AB12CD34EF,The code stands further up in the file");
    assert_eq!(lines[2], "5,TAKEN23456,A coupon has this code already");
    assert_eq!(lines[4], "7,'=1+1,The code has other characters than the letters A to Z and digits");

    let page = page.form("Import 3 codes").fill("Name of the batch", "Sheet 1").send().follow(&marketer);
    assert!(page.shows("0 of 3 codes imported"), "{}", page.text());
    app.work();
    let page = marketer.get(&path(&app, id));
    assert!(page.shows("3 codes are imported"), "{}", page.text());
    let codes = page.click("See them");
    assert_eq!(codes.texts_at("tbody th"), ["AB12CD34EF", "GH56KM78", "NP90QR12"]);
    let step = marketer.get(&format!("/campaigns/{id}/pos-input"));
    assert!(step.shows("3 codes are imported."), "{}", step.text());
    // they would be in the way of others
    let kept = step.form("Save draft").tick("Many codes, each validated once").fill("Number of codes", "5").send();
    assert!(kept.error_on("Codes").contains("This draft has 3 imported codes"), "{}", kept.text());

    let page = marketer.get(&format!("/campaigns/{id}/review")).form("Publish").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed = 1 AND batch_id IS NOT NULL"), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_import_piece"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'codes imported'"), 1);
    // a code is used like any other
    let ana = make::member(&app, "Ana");
    assert_eq!(app.member(ana).get("/app/code").form("Use code").fill("Code", "gh56 km78").send().status, 303);
    assert_eq!(marketer.get(&format!("/campaigns/{id}/codes/batches")).texts_at("td[data-label=Validated]"), ["1"]);
    // and more can be imported
    assert!(codes.has_link("Import codes"));
}

fn path(app: &TestApp, id: CampaignId) -> String {
    format!("/campaigns/{id}/codes/imports/{}", make::count(app, "SELECT max(id) FROM code_import"))
}

#[test]
fn files_of_every_program_are_read() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("Code\tShop\r\nAB12CD34\tKöln\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (file, column, head) in [
        (b"AB12CD34\nEF56GH78".to_vec(), "0", false),
        (b"\xef\xbb\xbfcode\r\nAB12CD34\r\n".to_vec(), "0", true),
        (utf16, "0", true),
        (b"shop,voucher\nCaf\xe9,AB12CD34\n".to_vec(), "1", true),
        (b"1|AB12CD34\n2|EF56GH78\n".to_vec(), "1", false),
    ] {
        let page = upload(&marketer, id, &file);
        let guess = (page.value("Column of the codes"), page.is_ticked("The first row is a heading"));
        assert_eq!(guess, (column.into(), head), "{}", String::from_utf8_lossy(&file));
        page.form("Check the file").send();
        app.work();
        let page = marketer.get(&path(&app, id));
        assert_eq!(page.texts_at(".figure-number")[4], "0", "{}", page.text());
        assert_ne!(page.texts_at(".figure-number")[1], "0", "{}", page.text());
    }
}

#[test]
fn the_shape_can_be_corrected_and_checked_again() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    let page = checked(&app, &marketer, id, b"code,number\nAB12CD34,XY98ZW76\nEF56GH78,UV54ST32\n");
    assert_eq!(page.texts_at(".figure-number"), ["2", "2", "0", "0", "0"]);
    let form = page.form("Check the file").choose("Column of the codes", "2: number");
    form.untick("The first row is a heading").send();
    app.work();
    let page = marketer.get(&path(&app, id));
    assert_eq!(page.texts_at(".figure-number"), ["3", "3", "0", "0", "0"]);
    for (name, value) in [("column", "x"), ("column", "-1"), ("delimiter", "x"), ("delimiter", "")] {
        assert_eq!(page.form("Check the file").smuggle(name, value).send().status, 422, "{name}={value}");
    }
    page.form("Import 3 codes").send();
    app.work();
    assert_eq!(make::text(&app, "SELECT string_agg(text, ' ' ORDER BY text) FROM code"), "NUMBER UV54ST32 XY98ZW76");
}

#[test]
fn what_is_no_such_file_is_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    let page = marketer.get(&format!("/campaigns/{id}/codes/import"));
    for empty in [page.form("Upload").send(), page.form("Upload").attach("File", Vec::new()).send()] {
        assert_eq!((empty.status, empty.error_on("File")), (422, "Error: Choose a CSV file".into()));
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_import"), 0);
    let path = format!("/campaigns/{id}/codes/import");
    assert_eq!(marketer.post(&path, &[("csrf", "x")]).status, 403);
    let forged =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nAB12\r\n--b--\r\n".to_vec();
    assert_eq!(marketer.post_raw(&path, "multipart/form-data; boundary=b", forged).status, 403);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_import"), 0);
    // a picture, and a quotation mark that is never closed
    let page = checked(&app, &marketer, id, &[0x89, b'P', b'N', b'G', 0, 0, 0, 13, 0, 1, 2, 3, 255, 254]);
    assert!(page.shows("There is nothing to import"), "{}", page.text());
    let mut endless = b"code\n\"AB12CD34\n".to_vec();
    endless.extend(std::iter::repeat_n(b"EF56GH78\n", 400_000).flatten());
    let page = checked(&app, &marketer, id, &endless);
    assert!(page.shows("look for a quotation mark that is never closed"), "{}", page.text());
    assert!(!page.has_button("Import 0 codes"));
}

#[test]
fn only_a_campaign_of_imported_codes_takes_files_and_only_from_marketers() {
    let app = TestApp::start();
    let (marketer, id) = (app.marketer(), draft(&app));
    let many = make::campaign(&app, "Many", "code").many_codes().make();
    assert_eq!(marketer.get(&format!("/campaigns/{many}/codes/import")).status, 404);
    upload(&marketer, id, b"AB12CD34\n");
    let path = path(&app, id);
    let other = path.replace(&format!("/campaigns/{id}/"), &format!("/campaigns/{many}/"));
    for what in ["", "/progress", "/refused.csv"] {
        assert_eq!(marketer.get(&format!("{other}{what}")).status, 404, "{what}");
        assert_eq!(app.support().get(&format!("{path}{what}")).status, 403, "{what}");
    }
    for what in ["check", "application", "cancel"] {
        assert_eq!(
            marketer.bypass(&format!("{other}/{what}"), &[("delimiter", ","), ("column", "0")], &path).status,
            404
        );
    }
}

#[test]
fn easily_guessed_codes_are_told_and_taken_with_a_tick() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    // five digits, of which the first is always the same
    let file: String = (0..100).map(|n| format!("7{:04}\n", n * 37)).collect();
    let page = checked(&app, &marketer, id, file.as_bytes());
    assert!(page.shows("These codes are easily guessed.") && page.shows("nearly certain"), "{}", page.text());
    let refused = page.form("Import 100 codes").fill("Name of the batch", "Old cards").send();
    assert_eq!(refused.status, 422);
    assert!(refused.error_on("Import them all the same").contains("Tick this"));
    assert_eq!(refused.value("Name of the batch"), "Old cards");
    assert_eq!(refused.form("Import 100 codes").tick("Import them all the same").send().status, 303);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 100);

    let file: String =
        (0..100).map(|n| format!("{:016X}\n", (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    assert!(!checked(&app, &marketer, id, file.as_bytes()).shows("easily guessed"));
}

#[test]
fn the_barcode_must_be_able_to_show_them() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    make::run(&app, "UPDATE campaign SET barcode = 'ean13'");
    let page = checked(&app, &marketer, id, b"4006381333931\n4006381333932\nABC123\n");
    assert_eq!(page.texts_at(".figure-number"), ["3", "1", "0", "0", "2"], "{}", page.text());
    assert!(page.shows("The campaign’s barcode cannot show this code"));
}

#[test]
fn deleting_a_draft_takes_its_codes_along() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    let page = checked(&app, &marketer, id, b"AB12CD34EF56\nGH78JK90MN12\n");
    page.form("Import 2 codes").send();
    app.work();
    let page = marketer.get(&format!("/campaigns/{id}/delete"));
    let page = page.form("Delete draft").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(make::count(&app, "SELECT (SELECT count(*) FROM code) + (SELECT count(*) FROM campaign)"), 0);
}
