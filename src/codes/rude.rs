//! Words that no generated code shall hold: a list in several languages, read as people read codes, with digits for the
//! letters that they look like.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::LazyLock;

const LETTERS: usize = 26;

/// Short words are a few in a hundred of all codes; what is left is drawn evenly.
static WORDS: LazyLock<Automaton> =
    LazyLock::new(|| Automaton::of(include_str!("rude.txt").split_whitespace().filter(|word| word.len() >= 3)));

/// Where rude words stand in a text of A–Z and 0–9; of those with the same end, the longest.
pub(super) fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let automaton = &*WORDS;
    let mut state = 0;
    text.iter().enumerate().filter_map(move |(place, c)| {
        state = automaton.states[state].next[letter(*c)] as usize;
        let length = usize::from(automaton.states[state].longest);
        (length > 0).then(|| place + 1 - length..place + 1)
    })
}

/// Digits, and letters that look or sound alike, are one.
const fn letter(c: u8) -> usize {
    let c = match c {
        b'0' | b'Q' => b'O',
        b'1' | b'J' => b'I',
        b'2' => b'Z',
        b'3' => b'E',
        b'4' => b'A',
        b'5' => b'S',
        b'6' | b'9' => b'G',
        b'7' => b'T',
        b'8' => b'B',
        b'V' => b'U',
        c => c.to_ascii_uppercase(),
    };
    (c.wrapping_sub(b'A') % LETTERS as u8) as usize
}

/// All words at once, one step a character (Aho and Corasick, 1975).
struct Automaton {
    states: Vec<State>,
}

#[derive(Clone, Default)]
struct State {
    next: [u16; LETTERS],
    /// Length of the longest word that ends here; 0: none does.
    longest: u8,
}

impl Automaton {
    fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut states = vec![State::default()];
        for word in words {
            let mut at = 0;
            for c in word.bytes().map(|c| letter(c.to_ascii_uppercase())) {
                if states[at].next[c] == 0 {
                    states[at].next[c] = u16::try_from(states.len()).unwrap_or(0);
                    states.push(State::default());
                }
                at = states[at].next[c].into();
            }
            states[at].longest = u8::try_from(word.len()).unwrap_or(u8::MAX);
        }
        let mut automaton = Self { states };
        automaton.link();
        automaton
    }

    /// Where a word breaks off, goes on with the longest other word that its end begins.
    fn link(&mut self) {
        let mut back = vec![0_usize; self.states.len()];
        let mut queue: VecDeque<usize> =
            self.states[0].next.iter().map(|to| usize::from(*to)).filter(|to| *to > 0).collect();
        while let Some(at) = queue.pop_front() {
            let behind = self.states[back[at]].clone();
            self.states[at].longest = self.states[at].longest.max(behind.longest);
            for (c, other) in behind.next.into_iter().enumerate() {
                match usize::from(self.states[at].next[c]) {
                    0 => self.states[at].next[c] = other,
                    to => {
                        back[to] = other.into();
                        queue.push_back(to);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn found(text: &str) -> Vec<String> {
        words(text.as_bytes()).map(|word| text[word].to_owned()).collect()
    }

    #[test]
    fn rude_words_are_found_anywhere_and_with_look_alike_digits() {
        assert_eq!(found("22FUCK22"), ["FUCK"]);
        assert_eq!(found("22FVCK22"), ["FVCK"]);
        assert_eq!(found("P0RN"), ["P0RN"]);
        assert_eq!(found("45SH47E"), ["45S"]);
        assert_eq!(found("X5H1T9"), ["5H1T"]);
        assert_eq!(found("KURWA"), ["KURWA"]);
        // the longest of those that end at the same place
        assert_eq!(found("PUTTANA"), ["PUTTANA"]);
        assert!(found("CAFE2345").is_empty() && found("HKMNPRSTW").is_empty() && found("").is_empty());
    }

    /// Against the plain way of looking.
    #[test]
    fn no_word_is_missed() {
        let list: Vec<&str> = include_str!("rude.txt").split_whitespace().filter(|word| word.len() >= 3).collect();
        let folded = |text: &str| text.bytes().map(|c| letter(c.to_ascii_uppercase())).collect::<Vec<_>>();
        let all: Vec<Vec<usize>> = list.iter().map(|word| folded(word)).collect();
        for pair in list.windows(2) {
            let text = format!("{}{}", pair[0], pair[1]).to_uppercase();
            let letters = folded(&text);
            let plainly: Vec<usize> =
                (1..=text.len()).filter(|end| all.iter().any(|word| letters[..*end].ends_with(word))).collect();
            assert_eq!(words(text.as_bytes()).map(|word| word.end).collect::<Vec<_>>(), plainly, "{text}");
        }
    }
}
