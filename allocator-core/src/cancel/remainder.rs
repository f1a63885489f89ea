//! The largest remainder: exact percentages rounded down, then one unit more for the largest remainders
//! (Hamilton 1792; Balinski & Young, *Fair Representation*, 1982, on what it breaks).

use alloc::vec::Vec;

use crate::allocate::{Lanes, Tiers, WholeOrders, lane_claims, stand};
use crate::demand::Rows;
use crate::error::Error;
use crate::policy::Policy;
use crate::quantity::{Quantity, Total, add, at, slot, sub, tally};
use crate::reason::Reason;
use crate::supply::Supply;
use crate::ticket::{Claimant, Claims};

/// What each line keeps. A tier that all fits is kept; in the first that does not, what is left is shared
/// among its claims.
pub(super) fn share<L: Rows + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    tiers: &Tiers,
) -> Result<Vec<Quantity>, Error> {
    let lanes = Lanes::new(lines, supply, &policy.standing())?;
    let mut reasons = alloc::vec![Reason::Short; lines.count()];
    stand(lines, &lanes, &WholeOrders::default(), &mut reasons)?;
    let mut kept = alloc::vec![0; lines.count()];
    for lane in 0..lanes.count() {
        let claims = lane_claims(
            lines,
            &policy.rule,
            None,
            &lanes,
            Some(tiers),
            &reasons,
            lane,
        )?;
        let units = share_lane(&claims, at(&lanes.received, lane)?)?;
        let rows = claims.rows.as_deref().unwrap_or_default();
        for (&row, units) in rows.iter().zip(units) {
            let kept = slot(&mut kept, row as usize)?;
            *kept = add(*kept, units)?;
        }
    }
    Ok(kept)
}

fn share_lane(claims: &Claims<'_>, stock: Quantity) -> Result<Vec<Quantity>, Error> {
    let mut kept = alloc::vec![0; claims.units.len()];
    let tiers = claims.tier.as_deref().unwrap_or_default();
    let claimants = claims.claimant.as_deref().unwrap_or_default();
    let (mut left, mut start) = (stock, 0_usize);
    for tier in tiers.chunk_by(|a, b| a == b) {
        let range = start..start.saturating_add(tier.len());
        start = range.end;
        let units = claims.units.get(range.clone()).unwrap_or_default();
        let claimants = claimants.get(range.clone()).unwrap_or_default();
        let kept = kept.get_mut(range).unwrap_or_default();
        let mut all: Total = 0;
        units.iter().for_each(|&units| tally(&mut all, units));
        if all > left.into() {
            share_tier(units, claimants, all, left, kept)?;
            break;
        }
        kept.copy_from_slice(units);
        for &units in units {
            left = sub(left, units)?;
        }
    }
    Ok(kept)
}

/// The claims of one claimant, in place order.
struct Own {
    first: usize,
    claims: Vec<usize>,
    all: Quantity,
    award: Quantity,
    remainder: u128,
}

/// Shares less than all of the claims come to.
fn share_tier(
    units: &[Quantity],
    claimants: &[Claimant],
    all: Total,
    stock: Quantity,
    kept: &mut [Quantity],
) -> Result<(), Error> {
    let mut owners = owners(units, claimants)?;
    let (all, mut left) = (all.unsigned_abs(), stock);
    for own in &mut owners {
        // Below 2^63 times below 2^63.
        let share = u128::from(own.all.unsigned_abs()).saturating_mul(stock.unsigned_abs().into());
        let floor = share
            .checked_div(all)
            .and_then(|floor| Quantity::try_from(floor).ok());
        own.award = floor.ok_or(Error::Corrupt { at: "share" })?;
        own.remainder = share.checked_rem(all).unwrap_or(0);
        left = sub(left, own.award)?;
    }
    owners.sort_unstable_by_key(|own| (core::cmp::Reverse(own.remainder), own.first));
    for own in &mut owners {
        let more = left.min(1);
        left = sub(left, more)?;
        let mut award = add(own.award, more)?;
        for &claim in &own.claims {
            let units = award.min(at(units, claim)?);
            award = sub(award, units)?;
            *slot(kept, claim)? = units;
        }
    }
    Ok(())
}

fn owners(units: &[Quantity], claimants: &[Claimant]) -> Result<Vec<Own>, Error> {
    let mut claims: Vec<usize> = (0..units.len()).collect();
    // Stable: place order stays inside a claimant.
    claims.sort_by_key(|&claim| claimants.get(claim));
    let same = |a: &usize, b: &usize| claimants.get(*a) == claimants.get(*b);
    let mut owners = Vec::new();
    for own in claims.chunk_by(same) {
        let mut all = 0;
        for &claim in own {
            all = add(all, at(units, claim)?)?;
        }
        owners.push(Own {
            first: own.first().copied().unwrap_or(0),
            claims: own.to_vec(),
            all,
            award: 0,
            remainder: 0,
        });
    }
    Ok(owners)
}
