//! stub until merge
use super::*;
pub(super) fn choose<L: Demand + ?Sized>(
    _l: &L,
    _s: &[Supply],
    _a: select::Aim,
    _t: &CancelTerms<'_>,
) -> Result<Decided, Error> {
    Err(Error::Corrupt { at: "merge" })
}
