//! Makes codes by the million, in batches of bounded memory, sorted as COPY likes them.

use super::alphabet::{ALPHABET, CodeFormat};
use super::{guess_risk, text::CodeText};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::ops::Range;

/// How many codes a batch has at most: about 2 MB of memory, whatever the total.
pub const BATCH: u64 = 50_000;

/// Draws `total` different codes. The possible codes are cut into equal ranges, one a batch, and each
/// batch is drawn at random from its own: no two batches can clash, and all batches together are in
/// sorted order. Each code is as likely as any other, so this helps nobody to guess.
pub struct Draw {
    format: CodeFormat,
    total: u64,
    drawn: u64,
    rng: StdRng,
    numbers: Vec<u128>,
}

impl Draw {
    /// From the system's randomness. Refuses what `guess_risk` refuses.
    pub fn secure(format: CodeFormat, total: u64) -> Result<Draw, String> {
        Self::with(format, total, rand::make_rng())
    }

    /// The same codes for the same seed: for demo data only.
    pub fn seeded(format: CodeFormat, total: u64, seed: u64) -> Result<Draw, String> {
        Self::with(format, total, StdRng::seed_from_u64(seed))
    }

    /// From the system's randomness, where the guess risk was checked when the codes were ordered. At most so many
    /// that they are sure to be found: a batch.
    pub fn of_checked(format: CodeFormat, total: u64) -> Draw {
        Self::unchecked(format, total.min(BATCH), rand::make_rng())
    }

    fn with(format: CodeFormat, total: u64, rng: StdRng) -> Result<Draw, String> {
        guess_risk::check_generated(total, &format)?;
        Ok(Self::unchecked(format, total, rng))
    }

    fn unchecked(format: CodeFormat, total: u64, rng: StdRng) -> Draw {
        Draw { format, total, drawn: 0, rng, numbers: Vec::new() }
    }

    /// As if so many had been drawn already: after a restart, the rest comes from ranges not yet used.
    pub fn go_on_after(&mut self, drawn: u64) {
        self.drawn = drawn.min(self.total);
    }

    /// Replaces the batch's codes by the next ones; `false` when all have been drawn.
    pub fn fill(&mut self, batch: &mut Batch) -> bool {
        let end = self.total.min(self.drawn + BATCH);
        let count = (end - self.drawn) as usize;
        let bound = |place: u64| self.format.possible() * u128::from(place) / u128::from(self.total.max(1));
        let range = bound(self.drawn)..bound(end);
        self.draw_numbers(count, range);
        self.drawn = end;
        batch.clear(self.format.width());
        for number in &self.numbers {
            batch.push(&self.format, *number);
        }
        count > 0
    }

    /// Different numbers of the range, sorted.
    fn draw_numbers(&mut self, count: usize, range: Range<u128>) {
        self.numbers.clear();
        while self.numbers.len() < count {
            for _ in self.numbers.len()..count {
                self.numbers.push(range.start + below(range.end - range.start, &mut self.rng));
            }
            self.numbers.sort_unstable();
            self.numbers.dedup();
        }
    }
}

/// Texts of equal length, end to end in one allocation; reuse it for the next batch.
#[derive(Default)]
pub struct Batch {
    text: String,
    width: usize,
}

impl Batch {
    /// The codes, already normal, in sorted order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|place| &self.text[place * self.width..(place + 1) * self.width])
    }

    pub fn len(&self) -> usize {
        self.text.len().checked_div(self.width).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn clear(&mut self, width: usize) {
        self.text.clear();
        self.width = width;
    }

    fn push(&mut self, format: &CodeFormat, number: u128) {
        self.text.push_str(format.prefix.as_str());
        let mut digits = [ALPHABET[0]; 16];
        spell(number, &mut digits[..usize::from(format.length.get())]);
        self.text.extend(digits[..usize::from(format.length.get())].iter().map(|digit| char::from(*digit)));
    }
}

/// One random code: a shared code that is generated, or a member's personal one.
pub fn one(format: &CodeFormat) -> CodeText {
    one_from(format, &mut rand::rng())
}

/// The same from the caller's generator, for demo data.
pub fn one_from(format: &CodeFormat, rng: &mut impl Rng) -> CodeText {
    let mut batch = Batch { text: String::new(), width: format.width() };
    batch.push(format, below(format.possible(), rng));
    CodeText::of_generated(batch.text)
}

/// A number below the limit, each equally likely: what is too large is drawn again.
fn below(limit: u128, rng: &mut impl Rng) -> u128 {
    let mask = u128::MAX >> (limit - 1).leading_zeros().min(127);
    loop {
        let mut number = u128::from(rng.next_u64());
        if mask > u128::from(u64::MAX) {
            number |= u128::from(rng.next_u64()) << 64;
        }
        if number & mask < limit {
            return number & mask;
        }
    }
}

/// Writes a number in the alphabet's base. In two halves, as dividing 128 bits is slow.
fn spell(number: u128, digits: &mut [u8]) {
    const HALF: usize = 8;
    let base = ALPHABET.len() as u64;
    let cut = u128::from(base.pow(HALF as u32));
    let middle = digits.len().saturating_sub(HALF);
    let (high, low) = digits.split_at_mut(middle);
    for (part, mut rest) in [(high, (number / cut) as u64), (low, (number % cut) as u64)] {
        for digit in part.iter_mut().rev() {
            *digit = ALPHABET[(rest % base) as usize];
            rest /= base;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::codes::alphabet::{CodeLength, CodePrefix};
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn format(prefix: &str, length: u8) -> CodeFormat {
        CodeFormat { prefix: CodePrefix::parse(prefix).unwrap(), length: CodeLength::new(length).unwrap() }
    }

    fn all(mut draw: Draw) -> Vec<String> {
        let (mut codes, mut batch) = (Vec::new(), Batch::default());
        while draw.fill(&mut batch) {
            codes.extend(batch.iter().map(str::to_owned));
        }
        codes
    }

    #[test]
    fn batches_make_different_codes_in_sorted_order() {
        let codes = all(Draw::secure(format("VIP", 8), 120_001).unwrap());
        assert_eq!(codes.len(), 120_001);
        assert!(codes.is_sorted_by(|a, b| a < b));
        assert!(codes.iter().all(|code| CodeText::parse(code).unwrap().as_str() == code));
        assert!(codes.iter().all(|code| code.len() == 11 && code.starts_with("VIP")));
    }

    #[test]
    fn a_seed_repeats_its_codes_and_nothing_else_does() {
        let seeded = |seed| all(Draw::seeded(format("", 10), 100, seed).unwrap());
        assert_eq!(seeded(7), seeded(7));
        assert_ne!(seeded(7), seeded(8));
        let secure: HashSet<_> = (0..100).map(|_| one(&format("", 16))).collect();
        assert_eq!(secure.len(), 100);
    }

    #[test]
    fn every_character_is_equally_likely_in_every_place() {
        let codes = all(Draw::seeded(format("", 9), 62_000, 1).unwrap());
        for place in 0..9 {
            for symbol in ALPHABET {
                let seen = codes.iter().filter(|code| code.as_bytes()[place] == *symbol).count();
                // 2,000 expected, deviation 44: six deviations are allowed.
                assert!((1_735..=2_265).contains(&seen), "{} at {place}: {seen}", char::from(*symbol));
            }
        }
    }

    #[test]
    fn none_and_too_many() {
        assert!(all(Draw::secure(CodeFormat::default(), 0).unwrap()).is_empty());
        assert!(Draw::secure(format("", 6), 1_000).is_err());
    }

    proptest! {
        #[test]
        fn numbers_and_their_spelling_keep_their_order(a in 0..31_u128.pow(16), b in 0..31_u128.pow(16), length in 6..=16_usize) {
            let spelled = |number: u128| {
                let mut digits = [0; 16];
                spell(number % 31_u128.pow(length as u32), &mut digits[..length]);
                digits
            };
            let limit = 31_u128.pow(length as u32);
            prop_assert_eq!(spelled(a).cmp(&spelled(b)), (a % limit).cmp(&(b % limit)));
        }

        #[test]
        fn numbers_stay_below_their_limit(limit in 1..u128::MAX / 2, small in 1..40_u128, seed in any::<u64>()) {
            let mut rng = StdRng::seed_from_u64(seed);
            prop_assert!(below(limit, &mut rng) < limit);
            prop_assert!(below(small, &mut rng) < small);
        }
    }
}
