//! Rows of a CSV file, piece by piece: whole ones only, so that one can go on at any of them.

/// What a piece holds.
pub(super) struct Records {
    /// Its whole rows.
    pub rows: Vec<csv::ByteRecord>,
    /// Bytes of the whole rows; the next piece begins behind them.
    pub bytes: usize,
}

/// Rows of a piece, up to so many. At the file's end its last row is whole too.
pub(super) fn read(piece: &[u8], delimiter: u8, is_end: bool, most: usize) -> Records {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(piece);
    let mut records = Records { rows: Vec::new(), bytes: 0 };
    let mut cells = csv::ByteRecord::new();
    while records.rows.len() < most {
        // bytes are no text yet, and rows may differ in length: nothing is an error
        if !reader.read_byte_record(&mut cells).unwrap_or(false) {
            if is_end {
                records.bytes = piece.len();
            }
            break;
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(piece.len());
        if end >= piece.len() && !is_end {
            break;
        }
        records.bytes = end.min(piece.len());
        records.rows.push(std::mem::take(&mut cells));
    }
    records
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn in_pieces(file: &[u8], size: usize, most: usize) -> Vec<Vec<String>> {
        let (mut rows, mut at, mut size_now) = (Vec::new(), 0, size);
        while at < file.len() {
            let end = file.len().min(at + size_now);
            let records = read(&file[at..end], b',', end == file.len(), most);
            if records.bytes == 0 {
                size_now *= 2;
                continue;
            }
            size_now = size;
            let text =
                |cells: csv::ByteRecord| cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            rows.extend(records.rows.into_iter().map(text));
            at += records.bytes;
        }
        rows
    }

    #[test]
    fn rows_may_have_quotes_and_line_ends() {
        let file = b"code,shop\r\n\"AB\nC\",\"a, \"\"b\"\"\"\r\n\r\nDEF,x";
        let rows = in_pieces(file, 4, 1);
        assert_eq!(rows, [["code", "shop"], ["AB\nC", "a, \"b\""], ["DEF", "x"]]);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_it_is_the_same(
            cells in prop::collection::vec("[A-Z0-9 ,\"\n]{0,6}", 1..40), size in 1..50_usize, most in 1..5_usize
        ) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            for cell in &cells {
                writer.write_record([cell.as_str(), "x"]).unwrap();
            }
            let pieces = in_pieces(&writer.into_inner().unwrap(), size, most);
            prop_assert_eq!(pieces.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), cells);
        }
    }
}
