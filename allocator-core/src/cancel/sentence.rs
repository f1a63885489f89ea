//! What is said: to the customer, one line at a time, and to the merchant about the whole plan.

use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::error::Error;
use crate::id::SkuId;
use crate::quantity::Quantity;

use super::plan::{CancellationPlan, CutReason, PlannedLine};

impl CancellationPlan {
    /// What a customer can be told about line `row`: what arrived, the rule, what he keeps, and what would
    /// have been enough. Amounts of money are not in it: hosts write them in their own currency.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`].
    ///
    /// ```
    /// use allocator_core::{plan_cancellations, DemandLine, ShortageRule, Supply};
    /// let lines = [DemandLine::new(1, 7, 3), DemandLine::new(2, 7, 2)];
    /// let plan = plan_cancellations(&lines, &[Supply::received(7, 4)], ShortageRule::one_each_per_round())?;
    /// assert_eq!(
    ///     plan.sentence(0)?,
    ///     "4 of 5 arrived. Everybody gets a first unit before anybody gets a second, and so on; older orders \
    ///      first. You ordered 3 and keep 2; 1 is cancelled. 1 more would have been enough for you.",
    /// );
    /// assert_eq!(plan.sentence(1)?, "4 of 5 arrived. You ordered 2 and keep all of it.");
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    pub fn sentence(&self, row: usize) -> Result<String, Error> {
        self.sentence_with(row, |sku| format!("item {sku}"))
    }

    /// The same with the host's names of the SKUs, which are said where more of several would have had to
    /// arrive.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`].
    pub fn sentence_with<S: fmt::Display>(
        &self,
        row: usize,
        sku: impl Fn(SkuId) -> S,
    ) -> Result<String, Error> {
        let line = *self.line(row)?;
        let mut text = String::new();
        match self.stock_of(line.sku) {
            Some(stock) if line.quantity > 0 => {
                text.push_str(&format!(
                    "{} of {} arrived. ",
                    stock.received, stock.ordered
                ));
            }
            _ => {}
        }
        text.push_str(&match line.reason {
            CutReason::NothingAsked => "Nothing was ordered.".into(),
            CutReason::Kept => format!("You ordered {} and keep all of it.", line.quantity),
            CutReason::NeverServed => format!(
                "{} Nothing is left for you.",
                sentence_of(line.reason.sentence())
            ),
            CutReason::Volunteered => format!(
                "You offered to give up units, and {} taken: you ordered {} and keep {}.",
                were(line.volunteered),
                line.quantity,
                line.kept,
            ),
            CutReason::OrderChosen => format!(
                "{} Yours is one of them: you ordered {}, and {} cancelled.",
                sentence_of(&self.method.sentence()),
                line.quantity,
                are(line.cut),
            ),
            CutReason::ShipsWhole => format!(
                "{} Yours ships whole, and there is not enough for all of it: you ordered {}, and {} cancelled.",
                sentence_of(&self.method.sentence()),
                line.quantity,
                are(line.cut),
            ),
            CutReason::Shortage => self.shortage(&line),
        });
        if line.credit_spent > 0 {
            let spent = line.credit_spent;
            text.push_str(&format!(
                " {spent} of it you keep by your credit, which is used up."
            ));
        }
        // Who gave up units of his own will is not told what would have kept them.
        if line.reason != CutReason::Volunteered {
            text.push_str(&self.enough(row, sku)?);
        }
        Ok(text)
    }

    fn shortage(&self, line: &PlannedLine) -> String {
        let rule = sentence_of(&self.method.sentence());
        let kept = match line.kept {
            0 => String::from("nothing"),
            kept => format!("{kept}"),
        };
        let mut text = format!(
            "{rule} You ordered {} and keep {kept}; {} cancelled",
            line.quantity,
            are(line.cut),
        );
        if line.volunteered > 0 {
            text.push_str(&format!(", {} of them as you offered", line.volunteered));
        }
        text.push('.');
        text
    }

    /// What would have been enough, where a number can be named.
    fn enough<S: fmt::Display>(
        &self,
        row: usize,
        sku: impl Fn(SkuId) -> S,
    ) -> Result<String, Error> {
        let mut text = String::new();
        let more = self.more_units(row)?;
        if let [more] = more.as_slice() {
            text = format!(" {} more would have been enough for you.", more.units);
        } else if !more.is_empty() {
            text.push_str(" It would have been enough for you with");
            for (index, more) in more.iter().enumerate() {
                let and = if index > 0 { " and" } else { "" };
                text.push_str(&format!("{and} {} more of {}", more.units, sku(more.sku)));
            }
            text.push('.');
        }
        Ok(text)
    }
}

/// With a large first letter and a full stop.
fn sentence_of(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut text: String = first.into_iter().flatten().collect();
    text.push_str(letters.as_str());
    text.push('.');
    text
}

fn are(units: Quantity) -> String {
    format!("{units} {}", if units == 1 { "is" } else { "are" })
}

fn were(units: Quantity) -> String {
    format!("{units} {}", if units == 1 { "was" } else { "were" })
}

/// The figures in one sentence.
impl fmt::Display for CancellationPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sums = self.totals();
        let lines = |count: u64| {
            if count == 1 {
                "line loses"
            } else {
                "lines lose"
            }
        };
        write!(
            f,
            "{} ordered, {} received: {} cut, {} {} units ({} all of them), {} idle",
            sums.ordered,
            sums.received,
            sums.cut,
            sums.lines_cut,
            lines(sums.lines_cut),
            sums.lines_cancelled,
            sums.idle,
        )?;
        if let Some(refund) = sums.refund {
            write!(f, ", {refund} to pay back")?;
        }
        if sums.compensation > 0 {
            write!(f, ", {} to those who gave up units", sums.compensation)?;
        }
        if self.one_off().is_some() {
            f.write_str("; a one-off")?;
        }
        Ok(())
    }
}
