//! The oldest order in a run of orders, found at once.

use alloc::vec::Vec;

/// Least value of any range of a list: row `p` holds the least of 2ᵖ neighbours.
pub(super) struct Oldest {
    rows: Vec<Vec<u32>>,
}

impl Oldest {
    pub(super) fn of(values: Vec<u32>) -> Self {
        let mut rows = Vec::new();
        let mut width: usize = 1;
        let mut row = values;
        while !row.is_empty() {
            let far = row.get(width..).unwrap_or(&[]);
            let next = row.iter().zip(far).map(|(a, b)| *a.min(b)).collect();
            rows.push(row);
            row = next;
            width = width.saturating_mul(2);
        }
        Self { rows }
    }

    /// The least of `from..to`; `u32::MAX` where that holds none.
    pub(super) fn among(&self, from: usize, to: usize) -> u32 {
        let len = to.saturating_sub(from);
        let Some(power) = len.checked_ilog2() else {
            return u32::MAX;
        };
        let width = 1_usize.checked_shl(power).unwrap_or(1);
        let row = usize::try_from(power)
            .ok()
            .and_then(|power| self.rows.get(power));
        let value = |index: usize| row.and_then(|row| row.get(index)).copied();
        match (value(from), value(to.saturating_sub(width))) {
            (Some(a), Some(b)) => a.min(b),
            _ => u32::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn every_range_has_its_least() {
        let values = vec![5, 3, 9, 1, 7, 8, 2, 6, 4];
        let oldest = Oldest::of(values.clone());
        for from in 0..values.len() {
            assert_eq!(oldest.among(from, from), u32::MAX);
            for to in from + 1..=values.len() {
                let least = values[from..to].iter().min().unwrap();
                assert_eq!(oldest.among(from, to), *least, "{from}..{to}");
            }
        }
    }
}
