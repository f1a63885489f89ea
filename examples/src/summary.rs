//! The summary that is printed: figures, who waits and why, the verdict.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::decision::Decision;
use crate::failure::Failure;
use crate::figures::{Figures, Served};
use crate::input::Input;
use crate::instant;
use crate::names::shown;

/// Most lines that are named; the rest is in the file.
const NAMED: usize = 10;
/// Most characters of a sentence: an order that ships whole may wait for hundreds of items.
const SENTENCE: usize = 300;

/// The whole text, from its title to the verdict.
pub(crate) fn text(
    title: &str,
    as_of: Option<i64>,
    input: &Input,
    decision: &Decision,
) -> Result<String, Failure> {
    let mut text = String::new();
    let figures = Figures::new(input, decision);
    let instant = as_of.map_or_else(
        || "before anything happened".to_owned(),
        |at| format!("as of {}", instant::write(at)),
    );
    let mut page = Page {
        out: &mut text,
        input,
        decision,
        figures: &figures,
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        page.out,
        "{}: {}, {instant}\n",
        shown(title),
        decision.policy
    );
    let _ = page.units();
    let _ = page.served();
    let _ = page.oldest_wait(as_of);
    let _ = page.overtakes();
    page.who_waits()?;
    let _ = page.verdict();
    Ok(text)
}

struct Page<'a> {
    out: &'a mut String,
    input: &'a Input,
    decision: &'a Decision,
    figures: &'a Figures,
}

impl Page<'_> {
    fn units(&mut self) -> fmt::Result {
        let Figures {
            ordered,
            received,
            allocated,
            set_aside,
            waiting,
            never,
            idle,
            cancelled,
            lines,
            orders,
            customers,
            lines_waiting,
            lines_never,
            ..
        } = *self.figures;
        let standing = &self.decision.standing;
        let outstanding = standing.supply.len() - standing.receipts_come;
        self.amount("ordered", ordered)?;
        write!(self.out, " in {}", counted(lines.all(), "line", "lines"))?;
        write!(self.out, " of {}", counted(orders.all(), "order", "orders"))?;
        writeln!(
            self.out,
            " by {}",
            counted(customers, "customer", "customers")
        )?;
        if self.input.cancellations.is_some() {
            self.amount("cancelled", cancelled)?;
            writeln!(self.out, ", no longer among the ordered ones")?;
        }
        self.amount("received", received)?;
        write!(
            self.out,
            " in {}",
            counted(standing.receipts_come, "receipt", "receipts")
        )?;
        if outstanding > 0 {
            write!(self.out, "; {outstanding} more had not come")?;
        }
        writeln!(self.out)?;
        self.amount("allocated", allocated)?;
        writeln!(self.out)?;
        self.amount("waiting", waiting + set_aside)?;
        write!(self.out, " in {}", counted(lines_waiting, "line", "lines"))?;
        if set_aside > 0 {
            write!(self.out, "; {} set aside for them", units(set_aside))?;
        }
        writeln!(self.out)?;
        if never > 0 {
            self.amount("never", never)?;
            write!(self.out, " in {}", counted(lines_never, "line", "lines"))?;
            writeln!(self.out, ", for want of any receipt that names the item")?;
        }
        self.worth()?;
        self.amount("idle", idle)?;
        writeln!(self.out)?;
        self.idle_causes()
    }

    fn amount(&mut self, label: &str, amount: i128) -> fmt::Result {
        let width = self
            .figures
            .ordered
            .max(self.figures.received)
            .to_string()
            .len();
        let unit = if amount == 1 { "unit " } else { "units" };
        write!(
            self.out,
            "  {label:<12}{amount:>width$} {}",
            unit.trim_end()
        )
    }

    fn worth(&mut self) -> fmt::Result {
        let Figures {
            missing_value,
            missing_without_price,
            ..
        } = *self.figures;
        if !self.input.demand.has_prices() {
            return Ok(());
        }
        write!(self.out, "  {:<12}{missing_value}", "open value")?;
        write!(self.out, " in minor units of money")?;
        if missing_without_price > 0 {
            write!(
                self.out,
                ", and {} without a price",
                units(missing_without_price)
            )?;
        }
        writeln!(self.out)
    }

    fn idle_causes(&mut self) -> fmt::Result {
        for (cause, amount, first) in self.decision.idle() {
            write!(
                self.out,
                "    {} {cause}: {}",
                units(amount),
                cause.sentence()
            )?;
            if let Some(line) = first {
                write!(self.out, " (first {})", self.name(line))?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn served(&mut self) -> fmt::Result {
        let with_cancelled = self.input.cancellations.is_some();
        for (label, served) in [
            ("orders", self.figures.orders),
            ("lines", self.figures.lines),
        ] {
            let Served {
                full,
                partial,
                none,
                cancelled,
            } = served;
            write!(
                self.out,
                "  {label:<12}{full} full, {partial} partial, {none} none"
            )?;
            if with_cancelled {
                write!(self.out, ", {cancelled} cancelled")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn oldest_wait(&mut self, as_of: Option<i64>) -> fmt::Result {
        let standing = &self.decision.standing;
        let unserved = self.decision.unserved();
        let oldest = unserved
            .into_iter()
            .min_by_key(|&line| standing.placed_at(line));
        let Some((line, as_of)) = oldest.zip(as_of) else {
            return Ok(());
        };
        let placed = standing.placed_at(line);
        writeln!(
            self.out,
            "  {:<12}{}: {}, placed {}",
            "oldest wait",
            instant::span(as_of.saturating_sub(placed)),
            self.name(line),
            instant::write(placed)
        )
    }

    fn overtakes(&mut self) -> fmt::Result {
        let count = self.decision.allocation().overtake_count();
        if count > 0 {
            writeln!(self.out, "  {:<12}{count}", "overtakes")?;
        }
        if let Some(first) = self.decision.allocation().overtakes().next() {
            let (later, earlier) = (first.later as usize, first.earlier as usize);
            let (later, earlier) = (self.name(later), self.name(earlier));
            let because = first.because;
            writeln!(
                self.out,
                "    {later} before {earlier}, {because}: {}",
                because.sentence()
            )?;
        }
        if self.decision.allocation().is_one_off() {
            writeln!(
                self.out,
                "  {:<12}with this policy one unit more can take units from somebody: do not repeat it as units arrive",
                "one-off"
            )?;
        }
        Ok(())
    }

    fn who_waits(&mut self) -> Result<(), Failure> {
        let unserved = self.decision.unserved();
        let _ = match unserved.len() {
            0 => writeln!(self.out, "\nNobody waits."),
            _ => writeln!(self.out, "\nWho waits, and why, first in line first:"),
        };
        for &line in unserved.iter().take(NAMED) {
            let why = self.decision.explainer.explain(line)?;
            let sentence = self.decision.sentence(self.input, &why);
            let sku = shown(self.input.sku_name(why.sku.0));
            let _ = writeln!(self.out, "  {sku}: {}", beginning(&shown(&sentence)));
        }
        if let Some(more) = unserved.len().checked_sub(NAMED).filter(|&more| more > 0) {
            let _ = writeln!(self.out, "  and {more} more, see waiting.csv");
        }
        Ok(())
    }

    fn verdict(&mut self) -> fmt::Result {
        writeln!(self.out, "\nverified: {}", self.decision.grade)
    }

    fn name(&self, line: usize) -> String {
        shown(&self.input.line_name(self.decision.standing.row[line]))
    }
}

/// As much of a sentence as fits on a screen.
fn beginning(sentence: &str) -> Cow<'_, str> {
    match sentence.char_indices().nth(SENTENCE) {
        Some((end, _)) => Cow::Owned(format!("{}… (see waiting.csv)", &sentence[..end])),
        None => Cow::Borrowed(sentence),
    }
}

fn units(amount: i128) -> String {
    counted(amount, "unit", "units")
}

fn counted<N: fmt::Display + PartialEq + From<u8>>(count: N, one: &str, many: &str) -> String {
    let word = if count == N::from(1) { one } else { many };
    format!("{count} {word}")
}
