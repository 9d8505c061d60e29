//! CSV that is safe to open in a spreadsheet.

use crate::error::AppError;

/// Stands first in a file, so that spreadsheets read it as UTF-8.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Rows as text, each with its line end.
pub fn rows<R: IntoIterator<Item = String>>(rows: impl IntoIterator<Item = R>) -> Result<String, AppError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(safe)).map_err(AppError::internal)?;
    }
    let bytes = writer.into_inner().map_err(AppError::internal)?;
    String::from_utf8(bytes).map_err(AppError::internal)
}

/// A spreadsheet would run a cell that begins like this as a formula; an apostrophe makes it text.
pub fn safe(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "+49151", "-1", "@a", "\tx", "\rx", "a=b, \"c\"", ""].map(str::to_owned);
        let expected = "'=1+1,'+49151,'-1,'@a,'\tx,\"'\rx\",\"a=b, \"\"c\"\"\",\n";
        assert_eq!(rows([cells]).unwrap(), expected);
    }
}
