//! Straight from columns to outcomes, where no line ships whole: nothing has to be rounded, so no lane
//! need be put in order.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::demand::{DemandColumns, Rows, claimant};
use crate::error::Error;
use crate::limits::NO_ID;
use crate::place::PlacePart;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, add, slot};
use crate::reason::Reason;
use crate::rule::KeyPart;
use crate::supply::Supply;
use crate::ticket::{self, Lines, Numbering, Order, OrderPart};

use super::outcome::OutcomeColumns;

/// Fills the outcomes, or says that the input needs the whole pipeline.
pub(super) fn decide(
    lines: &DemandColumns<'_>,
    sku_bits: u32,
    supply: &[Supply],
    policy: &Policy,
    out: &mut OutcomeColumns<'_>,
) -> Result<bool, Error> {
    let partial =
        |&code: &u8| Completeness::of(code, policy.completeness) == Some(Completeness::Partial);
    let all_partial = match lines.completeness {
        None => policy.completeness == Completeness::Partial,
        Some(codes) => codes.iter().all(partial),
    };
    if !all_partial || policy.rule.draws_units() {
        return Ok(false);
    }
    let lanes = Lanes::new(lines.sku, sku_bits, supply)?;
    let order = order(lines, policy);
    let numbering = numbering(lines, policy, &lanes, &order)?;
    let reads = |part| policy.rule.parts().contains(&part);
    let tickets = Lines {
        lane: &lanes.of,
        claim: lines.quantity,
        numbering: numbering.as_ref(),
        weight: lines.weight.filter(|_| reads(KeyPart::Weight)),
        tier: None,
        class: lines.priority.filter(|_| reads(KeyPart::Class)),
        lot: lines.lot.filter(|_| reads(KeyPart::Lot)),
        order: &order,
    };
    ticket::cover(&tickets, &policy.rule, &lanes.stock, out.allocated)?;
    if let Some(covered) = &mut out.covered {
        covered.copy_from_slice(out.allocated);
    }
    if let Some(set_aside) = &mut out.set_aside {
        set_aside.fill(0);
    }
    if let Some(reason) = &mut out.reason {
        say_why(lines, &lanes, out.allocated, reason);
    }
    Ok(true)
}

fn say_why(
    lines: &DemandColumns<'_>,
    lanes: &Lanes<'_>,
    allocated: &[Quantity],
    reason: &mut [Reason],
) {
    let rows = lines.quantity.iter().zip(allocated).zip(reason);
    for (row, ((&quantity, &allocated), reason)) in rows.enumerate() {
        let served = if quantity == 0 {
            Reason::NothingAsked
        } else {
            Reason::Served
        };
        let missing = if lanes.is_known(row) {
            Reason::Short
        } else {
            Reason::UnknownSku
        };
        *reason = if allocated == quantity {
            served
        } else {
            missing
        };
    }
}

/// The order in which lines stand, as far as there are columns for it.
fn order<'a>(lines: &DemandColumns<'a>, policy: &Policy) -> Order<'a> {
    let mut order = Order::default();
    for part in policy.standing().parts() {
        let values = match part {
            PlacePart::Priority => lines.priority,
            PlacePart::Score => lines.score,
            PlacePart::Quantity => Some(lines.quantity),
            PlacePart::Lot => lines.lot,
            PlacePart::PlacedAt => lines.placed_at,
            PlacePart::Sequence => lines.sequence,
        };
        match values {
            Some(values) => order.parts.push(OrderPart {
                values,
                large_first: *part == PlacePart::Score,
            }),
            // Rows are the sequence, and leave nothing to decide.
            None if *part == PlacePart::Sequence => break,
            None => {}
        }
    }
    order
}

/// Who has several lines of one SKU, where a rule asks for it.
fn numbering(
    lines: &DemandColumns<'_>,
    policy: &Policy,
    lanes: &Lanes<'_>,
    order: &Order<'_>,
) -> Result<Option<Numbering>, Error> {
    if policy.rule.is_queue() || (lines.customer.is_none() && lines.order.is_none()) {
        return Ok(None);
    }
    let claimant = |row| {
        let is_named = lines.customer(row) != NO_ID || lines.order(row) != NO_ID;
        // What has no supply row needs no numbers, and may be of many SKUs.
        (is_named && lanes.is_known(row)).then(|| claimant(lines, row))
    };
    let in_place_order = |a, b| order.compare(a, b);
    Numbering::new(
        &lanes.of,
        lanes.stock.len(),
        lines.quantity,
        claimant,
        in_place_order,
    )
}

/// The lane of each line, and what there is for it.
struct Lanes<'a> {
    of: Cow<'a, [u32]>,
    stock: Vec<Quantity>,
    known: Vec<bool>,
}

impl<'a> Lanes<'a> {
    /// Whether any supply row names the line's SKU.
    #[inline]
    fn is_known(&self, row: usize) -> bool {
        let lane = self.of.get(row).map_or(usize::MAX, |&lane| lane as usize);
        self.known.get(lane).copied().unwrap_or(false)
    }

    /// SKU ids are the lanes where nearly all of them are in stock; else each is looked up, in a table or
    /// by search, so that far-off ids cost no lanes. Of `sku_bits` no id has another.
    fn new(sku: &'a [u32], sku_bits: u32, supply: &[Supply]) -> Result<Self, Error> {
        let bits = supply.iter().fold(sku_bits, |bits, row| bits | row.sku.0);
        // Ids without gaps have no bit at or above twice their number.
        if (bits as usize) < supply.len().saturating_mul(2) {
            let lanes = (bits as usize).saturating_add(1);
            let names = supply.iter().map(|row| row.sku.0 as usize);
            return Self::stocked(Cow::Borrowed(sku), lanes, supply, names);
        }
        let mut skus: Vec<u32> = supply.iter().map(|row| row.sku.0).collect();
        skus.sort_unstable();
        skus.dedup();
        // Lines without supply share a lane of nothing behind all others.
        let lanes = skus.len().saturating_add(1);
        let lane = |sku: u32| skus.binary_search(&sku).unwrap_or(skus.len());
        let narrow = |lane| u32::try_from(lane).unwrap_or(u32::MAX);
        let of: Vec<u32> = if bits as usize <= sku.len().saturating_mul(2) {
            let mut table = alloc::vec![narrow(skus.len()); (bits as usize).saturating_add(1)];
            for (lane, &sku) in skus.iter().enumerate() {
                *slot(&mut table, sku as usize)? = narrow(lane);
            }
            let lane = |&sku: &u32| table.get(sku as usize).copied().unwrap_or(u32::MAX);
            sku.iter().map(lane).collect()
        } else {
            sku.iter().map(|&sku| narrow(lane(sku))).collect()
        };
        let names = supply.iter().map(|row| lane(row.sku.0));
        Self::stocked(Cow::Owned(of), lanes, supply, names)
    }

    fn stocked(
        of: Cow<'a, [u32]>,
        lanes: usize,
        supply: &[Supply],
        names: impl Iterator<Item = usize>,
    ) -> Result<Self, Error> {
        let mut this = Self {
            of,
            stock: alloc::vec![0; lanes],
            known: alloc::vec![false; lanes],
        };
        for (lane, row) in names.zip(supply) {
            let stock = slot(&mut this.stock, lane)?;
            *stock = add(*stock, row.quantity)?;
            *slot(&mut this.known, lane)? = true;
        }
        Ok(this)
    }
}
