//! Chance that repeats itself: the same seed throws the same numbers, in every version and on every machine.

/// SplitMix64. Quick, and unlike the generators of libraries never changed. Not for secrets.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of one thing out of many: they depend on the seed and on the thing's number only.
    pub fn of(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        // two throws part neighbours
        dice.next();
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below the limit (0 for the limit 0), all as likely.
    pub fn below(&mut self, limit: u64) -> u64 {
        // the high half of the product; the bias is beneath notice
        u64::try_from((u128::from(self.next()) * u128::from(limit)) >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1).unsigned_abs();
        low.saturating_add_unsigned(self.below(span))
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of them.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.index(from.len())]
    }

    /// A place in a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// A place in a list of running totals, as likely as its share of the last one.
    pub fn weighted(&mut self, totals: &[u64]) -> usize {
        let thrown = self.below(totals.last().copied().unwrap_or(0));
        totals.partition_point(|total| *total <= thrown)
    }
}

/// Weights as running totals, for `Dice::weighted`.
pub fn running_totals(weights: impl IntoIterator<Item = u64>) -> Vec<u64> {
    weights
        .into_iter()
        .scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_throws_what_it_threw_before() {
        let mut dice = Dice::of(1, 2);
        let thrown: Vec<u64> = (0..4).map(|_| dice.below(1_000_000)).collect();
        assert_eq!(thrown, EVER);
        assert_ne!(Dice::of(1, 3).next(), Dice::of(1, 2).next());
        assert_ne!(Dice::of(2, 2).next(), Dice::of(1, 2).next());
    }

    // changes when the generator does, which would change everyone's data
    const EVER: [u64; 4] = [664_787, 717_290, 324_812, 428_489];

    #[test]
    fn throws_stay_within_their_limits_and_reach_them() {
        let mut dice = Dice::of(7, 7);
        let mut seen = [0; 6];
        for _ in 0..6_000 {
            seen[usize::try_from(dice.between(0, 5)).unwrap_or(9)] += 1;
        }
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
        assert_eq!((dice.below(0), dice.below(1), dice.between(3, 3)), (0, 0, 3));
        let totals = running_totals([0, 1, 0, 3]);
        let mut places = [0; 4];
        for _ in 0..4_000 {
            places[dice.weighted(&totals)] += 1;
        }
        assert!(places[0] == 0 && places[2] == 0 && (850..1150).contains(&places[1]), "{places:?}");
    }
}
