//! Text cells that no spreadsheet runs as a formula.

use std::borrow::Cow;

/// What starts a formula, in the usual and in the full-width form that some spreadsheets fold.
const STARTERS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text, with a single quote in front of whatever a spreadsheet would run: a cell that starts
/// with `=`, `+`, `-`, `@`, a tab or a line break, also behind blanks; and the same behind a
/// semicolon, a tab or a line break inside the cell, where a spreadsheet set to semicolons begins a
/// new one. A cell that has single quotes before such a start gets one more, so that taking one
/// away gives the text back. Everything else stays as it is.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let opens = text
        .trim_start_matches('\'')
        .starts_with(['\t', '\r', '\n']);
    if !opens && !pieces(text).any(runs) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 1);
    for (index, piece) in pieces(text).enumerate() {
        if runs(piece) || (opens && index == 0) {
            safe.push('\'');
        }
        safe.push_str(piece);
    }
    Cow::Owned(safe)
}

/// What one or the other spreadsheet takes as a cell, each with the separator behind it.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([';', '\t', '\r', '\n'])
}

fn runs(piece: &str) -> bool {
    let unseen = |c: char| {
        let zero_width = matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}');
        c.is_whitespace() || c.is_control() || zero_width
    };
    let bare = piece.trim_start_matches('\'').trim_start_matches(unseen);
    bare.starts_with(STARTERS)
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_get_a_quote() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("a;=1", "a;'=1"),
            ("a\n-1", "a\n'-1"),
            ("\n-1", "'\n'-1"),
        ] {
            assert_eq!(harmless(text), safe);
        }
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "",
            "HOODIE-M",
            "a=b",
            "1-2",
            "Größe; 42",
            "'quoted'",
            "a\r\n\nb",
            "O'Neill",
            "x@y.example",
        ] {
            assert_eq!(harmless(text), text);
        }
    }
}
