//! The organisation's colour as a style sheet, since pages carry no style of their own.

use actix_web::http::header;
use actix_web::{HttpResponse, web::Data};

use crate::serve::Muster;

/// `GET /organisation.css`
pub async fn show(muster: Data<Muster>) -> HttpResponse {
    let organisation = muster.organisation.get();
    let (accent, foreground) = (&organisation.colour, foreground(&organisation.colour));
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, max-age=60"))
        .body(format!(":root{{--muster-accent:{accent};--muster-accent-fg:{foreground}}}\n"))
}

/// White or black, whichever contrasts more (WCAG 2.2, relative luminance).
pub fn foreground(colour: &str) -> &'static str {
    let luminance: f64 = [(1, 0.2126), (3, 0.7152), (5, 0.0722)]
        .into_iter()
        .map(|(at, weight)| {
            let byte = colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
            let share = f64::from(byte) / 255.0;
            weight * if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
        .sum();
    // 0.179: where white and black contrast alike
    if luminance > 0.179 { "#000" } else { "#fff" }
}

#[cfg(test)]
mod tests {
    use super::foreground;

    #[test]
    fn words_on_the_colour_can_be_read() {
        assert_eq!(["#206bc4", "#ffdd00", "#000000", "#ffffff"].map(foreground), ["#fff", "#000", "#fff", "#000"]);
    }
}
