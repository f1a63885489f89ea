//! What came of each case, and the text that says so.

use std::fmt;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything it expects came out.
    Pass,
    /// The first difference, or what is wrong with the case itself.
    Fail(String),
    /// What it asks for that is documented and not built. Never counted as passed.
    Unsupported(String),
}

/// A case by its id; one without is `PART[index]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// Its id.
    pub id: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// Every case of a file, in the file's order. `Display` writes a line for each, then the counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The cases.
    pub cases: Vec<CaseReport>,
}

impl Report {
    /// How many passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Pass))
    }

    /// How many failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Fail(_)))
    }

    /// How many ask for what is not built.
    #[must_use]
    pub fn unsupported(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Unsupported(_)))
    }

    fn count(&self, which: fn(&Verdict) -> bool) -> usize {
        let verdicts = self.cases.iter().map(|case| &case.verdict);
        verdicts.filter(|verdict| which(verdict)).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(f, "{case}")?;
        }
        write!(
            f,
            "{} passed, {} failed, {} unsupported",
            self.passed(),
            self.failed(),
            self.unsupported()
        )
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = one_line(&self.id);
        match &self.verdict {
            Verdict::Pass => write!(f, "pass {id}"),
            Verdict::Fail(difference) => write!(f, "FAIL {id}: {}", one_line(difference)),
            Verdict::Unsupported(what) => write!(f, "unsupported {id}: {}", one_line(what)),
        }
    }
}

/// Text of a file may hold line breaks; a report has one line for a case.
fn one_line(text: &str) -> String {
    let escaped = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(escaped).collect()
}
