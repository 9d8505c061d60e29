//! Whether what was typed is a slip: a code with a wrong character, or with two neighbours swapped.

use diesel::prelude::*;

use super::alphabet::CodeFormat;
use super::text::CodeText;
use crate::schema::campaign;

/// Whether a text that is no code becomes one that could be when one slip is mended. Only codes with a check character
/// can tell, so only campaigns that have one are looked at. Says nothing about which codes there are: anyone can work
/// the check character out.
pub fn is_slip(conn: &mut PgConnection, text: &CodeText) -> QueryResult<bool> {
    let width = text.as_str().len();
    let formats: Vec<(String, i32, String, Option<String>)> = campaign::table
        .filter(campaign::code_check.and(campaign::published_at.is_not_null()))
        .filter(campaign::code_source.is_not_null().and(campaign::code_source.ne("imported")))
        .select((campaign::code_prefix, campaign::code_length, campaign::code_pattern, campaign::shared_code))
        .distinct()
        .load(conn)?;
    Ok(formats.iter().any(|(prefix, length, pattern, shared)| {
        let format = CodeFormat::stored(prefix, *length, pattern, true);
        // one code that was typed, not generated, need not look like the format
        let is_typed = shared.as_deref().is_some_and(|shared| !format.template().is_code_of(shared.as_bytes()));
        format.width() == width && !is_typed && format.template().is_nearly(text.as_str().as_bytes())
    }))
}
