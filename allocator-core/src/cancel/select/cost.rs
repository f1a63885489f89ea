//! What a plan costs: its aim's criteria in their order. All of them add up over orders.

use crate::quantity::Total;

use super::Aim;

/// Criteria, the first one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost(pub(super) [Total; 3]);

impl Cost {
    pub(super) const ZERO: Self = Self([0; 3]);
    /// Above every cost a plan can have.
    pub(super) const NEVER: Self = Self([Total::MAX; 3]);

    /// Of this many orders, units in all and refund. Units stand for the overshoot, which is less by
    /// the same need in every plan.
    pub(super) fn of(aim: Aim, orders: Total, units: Total, refund: Total) -> Self {
        Self(match aim {
            Aim::FewestCustomers | Aim::Exact => [orders, units, refund],
            Aim::LeastRefund => [refund, units, orders],
            Aim::LeastOvershoot => [units, orders, refund],
        })
    }

    /// The aim's own criterion.
    pub(super) fn main(self) -> Total {
        let Self([main, ..]) = self;
        main
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let (Self([a, b, c]), Self([x, y, z])) = (self, other);
        Self([
            a.saturating_add(x),
            b.saturating_add(y),
            c.saturating_add(z),
        ])
    }
}
