//! Exchange of places with others: tables, GeoJSON and Open Referral UK, in with a truthful report,
//! and out again.

pub mod columns;
pub mod draft;
pub mod encoding;
pub mod error;
pub mod feed;
pub mod gazetteer;
pub mod geojson;
pub mod judge;
mod likeness;
pub mod oruk;
pub mod osgb;
pub mod out;
pub mod position;
mod remark;
pub mod report;
pub mod run;
pub mod services;
pub mod table;
pub mod week;

use std::borrow::Cow;

/// How a file of places is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A table with a header.
    Csv,
    /// Features with OpenStreetMap's tag names.
    Geojson,
    /// Open Referral UK (HSDS-UK 3) services.
    Oruk,
}

/// A cell that no spreadsheet works out: one that begins like a formula has an apostrophe before it.
/// A telephone number or a number with its sign stays as it is.
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    let number = |rest: &str| {
        !rest.is_empty()
            && rest
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '(' | ')'))
    };
    let harmless = match text.strip_prefix(['+', '-']) {
        Some(rest) => number(rest),
        None => !text.starts_with(['=', '@', '\t', '\r', '\n']),
    };
    match harmless {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("'{text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cell(text: &str, expected: &str) {
        assert_eq!(safe_cell(text), expected);
    }

    #[test]
    fn no_cell_is_worked_out_and_numbers_stay_right() {
        cell(
            "=HYPERLINK(\"http://a.example\")",
            "'=HYPERLINK(\"http://a.example\")",
        );
        cell("@SUM(A1)", "'@SUM(A1)");
        cell("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
        cell("-2+3+cmd", "'-2+3+cmd");
        cell("\t=1", "'\t=1");
        cell("\r=1", "'\r=1");
        cell("+44 121 496 0101", "+44 121 496 0101");
        cell("-1.96786", "-1.96786");
        cell("+", "'+");
        cell("Corner Café", "Corner Café");
    }
}
