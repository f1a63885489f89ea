//! Why a line has what it has, short enough to be said of every line of a large order.

use std::fmt::Write;

use allocator_core::{Explanation, MoreUnits};

use crate::input::Input;
use crate::standing::Standing;

/// Most other items of an order that ships whole that are named at one line of it. Each item is
/// named at its own line, so that all lines together say it all.
const OTHERS: usize = 3;

/// An explanation without what its order's other lines say.
pub(crate) struct Answer {
    /// Its `more_units` has the line's own item, if more of it has to arrive, and few others.
    pub(crate) why: Explanation,
    /// Items of its order that have to arrive too and are not named here.
    pub(crate) unnamed: usize,
}

impl Answer {
    pub(crate) fn new(mut why: Explanation) -> Self {
        let (own, mut more) = (why.sku, std::mem::take(&mut why.more_units));
        let needed = more.len();
        let others = more.iter().filter(|more| more.sku != own).count();
        if others > OTHERS {
            let mut room = OTHERS;
            more.retain(|more| {
                let other = more.sku != own;
                let named = !other || room > 0;
                room -= usize::from(other && named);
                named
            });
            more.shrink_to_fit();
        }
        let unnamed = needed - more.len();
        why.more_units = more;
        Self { why, unnamed }
    }

    /// Units of the line's own item that have to arrive.
    pub(crate) fn own(&self) -> Option<i64> {
        let mut more = self.why.more_units.iter();
        more.find(|more| more.sku == self.why.sku)
            .map(|more| more.units)
    }

    /// Other items of the order that have to arrive too, as far as they are named.
    pub(crate) fn others(&self) -> impl Iterator<Item = &MoreUnits> {
        let more = self.why.more_units.iter();
        more.filter(|more| more.sku != self.why.sku)
    }

    /// For the support agent: the core's words with the ids of the files, the line to stand in front
    /// of among them.
    pub(crate) fn sentence(&self, input: &Input, standing: &Standing) -> String {
        let say = |why: &Explanation| {
            why.sentence(
                |at| input.line_name(standing.row[at.row]),
                |sku| input.sku_name(sku.0),
            )
        };
        if self.unnamed == 0 {
            return say(&self.why);
        }
        let mut why = self.why.clone();
        why.more_units.clear();
        let mut text = say(&why);
        for (index, more) in self.why.more_units.iter().enumerate() {
            text.push_str(if index == 0 { " It needs " } else { ", " });
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "{} more of {}",
                more.units,
                input.sku_name(more.sku.0)
            );
        }
        let _ = write!(
            text,
            " and more of {} of its order.",
            other_items(self.unnamed)
        );
        text
    }
}

/// So many other items.
pub(crate) fn other_items(count: usize) -> String {
    match count {
        1 => "1 other item".into(),
        count => format!("{count} other items"),
    }
}
