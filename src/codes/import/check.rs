//! Each row of an uploaded file is looked at by the worker, in chunks that survive being killed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use diesel::{QueryableByName, sql_query};

use super::code_import::{CodeImport, MOST, PIECE};
use super::decode;
use super::reason::Reason;
use super::records;
use crate::codes::barcode::Barcode;
use crate::codes::text::CodeText;
use crate::deliveries::chunk::Failed;
use crate::ids::{CampaignId, CodeImportId};
use crate::schema::{campaign, code_import, code_import_piece, code_import_row};
use crate::web::filters::grouped;

/// Rows of one transaction.
const ROWS: usize = 20_000;
/// A row is found whole within so many pieces.
const PIECES: i64 = 3;
/// Characters that are kept of a row that is no code.
const KEPT: usize = 64;

/// The next chunk of a file that no other worker is at. None: all files are looked at.
pub fn check_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(import) = claim(conn, held_back)? else { return Ok(None) };
        claimed = Some(import.campaign_id);
        check(conn, import, now).map(Some)
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

fn claim(conn: &mut PgConnection, held_back: &[CampaignId]) -> QueryResult<Option<CodeImport>> {
    code_import::table
        .filter(code_import::asked_at.is_not_null().and(code_import::checked_at.is_null()))
        .filter(code_import::failure.is_null().and(code_import::cancelled_at.is_null()))
        .filter(code_import::applied_at.is_null().and(code_import::campaign_id.ne_all(held_back)))
        .order((code_import::read_up_to, code_import::id))
        .select(CodeImport::as_select())
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()
}

fn check(conn: &mut PgConnection, mut import: CodeImport, now: DateTime<Utc>) -> QueryResult<CampaignId> {
    let barcode: String = campaign::table.find(import.campaign_id).select(campaign::barcode).first(conn)?;
    let barcode = Barcode::parse(&barcode).unwrap_or_default();
    let bytes = bytes_from(conn, import.id, import.read_up_to)?;
    let is_end = import.read_up_to + bytes.len() as i64 == import.size;
    let delimiter = import.delimiter.bytes().next().unwrap_or(b',');
    let read = records::read(&bytes, delimiter, is_end, ROWS);
    let mut rows = Rows::default();
    let column = usize::try_from(import.code_column).unwrap_or(0);
    for (place, cells) in read.rows.iter().enumerate() {
        if place == 0 && import.read_up_to == 0 && import.has_head {
            continue;
        }
        import.rows += 1;
        let line = import.rows + i64::from(import.has_head);
        let cell = decode::text(cells.get(column).unwrap_or_default());
        rows.add(line, &cell, Reason::judge(&cell, barcode));
    }
    let failure = if import.rows > MOST {
        Some(format!("The file has more than {} rows. Cut it into several files.", grouped(MOST)))
    } else if read.bytes == 0 && !is_end {
        let row = import.rows + 1;
        Some(format!("Row {row} does not end: look for a quotation mark that is never closed."))
    } else {
        None
    };
    rows.store(conn, &mut import)?;
    import.read_up_to += read.bytes as i64;
    let done = import.read_up_to >= import.size;
    note(conn, &import, failure, done.then_some(now))?;
    Ok(import.campaign_id)
}

/// The file from there on, a few pieces of it.
fn bytes_from(conn: &mut PgConnection, id: CodeImportId, from: i64) -> QueryResult<Vec<u8>> {
    let piece = PIECE as i64;
    let pieces: Vec<Vec<u8>> = code_import_piece::table
        .filter(code_import_piece::import_id.eq(id).and(code_import_piece::start_at.ge(from / piece * piece)))
        .order(code_import_piece::start_at)
        .limit(PIECES)
        .select(code_import_piece::bytes)
        .load(conn)?;
    let mut bytes = pieces.concat();
    bytes.drain(..bytes.len().min(usize::try_from(from % piece).unwrap_or(0)));
    Ok(bytes)
}

/// Rows of a chunk, judged one by one.
#[derive(Default)]
struct Rows {
    lines: Vec<i64>,
    codes: Vec<String>,
    refused: Vec<(i64, String, Reason)>,
}

#[derive(QueryableByName)]
struct LineRow {
    #[diesel(sql_type = BigInt)]
    line: i64,
}

impl Rows {
    fn add(&mut self, line: i64, cell: &str, judged: Result<CodeText, Reason>) {
        match judged {
            Ok(code) => {
                self.lines.push(line);
                self.codes.push(code.into_string());
            }
            Err(reason) => {
                let kept = cell.replace('\0', "").chars().take(KEPT).collect();
                self.refused.push((line, kept, reason));
            }
        }
    }

    /// Each code once, the first time it comes; none that a coupon has.
    fn store(mut self, conn: &mut PgConnection, import: &mut CodeImport) -> QueryResult<()> {
        let known = self.lines_of(
            conn,
            import.id,
            "SELECT line FROM given JOIN code ON code.text = given.text WHERE $3 IS NOT NULL",
        )?;
        let fresh = self.lines_of(
            conn,
            import.id,
            "INSERT INTO code_import_row (import_id, line, text)
               SELECT $3, line, text FROM given WHERE NOT EXISTS (SELECT FROM code WHERE code.text = given.text) ORDER BY line
             ON CONFLICT (import_id, text) WHERE refused IS NULL DO NOTHING RETURNING line",
        )?;
        import.refused += self.refused.len() as i64;
        for (line, code) in self.lines.iter().zip(std::mem::take(&mut self.codes)) {
            if fresh.contains(line) {
                import.fresh += 1;
                learn(import, &code);
            } else if known.contains(line) {
                import.known += 1;
                self.refused.push((*line, code, Reason::Known));
            } else {
                import.duplicate += 1;
                self.refused.push((*line, code, Reason::Twice));
            }
        }
        let rows: Vec<_> = self
            .refused
            .iter()
            .map(|(line, text, reason)| {
                (
                    code_import_row::import_id.eq(import.id),
                    code_import_row::line.eq(line),
                    code_import_row::text.eq(text),
                    code_import_row::refused.eq(reason.key()),
                )
            })
            .collect();
        for some in rows.chunks(5_000) {
            diesel::insert_into(code_import_row::table).values(some).execute(conn)?;
        }
        Ok(())
    }

    fn lines_of(&self, conn: &mut PgConnection, id: CodeImportId, sql: &str) -> QueryResult<HashSet<i64>> {
        let sql = format!("WITH given AS (SELECT * FROM unnest($1, $2) AS given (line, text)) {sql}");
        let rows: Vec<LineRow> = sql_query(sql)
            .bind::<Array<BigInt>, _>(&self.lines)
            .bind::<Array<Text>, _>(&self.codes)
            .bind::<BigInt, _>(id)
            .load(conn)?;
        Ok(rows.into_iter().map(|row| row.line).collect())
    }
}

/// What decides how easily the codes are guessed.
fn learn(import: &mut CodeImport, code: &str) {
    let length = i32::try_from(code.len()).unwrap_or(0);
    import.shortest = Some(import.shortest.map_or(length, |shortest| shortest.min(length)));
    import.has_digits |= code.bytes().any(|b| b.is_ascii_digit());
    import.has_letters |= code.bytes().any(|b| b.is_ascii_alphabetic());
    match &mut import.same_start {
        None => import.same_start = Some(code.to_owned()),
        Some(start) => {
            let same = start.bytes().zip(code.bytes()).take_while(|(a, b)| a == b).count();
            start.truncate(same);
        }
    }
}

fn note(
    conn: &mut PgConnection,
    import: &CodeImport,
    failure: Option<String>,
    checked_at: Option<DateTime<Utc>>,
) -> QueryResult<()> {
    diesel::update(code_import::table.find(import.id))
        .set((
            (
                code_import::read_up_to.eq(import.read_up_to),
                code_import::rows.eq(import.rows),
                code_import::fresh.eq(import.fresh),
                code_import::duplicate.eq(import.duplicate),
                code_import::known.eq(import.known),
                code_import::refused.eq(import.refused),
            ),
            (
                code_import::shortest.eq(import.shortest),
                code_import::has_digits.eq(import.has_digits),
                code_import::has_letters.eq(import.has_letters),
                code_import::same_start.eq(&import.same_start),
                code_import::failure.eq(failure),
                code_import::checked_at.eq(checked_at),
            ),
        ))
        .execute(conn)
        .map(|_| ())
}
