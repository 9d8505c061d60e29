//! Files that are no pictures, or pictures made to hurt: refused at the field, the rest of the form kept.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

use super::world::World;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = DynamicImage::ImageRgb8(RgbImage::new(width, height));
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// A small file that says it is 50,000 × 50,000: 10 GB once decoded.
fn bomb() -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    // the checksum of the header chunk, so that decoders believe it
    let sum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[test]
fn what_is_no_picture_is_refused_and_nothing_typed_is_lost() {
    let world = World::fill();
    let page = world.admin.get(&format!("/campaigns/{}/content", world.drafts[0]));
    let before = world.everything();
    let mut truncated = png(300, 300);
    truncated.truncate(truncated.len() / 2);
    let mut polyglot = png(3, 3)[..8].to_vec();
    polyglot.extend_from_slice(b"<script>alert(1)</script>");
    let files: [(&str, Vec<u8>); 8] = [
        ("text", b"just text, whatever its name".to_vec()),
        ("SVG", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("GIF", b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec()),
        ("truncated PNG", truncated),
        ("PNG with a script", polyglot),
        ("50,000 × 50,000", bomb()),
        ("3 MiB", vec![0; 3 << 20]),
        ("100 MiB", vec![0; 100 << 20]),
    ];
    for (what, bytes) in files {
        let form = page.form("Save and continue").fill("Title", "Kept <b>title</b>").fill("Text", "Kept text");
        let answer = form.attach("Image", bytes).send();
        assert_eq!(answer.status, 422, "{what}: {}", answer.text());
        assert!(answer.error_on("Image").starts_with("Error: Choose a"), "{what}: {}", answer.error_on("Image"));
        assert_eq!((answer.value("Title").as_str(), answer.value("Text").as_str()), ("Kept <b>title</b>", "Kept text"));
        assert_eq!(world.everything(), before, "{what}");
    }
    // and a good one is taken
    let form = page.form("Save and continue").attach("Image", png(30, 20));
    assert_eq!(form.send().status, 303);
}
