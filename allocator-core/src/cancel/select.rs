//! stub replaced at merge
use crate::{error::Error, policy::words};
use alloc::string::ToString;
use core::{fmt, str::FromStr};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Aim {
    FewestCustomers,
    Exact,
    LeastRefund,
    LeastOvershoot,
}
words!(
    Aim,
    "aim",
    "fewest_customers, exact, least_refund, least_overshoot",
    FewestCustomers = "fewest_customers",
    Exact = "exact",
    LeastRefund = "least_refund",
    LeastOvershoot = "least_overshoot"
);
impl Aim {
    pub(crate) const fn sentence(self) -> &'static str {
        ""
    }
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Optimality {
    Exact,
}
