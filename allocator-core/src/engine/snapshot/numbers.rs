//! Whether no two things bear one number of the engine's counter.

use alloc::vec::Vec;

use crate::quantity::Quantity;

/// Numbers that were given out, and of parts of a split line, which share theirs, also the first unit.
/// Most come in ascending order and need no sorting.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    ascending: Vec<(u64, Quantity)>,
    others: Vec<(u64, Quantity)>,
}

impl Numbers {
    pub(super) fn note(&mut self, sequence: u64, first_unit: Quantity) {
        let number = (sequence, first_unit);
        if self.ascending.last().is_none_or(|last| *last < number) {
            self.ascending.push(number);
        } else {
            self.others.push(number);
        }
    }

    /// Whether all of them are below the counter, and none was noted twice.
    pub(super) fn are_sound(mut self, counter: u64) -> bool {
        self.others.sort_unstable();
        let twice = self
            .others
            .windows(2)
            .any(|pair| pair.first() == pair.last());
        let mut in_both = self.others.iter();
        let last = [&self.ascending, &self.others].map(|numbers| numbers.last().copied());
        let below = |(sequence, _): (u64, Quantity)| sequence < counter;
        !twice
            && !in_both.any(|number| self.ascending.binary_search(number).is_ok())
            && last.into_iter().flatten().all(below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_noted_twice_is_found() {
        let sound = |noted: &[(u64, Quantity)]| {
            let mut numbers = Numbers::default();
            for (sequence, first_unit) in noted {
                numbers.note(*sequence, *first_unit);
            }
            numbers.are_sound(10)
        };
        assert!(sound(&[]));
        assert!(sound(&[(1, 0), (5, 0), (2, 0), (9, 0), (5, 3), (0, 0)]));
        assert!(!sound(&[(1, 0), (5, 0), (5, 0)]));
        assert!(!sound(&[(1, 0), (5, 0), (1, 0)]));
        assert!(!sound(&[(5, 0), (1, 0), (1, 0)]));
        assert!(!sound(&[(1, 0), (10, 0)]));
        assert!(!sound(&[(12, 0), (1, 0)]));
    }
}
