//! Uploaded pictures: decoded within limits and written anew, so that nothing but pixels is kept.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

/// A picture as Muster keeps and serves it.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub bytes: Vec<u8>,
    pub mime: &'static str,
    pub width: u32,
    pub height: u32,
}

impl Picture {
    pub const MAX_BYTES: usize = 2 * 1024 * 1024;
    /// Wider or higher than this is refused before it is decoded.
    pub const MAX_SIDE: u32 = 8_000;
    /// Larger than this is scaled down.
    pub const KEPT_SIDE: u32 = 1_600;
    /// A small file can hold a huge picture: this much memory at most.
    const MAX_MEMORY: u64 = 128 * 1024 * 1024;

    /// Takes PNG, JPEG and WebP by content, whatever the file is called. Pictures with transparency
    /// become PNG, others JPEG; turned as the camera meant; place, time and all else is dropped.
    pub fn decode(bytes: &[u8]) -> Result<Picture, String> {
        if bytes.len() > Self::MAX_BYTES {
            return Err("Choose a picture of at most 2 MB".to_owned());
        }
        // One at a time: many uploads at once must not fill the memory.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let picture = decoded(bytes)?;
        if has_transparency(&picture) { as_png(&picture) } else { as_jpeg(picture) }
    }
}

fn decoded(bytes: &[u8]) -> Result<DynamicImage, String> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| NOT_A_PICTURE)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err(NOT_A_PICTURE.to_owned());
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(Picture::MAX_SIDE);
    limits.max_image_height = Some(Picture::MAX_SIDE);
    limits.max_alloc = Some(Picture::MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(explained)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > Picture::MAX_SIDE || decoder.total_bytes() > Picture::MAX_MEMORY {
        return Err(TOO_LARGE.to_owned());
    }
    // A broken orientation mark is no reason to refuse the picture.
    let orientation = decoder.orientation();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(explained)?;
    if width.max(height) > Picture::KEPT_SIDE {
        picture = picture.thumbnail(Picture::KEPT_SIDE, Picture::KEPT_SIDE);
    }
    if let Ok(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

const NOT_A_PICTURE: &str = "Choose a PNG, JPEG or WebP picture";
const TOO_LARGE: &str = "Choose a smaller picture: at most 8,000 pixels wide and high, and 30 megapixels";

fn explained(error: ImageError) -> String {
    match error {
        ImageError::Limits(_) => TOO_LARGE.to_owned(),
        _ => "Choose another picture: this one is damaged".to_owned(),
    }
}

fn has_transparency(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.pixels().any(|(_, _, pixel)| pixel[3] < u8::MAX)
}

fn as_png(picture: &DynamicImage) -> Result<Picture, String> {
    let mut bytes = Vec::new();
    let pixels = DynamicImage::ImageRgba8(picture.to_rgba8());
    pixels.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(explained)?;
    Ok(Picture { bytes, mime: "image/png", width: picture.width(), height: picture.height() })
}

fn as_jpeg(picture: DynamicImage) -> Result<Picture, String> {
    let mut bytes = Vec::new();
    let pixels = picture.into_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&pixels).map_err(explained)?;
    Ok(Picture { bytes, mime: "image/jpeg", width: pixels.width(), height: pixels.height() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn refused(bytes: &[u8]) -> String {
        Picture::decode(bytes).err().unwrap()
    }

    #[test]
    fn three_formats_are_taken_and_written_anew() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let picture = Picture::decode(&file(RgbImage::from_pixel(30, 20, Rgb([200, 30, 30])), format)).unwrap();
            assert_eq!((picture.mime, picture.width, picture.height), ("image/jpeg", 30, 20));
            assert_eq!(image::guess_format(&picture.bytes).unwrap(), ImageFormat::Jpeg);
        }
    }

    #[test]
    fn transparency_is_kept() {
        let clear = file(RgbaImage::from_pixel(9, 9, Rgba([1, 2, 3, 0])), ImageFormat::Png);
        assert_eq!(Picture::decode(&clear).unwrap().mime, "image/png");
        let opaque = file(RgbaImage::from_pixel(9, 9, Rgba([1, 2, 3, 255])), ImageFormat::WebP);
        assert_eq!(Picture::decode(&opaque).unwrap().mime, "image/jpeg");
    }

    #[test]
    fn large_pictures_are_scaled_and_huge_ones_refused() {
        let wide = Picture::decode(&file(RgbImage::new(3_200, 100), ImageFormat::Png)).unwrap();
        assert_eq!((wide.width, wide.height), (1_600, 50));
        assert!(refused(&file(RgbImage::new(8_001, 1), ImageFormat::Png)).starts_with("Choose a smaller picture"));
        // 64 megapixels in a file of 70 KB: refused from its header alone.
        let mut bomb = file(image::GrayImage::new(64, 64), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 31, 64, 0, 0, 31, 64]);
        bomb[24..26].copy_from_slice(&[16, 6]);
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(refused(&bomb).starts_with("Choose a smaller picture"));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
        })
    }

    #[test]
    fn a_turned_picture_is_set_upright_and_its_metadata_dropped() {
        let mut jpeg = file(RgbImage::from_pixel(40, 20, Rgb([9, 9, 9])), ImageFormat::Jpeg);
        // An Exif block that says: turn by 90 degrees (orientation 6).
        let exif = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        jpeg.splice(2..2, exif.iter().copied());
        let picture = Picture::decode(&jpeg).unwrap();
        assert_eq!((picture.width, picture.height), (20, 40));
        assert!(!picture.bytes.windows(4).any(|four| four == b"Exif"));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_an_instruction() {
        for bytes in [
            &b""[..],
            b"hello",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"%PDF-1.7",
        ] {
            assert_eq!(refused(bytes), NOT_A_PICTURE);
        }
        assert_eq!(refused(&vec![0; Picture::MAX_BYTES + 1]), "Choose a picture of at most 2 MB");
        let whole = file(RgbImage::new(64, 64), ImageFormat::Png);
        assert!(refused(&whole[..whole.len() / 2]).contains("damaged"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn damaged_files_never_break_it(kind in 0..3_usize, place in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP][kind];
            let mut bytes = file(RgbImage::from_fn(24, 24, |x, y| Rgb([x as u8 * 9, y as u8 * 9, 77])), format);
            let place = place.index(bytes.len());
            bytes[place] = value;
            let _ = Picture::decode(&bytes);
            let _ = Picture::decode(&bytes[..cut.index(bytes.len())]);
        }
    }
}
