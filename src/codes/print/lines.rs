//! Breaks a text into lines of a width.

use super::face::Face;

/// What fits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// From above.
    pub lines: Vec<String>,
    /// Whether there was more, so that the last line ends in an ellipsis.
    pub is_cut: bool,
}

/// At most so many lines; words that are wider than a line are broken.
pub fn lines(face: &Face, text: &str, size: f32, width: f32, most: usize) -> Lines {
    let all: Vec<String> = text.lines().flat_map(|line| paragraph(face, line.trim(), size, width)).collect();
    if all.len() <= most {
        return Lines { lines: all, is_cut: false };
    }
    let mut lines: Vec<String> = all.into_iter().take(most).collect();
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && face.width(&format!("{last}…"), size) > width {
            last.pop();
        }
        let short = last.trim_end_matches([' ', ',', '.', ';', ':', '–', '-']).len();
        last.truncate(short);
        last.push('…');
    }
    Lines { lines, is_cut: true }
}

fn paragraph(face: &Face, text: &str, size: f32, width: f32) -> Vec<String> {
    let (mut done, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if face.width(&longer, size) <= width {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            done.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if face.width(&line, size) > width && line.chars().count() > 1 {
                line.pop();
                done.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    done.push(line);
    done
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::super::face::Faces;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_between_words_and_end_in_an_ellipsis() {
        let face = Faces::load().unwrap().regular;
        let broken = lines(&face, "One free latte\nfor each member of the club", 10.0, 70.0, 9);
        assert!(!broken.is_cut);
        assert_eq!(broken.lines.join("|"), "One free latte|for each|member of the|club");
        let cut = lines(&face, "One free latte, for each member of the club", 10.0, 75.0, 1);
        assert_eq!((cut.lines.join("|").as_str(), cut.is_cut), ("One free latte…", true));
        assert_eq!(lines(&face, "", 10.0, 70.0, 2).lines, Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_nothing_is_lost(text in "[A-Za-zäß ,.\n]{0,120}", width in 40.0_f32..200.0, most in 1..30_usize) {
            let face = Faces::load().unwrap().regular;
            let found = lines(&face, &text, 9.0, width, most);
            prop_assert!(found.lines.len() <= most);
            prop_assert!(found.lines.iter().all(|line| face.width(line, 9.0) <= width + 0.01));
            if !found.is_cut {
                let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
                prop_assert_eq!(letters(&found.lines.concat()), letters(&text));
            }
        }
    }
}
