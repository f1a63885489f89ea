//! What everybody may expect of a draw, told before it.
//!
//! Under `draw_the_queue` the mean of all orders is random arrival (O'Neill 1982), counted here by subsets
//! of the others by number and units instead of by listing orders; where each unit is drawn it is the
//! hypergeometric law. Gradings with a lot behind them leave a tie of a few units among those who stand at
//! the margin, and that tie is again a drawn queue, of what each has at stake there.

mod arrival;
mod figure;
mod margin;
mod units;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::demand::Demand;
use crate::error::{Error, Table};
use crate::metrics::Figure;
use crate::quantity::{Quantity, at, slot};
use crate::supply::Supply;

use super::required::{DrawRequired, label_numbers};
use arrival::Arrival;
use figure::{Odds, whole};
use margin::{Lane, Stake};
use units::UnitOdds;

/// What one line may expect of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Chances {
    /// The chance that every unit it asks for is allocated.
    pub full: Figure,
    /// The chance that no unit is.
    pub nothing: Figure,
    /// The mean of the units allocated, over all that can be drawn.
    pub expected: Figure,
}

/// The chances of every line before the draw, aligned with the lines; lots that lines carry are not
/// looked at. Rows of one label are drawn together, one behind the other in their places.
///
/// Exact for draws of up to [`crate::limits::MAX_CHANCE_STEPS`] additions a SKU. With e units to hand out
/// by lot, or to do without if those are fewer, and claims of several sizes at stake, additions are about
/// e³ / the smallest size, whatever the number of lines; claims of one size cost nothing. Each unit drawn:
/// as many steps as there are units, and chances of more than 256 factors are told as intervals.
///
/// ```
/// use allocator_core::{chances, DemandLine, DrawRequired, Figure, Policy, Ratio, Supply};
/// let policy: Policy = "draw_the_queue".parse()?;
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 1), DemandLine::new(3, 7, 1)];
/// let required = DrawRequired::new(&policy, &["ann", "ben", "cem"], &[])?.expect("it reads lots");
/// let told = chances(&required, &lines, &[Supply::received(7, 2)])?;
/// let exactly = |above, below| Figure::Exact(Ratio::new(above, below).unwrap());
/// assert_eq!([told[0].full, told[0].nothing], [exactly(1, 3), exactly(1, 3)]);
/// assert_eq!([told[0].expected, told[1].expected], [exactly(1, 1), exactly(1, 2)]);
/// # Ok::<(), allocator_core::Error>(())
/// ```
///
/// # Errors
/// Those of the lines and the supply, as [`crate::allocate`] has them; [`Error::LengthMismatch`] where there
/// are not as many labels as lines; [`Error::OtherDraw`] where units are drawn and are not those of the
/// lines; [`Error::NoChances`] for lines that ship whole and for claims whose lots decide more than who is
/// next; [`Error::TooManySteps`].
pub fn chances<L: Demand + ?Sized>(
    required: &DrawRequired,
    lines: &L,
    supply: &[Supply],
) -> Result<Vec<Chances>, Error> {
    check_rows(required, lines)?;
    let margin = margin::of(lines, supply, &required.policy())?;
    let labels = label_numbers(required)?;
    let mut told = alloc::vec![Odds::certain(0); lines.count()];
    for lane in &margin.lanes {
        if margin.draws_units {
            told_of_units(lane, &mut told)?;
        } else {
            told_of_labels(lane, &labels, &margin, &mut told)?;
        }
    }
    told.iter()
        .enumerate()
        .map(|(row, odds)| chances_of(odds, lines.quantity(row)))
        .collect()
}

fn check_rows<L: Demand + ?Sized>(required: &DrawRequired, lines: &L) -> Result<(), Error> {
    if let Some(error) = lines.shape().into_iter().next() {
        return Err(error);
    }
    if required.rows() != lines.count() {
        return Err(Error::LengthMismatch {
            table: Table::Lines,
            field: "label",
            len: required.rows(),
            rows: lines.count(),
        });
    }
    let drawn = required.units().unwrap_or_default().iter().enumerate();
    for (row, &units) in drawn {
        if Quantity::from(units) != lines.quantity(row) {
            return Err(Error::OtherDraw { what: "units" });
        }
    }
    Ok(())
}

fn chances_of(odds: &Odds, quantity: Quantity) -> Result<Chances, Error> {
    if quantity == 0 {
        let one = whole(1);
        return Ok(Chances {
            full: one,
            nothing: one,
            expected: whole(0),
        });
    }
    odds.chances(quantity)
}

fn told_of_units(lane: &Lane, told: &mut [Odds]) -> Result<(), Error> {
    let mut odds = UnitOdds::new(lane.at_stake(), lane.rest);
    for stake in &lane.stakes {
        let of = match stake.units {
            0 => Odds::certain(stake.sure),
            units => odds.of(units)?.after(*stake),
        };
        *slot(told, stake.row)? = of;
    }
    Ok(())
}

fn told_of_labels(
    lane: &Lane,
    labels: &[u32],
    margin: &margin::Margin,
    told: &mut [Odds],
) -> Result<(), Error> {
    let mut blocks: BTreeMap<u32, Vec<Stake>> = BTreeMap::new();
    for &stake in &lane.stakes {
        if stake.units == 0 {
            *slot(told, stake.row)? = Odds::certain(stake.sure);
        } else {
            let label = at(labels, stake.row)?;
            blocks.entry(label).or_default().push(stake);
        }
    }
    if blocks.is_empty() {
        return Ok(());
    }
    margin.check(lane, labels, blocks.values().any(|block| block.len() > 1))?;
    let sizes = blocks.values().map(|block| margin::units_of(block));
    let mut arrival = Arrival::new(lane.row, sizes.collect(), lane.rest)?;
    for block in blocks.values() {
        let size = margin::units_of(block);
        let mut before = 0;
        for &stake in block {
            let odds = arrival.of(size, before, stake.units.into())?;
            *slot(told, stake.row)? = odds.after(stake);
            crate::quantity::tally(&mut before, stake.units);
        }
    }
    Ok(())
}
