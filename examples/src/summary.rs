//! The summary that is printed: figures, who waits and why, the verdict.

use std::borrow::Cow;
use std::fmt::{self, Write};

use allocator_core::Reason;

use crate::answer::Answer;
use crate::decision::Decision;
use crate::failure::Failure;
use crate::figures::{Figures, Served};
use crate::input::Input;
use crate::instant;
use crate::names::shown;
use crate::output::{MOST_OVERTAKES, OVERTAKES};
use crate::overtakes;

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
    let instant = moment(as_of);
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
        write!(self.out, "  {:<12}{}", "open value", money(missing_value))?;
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
        let (waiting, _) = self.unserved();
        let oldest = waiting
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
            write!(self.out, "  {:<12}{count}", "overtakes")?;
            match usize::try_from(count) {
                Ok(count) if count <= MOST_OVERTAKES => writeln!(self.out, ", see {OVERTAKES}")?,
                _ => writeln!(
                    self.out,
                    "; {OVERTAKES} has only the first {MOST_OVERTAKES} of them"
                )?,
            }
        }
        for pair in overtakes::first(self.decision, 1) {
            let (later, earlier) = (self.name(pair.later), self.name(pair.earlier));
            writeln!(
                self.out,
                "    {later} before {earlier}, {}: {}",
                pair.because,
                pair.because.sentence()
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
        let (waiting, never) = self.unserved();
        let _ = match waiting.len() {
            0 => writeln!(self.out, "\nNobody waits."),
            _ => writeln!(self.out, "\nWho waits, and why, first in line first:"),
        };
        for &line in waiting.iter().take(NAMED) {
            let answer = Answer::new(self.decision.explainer.explain(line)?);
            let sentence = answer.sentence(self.input, &self.decision.standing);
            let sku = shown(self.input.sku_name(answer.why.sku.0));
            let _ = writeln!(
                self.out,
                "  {sku}: {}",
                beginning(&shown(&sentence), "waiting.csv")
            );
        }
        let _ = self.and_more(waiting.len());
        for (reason, because) in [
            (Reason::UnknownSku, "no receipt names the item"),
            (
                Reason::OrderHasImpossibleLine,
                Reason::OrderHasImpossibleLine.sentence(),
            ),
        ] {
            let of_reason = never.iter().filter(|&&(_, found)| found == reason);
            let lines: Vec<usize> = of_reason.map(|&(line, _)| line).collect();
            let _ = self.never_served(&lines, because);
        }
        Ok(())
    }

    /// Nothing that arrives helps them, so they do not wait.
    fn never_served(&mut self, lines: &[usize], because: &str) -> fmt::Result {
        if lines.is_empty() {
            return Ok(());
        }
        let count = counted(lines.len(), "line", "lines");
        writeln!(self.out, "\n{count} can never be served: {because}")?;
        for &line in lines.iter().take(NAMED) {
            let sku = shown(self.input.sku_name(self.decision.standing.sku(line)));
            let missing = units(self.decision.missing(line).into());
            writeln!(self.out, "  {sku}: {}, {missing}", self.name(line))?;
        }
        self.and_more(lines.len())
    }

    fn and_more(&mut self, lines: usize) -> fmt::Result {
        match lines.checked_sub(NAMED) {
            Some(more) if more > 0 => writeln!(self.out, "  and {more} more, see waiting.csv"),
            _ => Ok(()),
        }
    }

    /// Who waits, and who waits in vain with the reason, each in place order.
    fn unserved(&self) -> (Vec<usize>, Vec<(usize, Reason)>) {
        let (mut waiting, mut never) = (Vec::new(), Vec::new());
        for line in self.decision.unserved() {
            match self.decision.never(line) {
                Some(reason) => never.push((line, reason)),
                None => waiting.push(line),
            }
        }
        (waiting, never)
    }

    fn verdict(&mut self) -> fmt::Result {
        writeln!(self.out, "\nverified: {}", self.decision.grade)
    }

    fn name(&self, line: usize) -> String {
        shown(&self.input.line_name(self.decision.standing.row[line]))
    }
}

/// As much of a sentence as fits on a screen.
pub(crate) fn beginning<'a>(sentence: &'a str, file: &str) -> Cow<'a, str> {
    match sentence.char_indices().nth(SENTENCE) {
        Some((end, _)) => Cow::Owned(format!("{}… (see {file})", &sentence[..end])),
        None => Cow::Borrowed(sentence),
    }
}

/// The instant that is looked from.
pub(crate) fn moment(as_of: Option<i64>) -> String {
    as_of.map_or_else(
        || "before anything happened".to_owned(),
        |at| format!("as of {}", instant::write(at)),
    )
}

/// An amount. How many decimals its currency has the files do not say.
pub(crate) fn money(minor: i128) -> String {
    let (whole, cents) = (minor / 100, minor % 100);
    format!("{minor} minor units of money ({whole}.{cents:02} where 100 make one)")
}

pub(crate) fn units(amount: i128) -> String {
    counted(amount, "unit", "units")
}

pub(crate) fn counted<N: fmt::Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    many: &str,
) -> String {
    let word = if count == N::from(1) { one } else { many };
    format!("{count} {word}")
}
