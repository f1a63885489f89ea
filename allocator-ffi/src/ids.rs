//! Ids of 64 bits to the dense 32 bits of the core, and back.

use allocator_core::Error;
use allocator_core::limits::NO_ID;

/// How the ids of one kind are told to the core.
///
/// Ids that fit are passed on as they are. Where one does not, all of that kind are numbered by
/// rank: order is all the core asks of an id beside equality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// As they are.
    Same,
    /// By rank in this rising list.
    Ranked(Vec<i64>),
}

impl Ids {
    /// The mapping for these ids. Those below 0 are no ids, and take no part.
    pub(crate) fn of(ids: impl Iterator<Item = i64> + Clone) -> Result<Self, Error> {
        if ids.clone().all(|id| id < i64::from(NO_ID)) {
            return Ok(Self::Same);
        }
        let mut ranked: Vec<i64> = ids.filter(|&id| id >= 0).collect();
        ranked.sort_unstable();
        ranked.dedup();
        if ranked.len() > NO_ID as usize {
            return Err(Error::TooManyNames { max: NO_ID });
        }
        Ok(Self::Ranked(ranked))
    }

    /// The dense id; [`NO_ID`], which the core refuses, for what is no id.
    pub(crate) fn dense(&self, id: i64) -> u32 {
        let dense = match self {
            Self::Same => u32::try_from(id).ok(),
            Self::Ranked(ids) => ids
                .binary_search(&id)
                .ok()
                .and_then(|rank| u32::try_from(rank).ok()),
        };
        dense.unwrap_or(NO_ID)
    }

    /// The id behind a dense one; -1 for one that was never given out.
    pub(crate) fn outside(&self, dense: u32) -> i64 {
        match self {
            Self::Same => dense.into(),
            Self::Ranked(ids) => ids.get(dense as usize).copied().unwrap_or(-1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<const N: usize>(ids: [i64; N]) -> Ids {
        Ids::of(ids.into_iter()).unwrap()
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let ids = of([0, 7, i64::from(NO_ID) - 1, -3]);
        assert_eq!(ids, Ids::Same);
        assert_eq!(ids.dense(7), 7);
        assert_eq!(ids.outside(7), 7);
        assert_eq!(ids.dense(-3), NO_ID);
    }

    #[test]
    fn one_that_does_not_fit_ranks_all() {
        let ids = of([i64::MAX, 7, i64::from(NO_ID), -3, 7]);
        assert_eq!(ids, Ids::Ranked(vec![7, i64::from(NO_ID), i64::MAX]));
        for (rank, id) in [(0, 7), (1, i64::from(NO_ID)), (2, i64::MAX)] {
            assert_eq!(ids.dense(id), rank);
            assert_eq!(ids.outside(rank), id);
        }
        assert_eq!(ids.dense(-3), NO_ID);
        assert_eq!(ids.outside(3), -1);
    }
}
