//! Time used: by this process on a CPU, and by the clock on the wall.

use std::time::{Duration, Instant};

/// What one piece of work took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Took {
    /// `None` where the system does not tell.
    cpu: Option<Duration>,
    wall: Duration,
}

/// Does the work and measures it.
pub(super) fn measure<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let (cpu, wall) = (cpu_time(), Instant::now());
    let result = work();
    let wall = wall.elapsed();
    let cpu = cpu_time()
        .zip(cpu)
        .map(|(end, start)| end.saturating_sub(start));
    (result, Took { cpu, wall })
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(cpu) = self.cpu {
            write!(f, "{} µs of CPU, ", cpu.as_micros())?;
        }
        write!(f, "{} µs by the clock", self.wall.as_micros())
    }
}

#[cfg(unix)]
fn cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let (seconds, nanos) = (
        u64::try_from(time.tv_sec).ok()?,
        u32::try_from(time.tv_nsec).ok()?,
    );
    Some(Duration::new(seconds, nanos))
}

#[cfg(not(unix))]
fn cpu_time() -> Option<Duration> {
    None
}
