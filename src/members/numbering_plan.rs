//! Which digits make a phone number. The `phonenumber` crate's tables, but not its reading: that takes
//! the default region's trunk prefix off foreign numbers too ("+49 15…" read in the US loses its 1).

use phonenumber::Metadata;
use phonenumber::metadata::DATABASE;

/// Digits typed with a plus before them: the E.164 number, if there is one.
pub(super) fn international(digits: &str) -> Option<String> {
    (1..=3.min(digits.len())).find_map(|length| {
        let (code, national) = digits.split_at(length);
        let plans = DATABASE.by_code(&code.parse::<u16>().ok()?)?;
        if plans.iter().any(|plan| is_valid(plan, national)) {
            return Some(format!("+{digits}"));
        }
        // "+49 (0) 151 …": people write the trunk prefix where it is not dialled.
        let national = national.strip_prefix(plans.first()?.national_prefix()?)?;
        plans.iter().any(|plan| is_valid(plan, national)).then(|| format!("+{code}{national}"))
    })
}

/// Digits typed without a plus in a region ("DE").
pub(super) fn in_region(digits: &str, region: &str) -> Option<String> {
    let Some(plan) = DATABASE.by_id(region) else {
        return abroad(digits, "00");
    };
    let code = plan.country_code().to_string();
    let plans = DATABASE.by_code(&plan.country_code())?;
    let home = |national: &str| plans.iter().any(|plan| is_valid(plan, national)).then(|| format!("+{code}{national}"));
    let dialled_out = plan.international_prefix().and_then(|prefix| prefix.find(digits)).filter(|m| m.start() == 0);
    // Exports leave the plus out. What is a mobile number then is one; few write others so.
    let bare = |national: &&str| plan.descriptors().mobile().is_some_and(|kind| kind.is_match(national));
    digits
        .strip_prefix(&code)
        .filter(bare)
        .and_then(home)
        .or_else(|| home(&without_trunk_prefix(plan, digits)?))
        .or_else(|| home(digits.strip_prefix(plan.national_prefix()?)?))
        .or_else(|| home(digits))
        .or_else(|| abroad(digits, dialled_out?.as_str()))
        .or_else(|| abroad(digits, "00"))
        .or_else(|| home(digits.strip_prefix(&code)?))
}

/// 00 is dialled for abroad in most of the world, so people write it everywhere.
fn abroad(digits: &str, prefix: &str) -> Option<String> {
    international(digits.strip_prefix(prefix)?)
}

fn without_trunk_prefix(plan: &Metadata, digits: &str) -> Option<String> {
    let Some(pattern) = plan.national_prefix_for_parsing() else {
        return digits.strip_prefix(plan.national_prefix()?).map(str::to_owned);
    };
    let found = pattern.captures(digits)?;
    let whole = found.get(0).filter(|m| m.start() == 0)?;
    let rest_is_captured = found.len() > 1 && found.get(found.len() - 1).is_some();
    match plan.national_prefix_transform_rule() {
        Some(rule) if rest_is_captured => Some(pattern.replace(digits, rule).into_owned()),
        _ => Some(digits[whole.end()..].to_owned()),
    }
}

fn is_valid(plan: &Metadata, national: &str) -> bool {
    let kinds = plan.descriptors();
    let of_this_region = plan.leading_digits().is_none_or(|lead| lead.find(national).is_some_and(|m| m.start() == 0));
    let some_kind = || {
        [
            kinds.mobile(),
            kinds.fixed_line(),
            kinds.voip(),
            kinds.personal_number(),
            kinds.toll_free(),
            kinds.shared_cost(),
            kinds.premium_rate(),
            kinds.uan(),
            kinds.pager(),
            kinds.voicemail(),
        ]
        .into_iter()
        .flatten()
        .any(|kind| kind.is_match(national))
    };
    of_this_region && kinds.general().is_match(national) && some_kind()
}

#[cfg(test)]
mod tests {
    use super::*;
    use phonenumber::metadata::Descriptor;

    #[test]
    fn every_region_s_example_numbers_are_read_in_both_spellings() {
        let (mut read, mut unread) = (0, Vec::new());
        for plan in DATABASE.iter() {
            let kinds = plan.descriptors();
            let examples = [kinds.mobile(), kinds.fixed_line(), kinds.toll_free(), kinds.voip(), kinds.uan()];
            for national in examples.into_iter().flatten().filter_map(Descriptor::example) {
                let number = format!("+{}{national}", plan.country_code());
                let trunk = format!("{}{national}", plan.national_prefix().unwrap_or_default());
                let spellings = [
                    international(&number[1..]),
                    in_region(national, plan.id()),
                    in_region(&trunk, plan.id()),
                    in_region(&format!("00{}", &number[1..]), plan.id()),
                ];
                for (way, found) in spellings.into_iter().enumerate() {
                    read += 1;
                    if found.as_ref() != Some(&number) {
                        unread.push(format!("{} {number} way {way}: {found:?}", plan.id()));
                    }
                }
            }
        }
        assert!(read > 2_000 && unread.is_empty(), "{} of {read}: {unread:#?}", unread.len());
    }
}
