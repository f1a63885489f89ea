//! The calls of the core: decide, explain, audit.

use std::cmp::Ordering;

use allocator_core::{Allocation, Explainer, Grade, IdleCause, Policy, Reason, verify};

use crate::failure::Failure;
use crate::standing::Standing;

/// A decision that passed its audit.
pub(crate) struct Decision {
    pub(crate) standing: Standing,
    pub(crate) policy: Policy,
    pub(crate) explainer: Explainer,
    pub(crate) grade: Grade,
}

impl Decision {
    /// Allocates, and lets the independent auditor judge the result.
    pub(crate) fn new(standing: Standing, policy: Policy) -> Result<Self, Failure> {
        let lines = standing.columns();
        let explainer = Explainer::new(&lines, &standing.supply, &policy)?;
        let grade = verify(&lines, &standing.supply, &policy, explainer.allocation())?;
        Ok(Self {
            standing,
            policy,
            explainer,
            grade,
        })
    }

    pub(crate) fn allocation(&self) -> &Allocation {
        self.explainer.allocation()
    }

    /// Which of two lines stands before the other, over all SKUs.
    pub(crate) fn compare_places(&self, one: usize, other: usize) -> Ordering {
        self.standing.compare(&self.policy.standing(), one, other)
    }

    /// All lines in place order, over all SKUs.
    pub(crate) fn in_place_order(&self) -> Vec<usize> {
        let mut lines: Vec<usize> = (0..self.standing.len()).collect();
        lines.sort_by(|&one, &other| self.compare_places(one, other));
        lines
    }

    /// Units a line asks for and does not get now.
    pub(crate) fn missing(&self, line: usize) -> i64 {
        let allocated = self
            .allocation()
            .allocated()
            .get(line)
            .copied()
            .unwrap_or(0);
        self.standing.quantity[line] - allocated
    }

    /// The lines that do not have all their units, in place order.
    pub(crate) fn unserved(&self) -> Vec<usize> {
        let mut lines = self.in_place_order();
        lines.retain(|&line| self.missing(line) > 0);
        lines
    }

    /// The reason of a line that can never be served.
    pub(crate) fn never(&self, line: usize) -> Option<Reason> {
        let reason = self.allocation().reasons().get(line).copied();
        reason.filter(|reason| reason.is_never())
    }

    /// Idle units by cause, with the first line that units are kept for; causes without units left out.
    pub(crate) fn idle(&self) -> Vec<(IdleCause, i128, Option<usize>)> {
        let mut causes = Vec::new();
        for &cause in IdleCause::ALL {
            let mut units = 0_i128;
            let mut first = None;
            for entry in self
                .allocation()
                .idle()
                .iter()
                .filter(|entry| entry.cause == cause)
            {
                units += i128::from(entry.units);
                first = first.or(entry.row.map(|row| row as usize));
            }
            if units > 0 {
                causes.push((cause, units, first));
            }
        }
        causes
    }
}
