//! Counts of notes as a table for a coordinator's spreadsheet.

use std::borrow::Cow;

use crate::store::CountedNotes;

/// The counts as CSV with a line of headings.
pub fn csv(counts: &[CountedNotes]) -> csv::Result<Vec<u8>> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["place", "name", "kind", "how", "count"])?;
    for line in counts {
        let cells = [
            line.place.as_ref().map_or("", |place| place.as_str()),
            line.name.as_deref().unwrap_or_default(),
            line.kind.as_str(),
            line.how.as_deref().unwrap_or_default(),
            &line.count.to_string(),
        ];
        table.write_record(cells.map(plain).iter().map(AsRef::as_ref))?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// A cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe.
fn plain(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(place: Option<&str>, name: &str, count: u64) -> CountedNotes {
        CountedNotes {
            place: place.map(|id| id.parse().expect("a test's own id")),
            name: place.map(|_| name.to_owned()),
            kind: "was-closed".to_owned(),
            how: None,
            count,
        }
    }

    #[track_caller]
    fn written(counts: &[CountedNotes], expected: &str) {
        let table = csv(counts).expect("in memory");
        let table = String::from_utf8(table).expect("text");
        assert_eq!(table, format!("place,name,kind,how,count\n{expected}"));
    }

    #[test]
    fn counts_are_lines_of_a_table() {
        written(&[], "");
        let two = [line(Some("cape-hall"), "Cape Hall", 2), line(None, "", 11)];
        written(
            &two,
            "cape-hall,Cape Hall,was-closed,,2\n,,was-closed,,11\n",
        );
    }

    #[test]
    fn a_name_is_never_a_formula_or_a_second_cell() {
        let of = |name: &str| [line(Some("aa"), name, 1)];
        for (name, cell) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM", "'@SUM"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "'＝1"),
            ("A, B", "\"A, B\""),
            ("A \"B\"", "\"A \"\"B\"\"\""),
            ("A\n=1", "\"A\n=1\""),
        ] {
            written(&of(name), &format!("aa,{cell},was-closed,,1\n"));
        }
        // A place's id may begin with a hyphen.
        written(&[line(Some("-1"), "A", 1)], "'-1,A,was-closed,,1\n");
    }
}
