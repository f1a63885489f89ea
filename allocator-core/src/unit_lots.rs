//! The lots of single units: one list, row after row.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::demand::Rows;
use crate::error::Error;
use crate::quantity::{Quantity, Total, tally};
use crate::rule::ShortageRule;

/// The lots of every row's units, where the rule reads them.
#[derive(Clone, Debug)]
pub(crate) struct UnitLots<'a> {
    lots: Cow<'a, [i64]>,
    /// Where each row begins, and the end.
    starts: Vec<usize>,
}

impl<'a> UnitLots<'a> {
    /// The lots of valid demand; none where the rule does not read them.
    pub(crate) fn of<L: Rows + ?Sized>(
        lines: &'a L,
        rule: &ShortageRule,
    ) -> Result<Option<Self>, Error> {
        if !rule.draws_units() {
            return Ok(None);
        }
        let lots = lines
            .unit_lots()
            .ok_or(Error::Corrupt { at: "unit lots" })?;
        let mut starts = Vec::with_capacity(lines.count().saturating_add(1));
        let mut start = 0_usize;
        for row in 0..lines.count() {
            starts.push(start);
            let units = usize::try_from(lines.quantity(row));
            start = start.saturating_add(units.unwrap_or(0));
        }
        starts.push(start);
        Ok(Some(Self {
            lots: Cow::Borrowed(lots),
            starts,
        }))
    }

    /// The lots of a row's units.
    pub(crate) fn of_row(&self, row: usize) -> &[i64] {
        let start = self.starts.get(row).copied().unwrap_or(0);
        let end = self.starts.get(row.saturating_add(1));
        let end = end.copied().unwrap_or(start);
        self.lots.get(start..end).unwrap_or(&[])
    }

    /// The same lots, those of each row from the smallest to the largest.
    pub(crate) fn sorted(mut self) -> Self {
        let lots = self.lots.to_mut();
        for (&start, &end) in self.starts.iter().zip(self.starts.iter().skip(1)) {
            if let Some(row) = lots.get_mut(start..end) {
                row.sort_unstable();
            }
        }
        self
    }

    /// The same lots, kept.
    pub(crate) fn into_owned(self) -> UnitLots<'static> {
        UnitLots {
            lots: Cow::Owned(self.lots.into_owned()),
            starts: self.starts,
        }
    }
}

/// That each unit has its lot, under a rule that draws them. Units that are out of range are another
/// fault.
pub(crate) fn check_shape<L: Rows + ?Sized>(lines: &L, rule: &ShortageRule) -> Option<Error> {
    if !rule.draws_units() {
        return None;
    }
    let mut units: Total = 0;
    for row in 0..lines.count() {
        let quantity: Quantity = lines.quantity(row);
        if quantity < 0 {
            return None;
        }
        tally(&mut units, quantity);
    }
    if units > Total::from(crate::limits::MAX_DRAWN_UNITS) {
        return None;
    }
    let len = lines.unit_lots().map(<[_]>::len);
    let fits = len.and_then(|len| Total::try_from(len).ok()) == Some(units);
    (!fits).then_some(Error::UnitLots { len, units })
}
