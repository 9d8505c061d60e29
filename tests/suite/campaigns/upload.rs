//! **Image**: what is taken, what is refused, how it is served.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

use super::{begin, column, newest};
use crate::support::{TestApp, make};

fn picture(width: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(RgbImage::new(width, 20)).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

#[test]
fn a_picture_is_stored_anew_and_served_to_everyone() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let page = page.form("Save draft").fill("Title", "With picture").attach("Image", picture(30)).send();
    assert_eq!(page.status, 303, "{}", page.text());
    let id = newest(&app);
    let path = format!("/pictures/{}", column(&app, id, "picture_id"));
    let served = app.visitor().get(&path);
    assert_eq!(served.status, 200);
    assert_eq!(served.header("content-type"), Some("image/jpeg"));
    assert_eq!(served.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(served.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(image::guess_format(&served.bytes).unwrap(), ImageFormat::Jpeg);
    assert!(page.follow(&marketer).html.contains(&path));
    for path in ["/pictures/x", "/pictures/00000000-0000-4000-8000-000000000000"] {
        assert_eq!(app.visitor().get(path).status, 404);
    }
}

#[test]
fn a_picture_is_replaced_and_removed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let page = page.form("Save draft").attach("Image", picture(30)).send().follow(&marketer);
    let first = column(&app, newest(&app), "picture_id");
    let page = page.form("Save draft").attach("Image", picture(40)).send().follow(&marketer);
    assert_ne!(column(&app, newest(&app), "picture_id"), first);
    assert_eq!(make::count(&app, "SELECT count(*) FROM picture"), 1);
    let page = page.form("Save draft").tick("Remove the image").send().follow(&marketer);
    assert!(!page.has_control("Remove the image"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM picture"), 0);
}

#[test]
fn what_is_no_picture_is_an_error_and_nothing_typed_is_lost() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let cases: [(Vec<u8>, &str); 4] = [
        (b"hello".to_vec(), "Error: Choose a PNG, JPEG or WebP picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "Error: Choose a PNG, JPEG or WebP picture"),
        (vec![0; 3 * 1024 * 1024], "Error: Choose a picture of at most 2 MB"),
        (vec![0; 100 * 1024 * 1024], "Error: Choose a picture of at most 2 MB"),
    ];
    for (bytes, error) in cases {
        let size = bytes.len();
        let page =
            page.form("Save and continue").fill("Title", "Kept").fill("Text", "Kept too").attach("Image", bytes).send();
        assert_eq!(page.status, 422, "{size} bytes");
        assert_eq!(page.error_on("Image"), error, "{size} bytes");
        assert_eq!((page.value("Title").as_str(), page.value("Text").as_str()), ("Kept", "Kept too"));
    }
    assert_eq!(column(&app, newest(&app), "title"), "");
    assert_eq!(make::count(&app, "SELECT count(*) FROM picture"), 0);
}

#[test]
fn a_good_picture_beside_a_bad_field_is_asked_for_again() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let page = page.form("Save draft").fill("Title", &"x".repeat(500)).attach("Image", picture(30)).send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Image"), "Error: Choose the picture again: it was not kept");
    assert_eq!(make::count(&app, "SELECT count(*) FROM picture"), 0);
}
