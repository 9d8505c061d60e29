//! Keyset pages: the cost of a page does not grow with its number.

use serde::Deserialize;

/// Where a page begins: after or before a row's key; neither: the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Keyset {
    /// Rows after this key.
    pub after: Option<String>,
    /// Rows before this key.
    pub before: Option<String>,
}

impl Keyset {
    /// Whether the query must run in reverse order.
    pub fn is_backwards(&self) -> bool {
        self.before.is_some() && self.after.is_none()
    }

    /// The key to start from. No page makes one with a zero byte, which the database refuses.
    pub fn key(&self) -> Option<&str> {
        self.after.as_deref().or(self.before.as_deref()).filter(|key| !key.contains('\0'))
    }
}

/// One page of rows, in the list's order, and the keys of its neighbours.
#[derive(Debug, Clone)]
pub struct Slice<Row> {
    /// The page's rows.
    pub rows: Vec<Row>,
    /// For `?before=`: there is a previous page.
    pub previous: Option<String>,
    /// For `?after=`: there is a next page.
    pub next: Option<String>,
}

impl<Row> Slice<Row> {
    /// Makes a page of what was found when `size + 1` rows were asked for in the keyset's direction.
    pub fn cut(mut rows: Vec<Row>, keyset: &Keyset, size: usize, key: impl Fn(&Row) -> String) -> Self {
        let more = rows.len() > size;
        rows.truncate(size);
        if keyset.is_backwards() {
            rows.reverse();
        }
        let first = rows.first().map(&key);
        let last = rows.last().map(&key);
        let (before, after) = if keyset.is_backwards() { (more, true) } else { (keyset.key().is_some(), more) };
        Self { rows, previous: first.filter(|_| before), next: last.filter(|_| after) }
    }

    /// Whether there is nothing on this page.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(found: &[i32], keyset: &Keyset) -> (Vec<i32>, Option<String>, Option<String>) {
        let slice = Slice::cut(found.to_vec(), keyset, 2, ToString::to_string);
        (slice.rows, slice.previous, slice.next)
    }

    #[test]
    fn pages_know_their_neighbours() {
        let after = |key: &str| Keyset { after: Some(key.into()), before: None };
        let before = |key: &str| Keyset { after: None, before: Some(key.into()) };
        let key = |key: i32| Some(key.to_string());
        assert_eq!(cut(&[1, 2, 3], &Keyset::default()), (vec![1, 2], None, key(2)));
        assert_eq!(cut(&[1, 2], &Keyset::default()), (vec![1, 2], None, None));
        assert_eq!(cut(&[3, 4], &after("2")), (vec![3, 4], key(3), None));
        assert_eq!(cut(&[2, 1], &before("3")), (vec![1, 2], None, key(2)));
        assert_eq!(cut(&[4, 3, 2], &before("5")), (vec![3, 4], key(3), key(4)));
    }
}
