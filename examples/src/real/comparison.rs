//! Figure by figure: what was expected, what was found.

use serde_json::Value;

/// What agrees and what does not in one scenario.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    notes: Vec<String>,
    compared: usize,
    differences: Vec<String>,
    unknown: Vec<String>,
}

impl Comparison {
    /// A line of the report.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// A number of the expected file.
    pub(super) fn number(&mut self, what: &str, expected: &Value, found: impl Into<i128>) {
        let expected = expected.to_string();
        self.text(what, &expected, &found.into().to_string());
    }

    /// A text.
    pub(super) fn text(&mut self, what: &str, expected: &str, found: &str) {
        self.compared += 1;
        if expected != found {
            self.differ(format!("{what}: expected {expected}, found {found}"));
        }
    }

    /// A difference that is more than a figure.
    pub(super) fn differ(&mut self, difference: String) {
        self.differences.push(difference);
    }

    /// A figure that this program does not know.
    pub(super) fn unknown(&mut self, what: String) {
        self.unknown.push(what);
    }

    pub(super) fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// All of it, for people.
    pub(super) fn report(&self, name: &str) -> String {
        let mut text = format!("{name}\n");
        for note in &self.notes {
            text.push_str(&format!("  {note}\n"));
        }
        if !self.unknown.is_empty() {
            text.push_str(&format!("  not compared: {}\n", self.unknown.join(", ")));
        }
        let agreeing = self.compared.saturating_sub(self.differences.len());
        text.push_str(&format!(
            "  {agreeing} of {} figures agree\n",
            self.compared
        ));
        for difference in &self.differences {
            text.push_str(&format!("  DIFFERS {difference}\n"));
        }
        text
    }
}
