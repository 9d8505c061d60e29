//! Numbers as pages show them.

/// With a comma between thousands: "1,234,567.50".
pub fn grouped(number: &str) -> String {
    let whole = number.find('.').unwrap_or(number.len());
    let mut out = String::with_capacity(number.len() + whole / 3);
    for (place, digit) in number.char_indices() {
        let comes_before_thousands = place < whole && (whole - place).is_multiple_of(3);
        if place > 0 && comes_before_thousands {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (plain, shown) in [("0", "0"), ("999", "999"), ("1000", "1,000"), ("1234567.5", "1,234,567.5")] {
            assert_eq!(grouped(plain), shown);
        }
    }
}
