//! Makes codes by the million, in batches of bounded memory, sorted as COPY likes them.

use super::alphabet::CodeFormat;
use super::template::Template;
use super::{guess_risk, text::CodeText};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::ops::Range;

/// How many codes a batch has at most: about 2 MB of memory, whatever the total.
pub const BATCH: u64 = 50_000;

/// Draws `total` different codes. The possible codes are cut into equal ranges, one a batch, and each
/// batch is drawn at random from its own: no two batches can clash, and all batches together are in
/// sorted order. Each code is as likely as any other, so this helps nobody to guess. Codes with rude words
/// are drawn again.
pub struct Draw {
    format: CodeFormat,
    template: Template,
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
        Draw { template: format.template(), format, total, drawn: 0, rng, numbers: Vec::new() }
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
        batch.clear(self.template.width());
        for number in &self.numbers {
            batch.push(&self.template, *number);
        }
        count > 0
    }

    /// Different numbers of the range, sorted, of codes without rude words.
    fn draw_numbers(&mut self, count: usize, range: Range<u128>) {
        /// So often a range is tried: with a fixed beginning, all of its codes may spell a word.
        const ROUNDS: u32 = 64;
        self.numbers.clear();
        let mut rounds = 0;
        while self.numbers.len() < count {
            let from = if rounds < ROUNDS { range.clone() } else { 0..self.format.possible() };
            for _ in self.numbers.len()..count {
                let number = from.start + below(from.end - from.start, &mut self.rng);
                if self.template.is_clean(number) {
                    self.numbers.push(number);
                }
            }
            self.numbers.sort_unstable();
            self.numbers.dedup();
            rounds += 1;
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

    fn push(&mut self, template: &Template, number: u128) {
        let mut code = [0; CodeText::MAX];
        let code = &mut code[..template.width()];
        template.spell(number, code);
        self.text.extend(code.iter().map(|c| char::from(*c)));
    }
}

/// One random code: a shared code that is generated, or a member's personal one.
pub fn one(format: &CodeFormat) -> CodeText {
    one_from(format, &mut rand::rng())
}

/// The same from the caller's generator, for demo data.
pub fn one_from(format: &CodeFormat, rng: &mut impl Rng) -> CodeText {
    let template = format.template();
    loop {
        let number = below(format.possible(), rng);
        if template.is_clean(number) {
            let mut batch = Batch { text: String::new(), width: template.width() };
            batch.push(&template, number);
            return CodeText::of_generated(batch.text);
        }
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::codes::alphabet::ALPHABET;
    use crate::codes::{check, rude};
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn format(prefix: &str, length: u8) -> CodeFormat {
        CodeFormat::stored(prefix, length.into(), "", false)
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

    /// Rude words take a little from some characters, so that each may be off by a tenth.
    #[test]
    fn every_character_is_about_equally_likely_in_every_place() {
        let codes = all(Draw::seeded(format("", 9), 62_000, 1).unwrap());
        for place in 0..9 {
            for symbol in ALPHABET {
                let seen = codes.iter().filter(|code| code.as_bytes()[place] == *symbol).count();
                // 2,000 expected, deviation 44
                assert!((1_800..=2_200).contains(&seen), "{} at {place}: {seen}", char::from(*symbol));
            }
        }
    }

    /// What is not left out is drawn evenly: of a range of 31 codes one of which spells a word, each comes as often.
    #[test]
    fn every_clean_code_is_equally_likely() {
        let mut draw = Draw::seeded(CodeFormat::stored("", 6, "SE#####-#", false), 1, 3).unwrap();
        let mut seen = std::collections::HashMap::new();
        let step = 31_u128.pow(5);
        for _ in 0..31_000 {
            // the first random character only
            draw.draw_numbers(1, 0..draw.format.possible());
            *seen.entry(draw.numbers[0] / step).or_insert(0) += 1;
        }
        let place = |c: u8| ALPHABET.iter().position(|known| *known == c).unwrap() as u128;
        assert!(!seen.contains_key(&place(b'X')), "SEX");
        let (least, most) = (seen.values().min().unwrap(), seen.values().max().unwrap());
        // 1,033 expected, deviation 32; a few in a hundred of each hold another word
        assert!(*least > 860 && *most < 1_200, "{least} {most} {seen:?}");
    }

    #[test]
    fn no_code_holds_a_rude_word_and_few_are_left_out() {
        let format = CodeFormat::stored("", 10, "", true);
        let codes = all(Draw::seeded(format.clone(), 200_000, 5).unwrap());
        assert!(codes.iter().all(|code| rude::words(code.as_bytes()).count() == 0));
        assert!(codes.iter().all(|code| check::holds(code.as_bytes())));
        let template = format.template();
        let mut rng = StdRng::seed_from_u64(6);
        let rude = (0..100_000).filter(|_| !template.is_clean(below(format.possible(), &mut rng))).count();
        assert!((500..8_000).contains(&rude), "{rude} of 100,000");
    }

    /// A prefix may hold a word on purpose; one that a random character completes leaves whole ranges without a code.
    #[test]
    fn a_prefix_never_makes_it_go_round_for_ever() {
        for prefix in ["ESSEX", "FUC", "SE", "KK"] {
            let codes = all(Draw::secure(format(prefix, 8), 800_000).unwrap());
            assert_eq!(codes.len(), 800_000);
            let begins = |word: &str| codes.iter().filter(|code| code.starts_with(word)).count();
            assert_eq!(begins("FUCK") + begins("SEX") + begins("KKK"), 0);
        }
    }

    #[test]
    fn none_and_too_many() {
        assert!(all(Draw::secure(CodeFormat::default(), 0).unwrap()).is_empty());
        assert!(Draw::secure(format("", 6), 1_000).is_err());
    }

    proptest! {
        #[test]
        fn numbers_stay_below_their_limit(limit in 1..u128::MAX / 2, small in 1..40_u128, seed in any::<u64>()) {
            let mut rng = StdRng::seed_from_u64(seed);
            prop_assert!(below(limit, &mut rng) < limit);
            prop_assert!(below(small, &mut rng) < small);
        }
    }
}
