//! Pictures of the demo's coupons, drawn here so that no file has to come along.

use std::io::Cursor;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use image::{ImageFormat, Rgb, RgbImage};
use uuid::Uuid;

use crate::campaigns::image::Picture;
use crate::schema::picture;

const WIDTH: u32 = 800;
const HEIGHT: u32 = 450;
/// Drawn on a sheet of 1200 × 675.
const SCALE: f32 = 1.5;

type Colour = [f32; 3];

/// A cup from above, coffee in it, on a table of wood.
pub fn cup() -> RgbImage {
    draw(|x, y| {
        let grain = ((y * 0.045 + (x * 0.006).sin() * 2.4).sin() * 0.5 + 0.5) * 0.06;
        let mut colour = shade([0.55, 0.38, 0.25], 1.0 - grain - (x / 1200.0) * 0.18);
        let (dx, dy) = (x - 600.0, y - 338.0);
        // the shadow falls to the right
        colour = mix(colour, [0.16, 0.10, 0.07], 0.45 * soft(262.0 - length(dx - 26.0, dy - 30.0), 46.0));
        let radius = length(dx, dy);
        colour = mix(colour, [0.93, 0.91, 0.87], soft(250.0 - radius, 2.0));
        colour = mix(colour, [0.84, 0.81, 0.76], soft(196.0 - radius, 3.0));
        // handle
        let handle = (length((dx - 205.0) * 0.8, dy + 150.0) - 62.0).abs();
        colour = mix(colour, [0.97, 0.96, 0.94], soft(17.0 - handle, 2.0) * soft(radius - 150.0, 2.0));
        colour = mix(colour, [0.98, 0.97, 0.95], soft(172.0 - radius, 2.0));
        colour = mix(colour, [0.30, 0.17, 0.10], soft(150.0 - radius, 2.0));
        let foam = crema(dx, dy);
        mix(colour, [0.91, 0.79, 0.62], foam * soft(142.0 - radius, 6.0))
    })
}

/// A leaf poured in milk.
fn crema(dx: f32, dy: f32) -> f32 {
    let along = (dy + 105.0) / 210.0;
    if !(0.0..=1.0).contains(&along) {
        return 0.0;
    }
    let width = (along * std::f32::consts::PI).sin() * 92.0;
    let rib = ((dy + dx.abs() * 0.75) * 0.21).sin() * 0.5 + 0.5;
    soft(width - dx.abs(), 8.0) * soft(rib - 0.42, 0.16) * soft(dx.abs() - 2.5, 2.0)
}

/// Beans on paper.
pub fn beans() -> RgbImage {
    draw(|x, y| {
        let mut colour = shade([0.95, 0.90, 0.80], 1.0 - (y / 675.0) * 0.10);
        for (place, turn) in BEANS.iter().enumerate() {
            let (cx, cy) =
                (90.0 + (place % 6) as f32 * 205.0 + turn * 9.0, 95.0 + (place / 6) as f32 * 160.0 - turn * 6.0);
            let (dx, dy) = (x - cx, y - cy);
            if dx.abs() > 125.0 || dy.abs() > 105.0 {
                continue;
            }
            let (sin, cos) = turn.sin_cos();
            let shadow = length((dx - 10.0) * 0.72, dy - 14.0);
            colour = mix(colour, [0.55, 0.45, 0.34], 0.5 * soft(62.0 - shadow, 22.0));
            let (u, v) = ((dx * cos + dy * sin) / 78.0, (dy * cos - dx * sin) / 54.0);
            let bean = length(u, v);
            let light = 0.78 + 0.34 * (1.0 - bean) - 0.12 * v;
            colour = mix(colour, shade([0.42, 0.25, 0.15], light), soft((1.0 - bean) * 54.0, 2.0));
            let seam = (v - 0.16 * (u * 3.0).sin()).abs() * 54.0;
            colour = mix(colour, [0.20, 0.11, 0.07], 0.9 * soft(5.0 - seam, 2.5) * soft((0.93 - bean) * 54.0, 6.0));
        }
        colour
    })
}

/// How each bean is turned.
const BEANS: [f32; 24] = [
    0.3, 1.9, -0.7, 2.6, 0.9, -1.2, 1.4, -0.2, 2.2, 0.6, -1.6, 0.1, -0.9, 1.1, 2.9, -0.4, 1.7, 0.8, 2.4, -1.1, 0.5,
    1.3, -0.6, 2.0,
];

fn draw(colour: impl Fn(f32, f32) -> Colour) -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = |part: f32| (part.clamp(0.0, 1.0) * 255.0).round() as u8;
        Rgb(colour((x as f32 + 0.5) * SCALE, (y as f32 + 0.5) * SCALE).map(byte))
    })
}

fn length(x: f32, y: f32) -> f32 {
    x.hypot(y)
}

fn soft(inside: f32, edge: f32) -> f32 {
    let part = (inside / edge + 0.5).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

fn mix(under: Colour, over: Colour, part: f32) -> Colour {
    [0, 1, 2].map(|place| under[place] + (over[place] - under[place]) * part)
}

fn shade(colour: Colour, light: f32) -> Colour {
    colour.map(|part| part * light)
}

/// Stores a drawing as an upload would be.
pub fn insert(conn: &mut PgConnection, drawing: &RgbImage, at: DateTime<Utc>) -> Result<Uuid, String> {
    let mut file = Vec::new();
    drawing.write_to(&mut Cursor::new(&mut file), ImageFormat::Jpeg).map_err(|error| error.to_string())?;
    let kept = Picture::decode(&file)?;
    let id = Uuid::now_v7();
    diesel::insert_into(picture::table)
        .values((
            picture::id.eq(id),
            picture::mime.eq(kept.mime),
            picture::width.eq(i32::try_from(kept.width).unwrap_or(0)),
            picture::height.eq(i32::try_from(kept.height).unwrap_or(0)),
            picture::bytes.eq(kept.bytes),
            picture::created_at.eq(at),
        ))
        .execute(conn)
        .map(|_| id)
        .map_err(|error| error.to_string())
}
