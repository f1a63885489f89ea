//! A lot for each unit: the one rule in which a line's covered tickets need not be its first ones, so
//! the only one that looks at single units. Their number is limited before it comes here.

use alloc::vec::Vec;

use super::claims::Claims;
use super::value;
use crate::error::Error;
use crate::quantity::{Quantity, add, at, slot, sub};
use crate::rule::{KeyPart, ShortageRule};

/// How many units of each line are among the `stock` smallest tickets of the lane, by class and lot of
/// the line where the rule has them in front, then the unit's lot, then place, then number. `lots` are
/// those of each line's units. O(n log n + units).
pub(super) fn cover(
    claims: &Claims<'_>,
    lots: &[&[i64]],
    rule: &ShortageRule,
    stock: Quantity,
) -> Result<Vec<Quantity>, Error> {
    let mut lines: Vec<usize> = (0..claims.units.len()).collect();
    let stage = |&line: &usize| stage(claims, line, rule);
    // Stable: place order stays inside a stage.
    lines.sort_by_key(stage);
    let mut covered = alloc::vec![0; claims.units.len()];
    let mut left = stock;
    for stage in lines.chunk_by(|a, b| stage(a) == stage(b)) {
        let mut units = 0;
        for &line in stage {
            units = add(units, at(&claims.units, line)?)?;
        }
        if units > left {
            for line in smallest(stage, &claims.units, lots, left)? {
                let line = slot(&mut covered, line as usize)?;
                *line = add(*line, 1)?;
            }
            break;
        }
        for &line in stage {
            *slot(&mut covered, line)? = at(&claims.units, line)?;
        }
        left = sub(left, units)?;
    }
    Ok(covered)
}

/// What decides before the units' lots: a number for each part in front of them.
fn stage(claims: &Claims<'_>, line: usize, rule: &ShortageRule) -> [i64; 6] {
    let mut stage = [0; 6];
    let [tier, parts @ ..] = &mut stage;
    *tier = claims.tier.as_ref().map_or(0, |tiers| value(tiers, line));
    for (slot, part) in parts.iter_mut().zip(rule.stages()) {
        let column = if *part == KeyPart::Class {
            &claims.class
        } else {
            &claims.lot
        };
        *slot = column.as_ref().map_or(0, |column| value(column, line));
    }
    stage
}

/// The lines of the `left` smallest tickets of one stage that has more.
fn smallest(
    stage: &[usize],
    claims: &[Quantity],
    lots: &[&[i64]],
    left: Quantity,
) -> Result<impl Iterator<Item = u32> + use<>, Error> {
    let left = usize::try_from(left).map_err(|_| Error::Corrupt { at: "units" })?;
    let mut tickets: Vec<(i64, u32, u32)> = Vec::new();
    for &line in stage {
        let units =
            u32::try_from(at(claims, line)?).map_err(|_| Error::Corrupt { at: "drawn units" })?;
        let lots = at(lots, line)?;
        let line = u32::try_from(line).map_err(|_| Error::Corrupt { at: "row number" })?;
        for unit in 0..units {
            tickets.push((at(lots, unit as usize)?, line, unit));
        }
    }
    if left < tickets.len() {
        tickets.select_nth_unstable(left);
    }
    Ok(tickets.into_iter().take(left).map(|(_, line, _)| line))
}
