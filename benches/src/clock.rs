//! Processor time: what an engine costs, whoever else runs beside it.

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of processor time, user and system, that this process has used.
#[must_use]
pub fn cpu_ns() -> i64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
