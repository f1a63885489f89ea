//! State for live use: what to hand out now beyond what was handed out before.

use alloc::vec::Vec;

use crate::error::{Error, Table};
use crate::limits::MAX_QUANTITY;
use crate::quantity::{Quantity, sub};

use super::Allocation;

impl Allocation {
    /// Units to hand out now: what each line is allocated beyond what was `given` to it before.
    ///
    /// When a shipment arrives, call [`crate::allocate`] with the *original* claims and *all* units
    /// received so far; this is the difference. It is never below zero while the rule stays, because
    /// neither more stock nor a cancellation lowers those who stay. Who leaves with his units is taken
    /// out together with them: his line from the lines, his units from the supply.
    ///
    /// Sharing each shipment among what is still *open* is right for the queue and for
    /// [`crate::ShortageRule::equal_cuts`] only (the axiom `composition_up`). Claims of 2 and 1 and two
    /// shipments of 1 unit: rounds owe 1 and 1. Each shipment by itself goes to the first, who stands
    /// before the other in every first round: 2 and 0.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::OutOfRange`] for units below zero;
    /// [`Error::GivenAboveAward`] for the first line that was given more than it is allocated: the
    /// lines or the rule changed, or the result is a one-off ([`Self::is_one_off`]), which more stock
    /// may turn round. Units that were given cannot be taken back, so this is not settled here.
    ///
    /// ```
    /// use allocator_core::{allocate, DemandLine, Policy, ShortageRule, Supply};
    /// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 1)];
    /// let policy = Policy::sharing(ShortageRule::one_each_per_round());
    /// let first = allocate(&lines, &[Supply::received(7, 1)], &policy)?.increment(&[0, 0])?;
    /// assert_eq!(first, [1, 0]);
    /// let both = [Supply::received(7, 1), Supply::received(7, 1)];
    /// assert_eq!(allocate(&lines, &both, &policy)?.increment(&first)?, [0, 1]);
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    pub fn increment(&self, given: &[Quantity]) -> Result<Vec<Quantity>, Error> {
        if given.len() != self.len() {
            return Err(Error::LengthMismatch {
                table: Table::Lines,
                field: "given",
                len: given.len(),
                rows: self.len(),
            });
        }
        let rows = given.iter().zip(self.allocated()).enumerate();
        rows.map(|(row, (&given, &award))| more(row, given, award))
            .collect()
    }
}

fn more(row: usize, given: Quantity, award: Quantity) -> Result<Quantity, Error> {
    if given < 0 {
        return Err(Error::OutOfRange {
            table: Table::Lines,
            row,
            field: "given",
            value: given.into(),
            min: 0,
            max: MAX_QUANTITY.into(),
        });
    }
    if given > award {
        return Err(Error::GivenAboveAward { row, given, award });
    }
    sub(award, given)
}
