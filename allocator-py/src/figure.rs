//! Exact fractions, and what encloses those that 128 bits do not hold.

use allocator_core::{Figure, NoFigure, Ratio};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::table::unknown;

/// A `fractions.Fraction`, or the pair of fractions that the figure surely lies between.
pub(crate) fn object(py: Python<'_>, figure: Figure) -> PyResult<Bound<'_, PyAny>> {
    match figure {
        Figure::Exact(exact) => ratio(py, exact),
        Figure::Between { low_ppm, high_ppm } => {
            let fraction = fraction(py)?;
            let millionths = |number: u64| fraction.call1((number, 1_000_000));
            let ends = PyTuple::new(py, [millionths(low_ppm)?, millionths(high_ppm)?])?;
            Ok(ends.into_any())
        }
    }
}

/// A `fractions.Fraction`.
pub(crate) fn ratio(py: Python<'_>, ratio: Ratio) -> PyResult<Bound<'_, PyAny>> {
    fraction(py)?.call1((ratio.numerator(), ratio.denominator()))
}

fn fraction(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    py.import("fractions")?.getattr("Fraction")
}

/// A figure of what `pickle` kept: its text.
pub(crate) fn of_text<T: std::str::FromStr<Err = NoFigure>>(text: &str) -> PyResult<T> {
    text.parse().map_err(|_| unknown(text))
}
