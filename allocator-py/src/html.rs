//! What a notebook shows.

use std::fmt::Write;

use crate::table::Named;

/// Rows that a preview shows.
pub(crate) const SHOWN: usize = 10;

/// A table of the first rows.
pub(crate) fn table(columns: &[Named], rows: usize) -> String {
    let mut html = String::from("<table>\n<thead><tr>");
    for column in columns {
        // Writing to a string cannot fail.
        let _ = write!(html, "<th>{}</th>", escaped(&column.name));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in 0..rows.min(SHOWN) {
        html.push_str("<tr>");
        for column in columns {
            let _ = write!(
                html,
                "<td>{}</td>",
                escaped(&column.values.value(row).to_string())
            );
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>");
    if rows > SHOWN {
        let _ = write!(html, "\n<p>{SHOWN} of {rows} rows</p>");
    }
    html
}

/// Text that a browser shows and never runs.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}
