//! Names of people: many languages and scripts, as in any city.

mod arabic;
mod asian;
mod german;
mod indian;
mod northern;
mod slavic;
mod southern;
mod western;

use std::sync::LazyLock;

use super::dice::running_totals;

/// How a name is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Anna Schmidt
    GivenFirst,
    /// Nguyễn Minh
    FamilyFirst,
    /// 王小明
    Joined,
}

/// Names that go together. Words are parted by blanks; `_` is a blank in a name; "Ольга=olga" says how an e-mail
/// address spells it.
pub struct Culture {
    /// How many people have such a name, beside the other cultures.
    pub weight: u64,
    /// How a name is put together.
    pub order: Order,
    /// Given names.
    pub given: &'static str,
    /// Family names.
    pub family: &'static str,
}

/// A word of a name, and how an e-mail address spells it.
pub struct Word {
    /// As the person writes it.
    pub native: String,
    /// a–z only.
    pub ascii: String,
}

/// A culture's words, ready to pick from.
pub struct Names {
    /// How a name is put together.
    pub order: Order,
    /// Given names.
    pub given: Vec<Word>,
    /// Family names.
    pub family: Vec<Word>,
}

/// All cultures with their running totals of weight.
pub struct AllNames {
    /// One for each culture.
    pub names: Vec<Names>,
    /// For `Dice::weighted`.
    pub totals: Vec<u64>,
}

/// Split once, for all members.
pub static ALL: LazyLock<AllNames> = LazyLock::new(|| {
    let cultures = [
        german::CULTURES,
        western::CULTURES,
        southern::CULTURES,
        northern::CULTURES,
        slavic::CULTURES,
        arabic::CULTURES,
        indian::CULTURES,
        asian::CULTURES,
    ];
    let cultures = || cultures.iter().copied().flatten();
    AllNames {
        names: cultures()
            .map(|culture| Names { order: culture.order, given: words(culture.given), family: words(culture.family) })
            .collect(),
        totals: running_totals(cultures().map(|culture| culture.weight)),
    }
});

fn words(list: &str) -> Vec<Word> {
    list.split_whitespace()
        .map(|word| {
            let (native, spelled) = word.split_once('=').unwrap_or((word, word));
            Word { native: native.replace('_', " "), ascii: spelled.chars().flat_map(letters).collect() }
        })
        .collect()
}

/// How a letter is spelled in an e-mail address.
fn letters(c: char) -> impl Iterator<Item = char> {
    let lower = c.to_lowercase().next().unwrap_or(c);
    let spelled = match lower {
        'a'..='z' => return Spelled::One(lower).into_iter(),
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ă' | 'ą' | 'ā' | 'ạ' => "a",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ė' | 'ế' | 'ệ' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' => "i",
        'ò' | 'ó' | 'ô' | 'õ' | 'ő' | 'ồ' => "o",
        'ù' | 'ú' | 'û' | 'ű' | 'ů' | 'ū' => "u",
        'ç' | 'ć' | 'č' => "c",
        'ñ' | 'ń' | 'ň' => "n",
        'š' | 'ś' | 'ş' | 'ș' => "s",
        'ž' | 'ź' | 'ż' => "z",
        'ł' => "l",
        'ř' => "r",
        'ğ' => "g",
        'ý' => "y",
        'đ' | 'ď' | 'ð' => "d",
        'ť' | 'ț' => "t",
        'þ' => "th",
        _ => "",
    };
    Spelled::Many(spelled).into_iter()
}

enum Spelled {
    One(char),
    Many(&'static str),
}

impl Spelled {
    fn into_iter(self) -> std::vec::IntoIter<char> {
        match self {
            Self::One(letter) => vec![letter],
            Self::Many(text) => text.chars().collect(),
        }
        .into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_spelled_in_an_address() {
        for names in &ALL.names {
            for word in names.given.iter().chain(&names.family) {
                assert!(word.ascii.len() >= 2 && word.native.chars().count() <= 40, "{}", word.native);
            }
            assert!(names.given.len() >= 20 && names.family.len() >= 20, "{}", names.given[0].native);
        }
        assert!(ALL.names.len() >= 25);
    }
}
