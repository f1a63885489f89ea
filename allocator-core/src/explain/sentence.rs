//! The answer in plain words.

use alloc::string::String;
use core::fmt::{self, Display};

use crate::allocate::Outcome;
use crate::id::SkuId;
use crate::policy::Completeness;
use crate::quantity::{Quantity, Total};
use crate::reason::Reason;

use super::{Explanation, LineAt, MoreUnits};

impl Explanation {
    /// The answer in plain words, with the host's names for lines and SKUs.
    ///
    /// ```
    /// use allocator_core::{explain, DemandLine, Policy, Supply};
    /// let lines = [DemandLine::new(1, 7, 1)];
    /// let why = explain(&lines, &[Supply::received(7, 0)], &Policy::first_come(), 0)?;
    /// let text = why.sentence(|at| format!("order #100{}", at.line), |_| "HOODIE-M".to_string());
    /// assert_eq!(text, "order #1001 gets 0 of 1 unit: nobody is ahead of it in line and 0 were received. \
    ///                   1 more unit serves it.");
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn sentence<N: Display, S: Display>(
        &self,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, line, sku);
        text
    }

    fn write<N: Display, S: Display>(
        &self,
        out: &mut impl fmt::Write,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> fmt::Result {
        let Outcome {
            quantity,
            allocated,
            set_aside,
            reason,
            covered,
            ..
        } = self.outcome;
        let name = line(self.at);
        match reason {
            Reason::NothingAsked => return write!(out, "{name} asks for nothing."),
            Reason::Served if self.more_units.is_empty() => {
                return write!(out, "{name} gets {}.", all(quantity));
            }
            Reason::Served => write!(
                out,
                "{name} gets {}, because a line before it did not fit",
                all(quantity)
            )?,
            _ => write!(out, "{name} gets {allocated} of {}", units(quantity.into()))?,
        }
        match reason {
            Reason::Served | Reason::NothingAsked => {}
            Reason::Short if !self.rule.is_queue() => write!(
                out,
                ": {} {} received, and {}",
                self.received,
                if self.received == 1 { "was" } else { "were" },
                self.rule.sentence_with(&self.order),
            )?,
            Reason::Short if self.completeness == Completeness::Order && covered > 0 => write!(
                out,
                ": there is enough for {covered}, and its order ships whole"
            )?,
            Reason::Short => {
                match self.place.units_ahead {
                    0 => write!(out, ": nobody is ahead of it in line")?,
                    1 => write!(out, ": 1 unit is ahead of it in line")?,
                    ahead => write!(out, ": {ahead} units are ahead of it in line")?,
                }
                let never = self.place.units_ahead.saturating_sub(self.claimed_ahead);
                if never > 0 {
                    write!(out, ", {never} of which can never be served,")?;
                }
                write!(
                    out,
                    " and {} {} received",
                    self.received,
                    if self.received == 1 { "was" } else { "were" }
                )?;
            }
            Reason::LineIncomplete => {
                write!(out, ": there is enough for {covered}, and it ships whole")?
            }
            Reason::UnknownSku | Reason::OrderHasImpossibleLine | Reason::OrderIncomplete => {
                write!(out, ": {}", reason.sentence())?
            }
        }
        match set_aside {
            0 => {}
            1 => write!(out, "; 1 unit stays aside for it")?,
            kept => write!(out, "; {kept} units stay aside for it")?,
        }
        out.write_char('.')?;
        self.write_changes(out, line, sku)
    }

    fn write_changes<N: Display, S: Display>(
        &self,
        out: &mut impl fmt::Write,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> fmt::Result {
        let in_turn = if self.outcome.reason == Reason::Served {
            " in turn"
        } else {
            ""
        };
        for (index, more) in self.more_units.iter().enumerate() {
            out.write_str(if index == 0 { " " } else { " and " })?;
            write!(
                out,
                "{} more {}",
                more.units,
                if more.units == 1 { "unit" } else { "units" }
            )?;
            if self.more_units.len() > 1 || more.sku != self.sku {
                write!(out, " of {}", sku(more.sku))?;
            }
        }
        match self.more_units.as_slice() {
            [] => {}
            [MoreUnits { units: 1, .. }] => write!(out, " serves it{in_turn}.")?,
            _ => write!(out, " serve it{in_turn}.")?,
        }
        if let Some(before) = self.if_before {
            write!(out, " In front of {} it would be served.", line(before))?;
        }
        if let Some(partial) = self.if_partial {
            write!(out, " If it could ship in part it would get {partial} now.")?;
        }
        Ok(())
    }
}

impl Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(
            f,
            |at| alloc::format!("line {}", at.line),
            |sku| alloc::format!("SKU {sku}"),
        )
    }
}

fn units(count: Total) -> String {
    if count == 1 {
        "1 unit".into()
    } else {
        alloc::format!("{count} units")
    }
}

fn all(quantity: Quantity) -> String {
    if quantity == 1 {
        "its unit".into()
    } else {
        alloc::format!("all its {quantity} units")
    }
}
