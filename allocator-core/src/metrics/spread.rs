//! How equal numbers are: Jain's index and Gini's coefficient, exact or surely enclosed.
//!
//! Both are first computed over a common denominator in 512 bits. Where that is not enough, each
//! number becomes two, rounded down and up to 2⁻¹⁹², and sums are taken so that the figure lies
//! between the ends whatever the rounding was.

use alloc::vec::Vec;

use super::figure::{Figure, Ratio, parts_per_million};
use super::wide::Wide;

/// Numbers, each with how often it occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    /// Rising, each once; above 0 times.
    groups: Vec<(Ratio, u64)>,
    count: u64,
}

/// A number times a common scale, rounded down and up.
#[derive(Clone, Copy)]
struct Scaled {
    down: Wide,
    up: Wide,
}

/// Two fractions that enclose a figure, numerator first. Equal ones are the figure.
struct Ends {
    low: (Wide, Wide),
    high: (Wide, Wide),
}

/// Bits behind the point of a rounded number: a sum of 2³² of them, squared, stays below 512 bits, and
/// a fill rate, at least 2⁻⁹⁵ where it is not 0, keeps 97 bits.
const FRACTION_BITS: u32 = 192;

impl Spread {
    /// The numbers with how often each occurs; a number may come several times.
    pub(super) fn of(mut groups: Vec<(Ratio, u64)>) -> Self {
        groups.sort_unstable();
        groups.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            is_same
        });
        let count = groups
            .iter()
            .fold(0, |sum: u64, group| sum.saturating_add(group.1));
        Self { groups, count }
    }

    /// The smallest number.
    pub(super) fn least(&self) -> Option<Ratio> {
        self.groups.first().map(|&(least, _)| least)
    }

    /// (Σx)² / (n·Σx²): 1 where all have the same, k/n where k of n have the same and the others
    /// nothing. 1 where all have nothing, or nobody is there.
    pub(super) fn jain(&self) -> Option<Figure> {
        self.figure(Ratio::whole(1), Self::jain_ends)
    }

    /// Σ(2i − n − 1)·x₍ᵢ₎ / (n·Σx), x rising: 0 where all have the same, (n − 1)/n where one has all.
    /// 0 where all have nothing, or nobody is there.
    pub(super) fn gini(&self) -> Option<Figure> {
        self.figure(Ratio::whole(0), Self::gini_ends)
    }

    /// The figure of these ends; `of_nothing` where everything is 0. `None` does not occur with numbers
    /// whose sums the documented limits bound.
    fn figure(&self, of_nothing: Ratio, ends: EndsOf) -> Option<Figure> {
        let greatest = self.groups.last();
        if greatest.is_none_or(|(greatest, _)| *greatest == Ratio::whole(0)) {
            return Some(Figure::Exact(of_nothing));
        }
        self.exact(ends).or_else(|| between(&ends(self, &rounded)?))
    }

    /// The figure over a common denominator, in an interval where 128 bits do not hold it.
    fn exact(&self, ends: EndsOf) -> Option<Figure> {
        let common = self.common_denominator()?;
        let scale = |number: Ratio| {
            let (times, _) = common.divided_by_small(number.denominator())?;
            let exact = Wide::from(number.numerator()).times(times)?;
            Some(Scaled {
                down: exact,
                up: exact,
            })
        };
        let ends = ends(self, &scale)?;
        match Ratio::of_wide(ends.low.0, ends.low.1) {
            Some(ratio) => Some(Figure::Exact(ratio)),
            None => between(&ends),
        }
    }

    fn common_denominator(&self) -> Option<Wide> {
        let mut common = Wide::from(1);
        for (number, _) in &self.groups {
            let denominator = number.denominator();
            let (_, rest) = common.divided_by_small(denominator)?;
            if rest > 0 {
                let shared = Ratio::new(rest, denominator)?;
                common = common.times(Wide::from(shared.denominator()))?;
            }
        }
        Some(common)
    }

    fn jain_ends(&self, scale: &Scale<'_>) -> Option<Ends> {
        let (mut sum, mut squares) = (NOTHING, NOTHING);
        for &(number, count) in &self.groups {
            let Scaled { down, up } = scale(number)?;
            sum.down = sum.down.plus(down.times_word(count)?)?;
            sum.up = sum.up.plus(up.times_word(count)?)?;
            squares.down = squares.down.plus(down.times(down)?.times_word(count)?)?;
            squares.up = squares.up.plus(up.times(up)?.times_word(count)?)?;
        }
        let square = |sum: Wide| sum.times(sum);
        Some(Ends {
            low: (square(sum.down)?, squares.up.times_word(self.count)?),
            high: (square(sum.up)?, squares.down.times_word(self.count)?),
        })
    }

    fn gini_ends(&self, scale: &Scale<'_>) -> Option<Ends> {
        let (mut sum, mut plus, mut minus) = (NOTHING, NOTHING, NOTHING);
        let mut before = 0_u64;
        for &(number, count) in &self.groups {
            let Scaled { down, up } = scale(number)?;
            sum.down = sum.down.plus(down.times_word(count)?)?;
            sum.up = sum.up.plus(up.times_word(count)?)?;
            // Σ(2i − n − 1) over the ranks before + 1 ..= before + count.
            let lower = before.checked_mul(2)?.checked_add(count)?;
            let (side, distance) = if lower >= self.count {
                (&mut plus, lower.checked_sub(self.count)?)
            } else {
                (&mut minus, self.count.checked_sub(lower)?)
            };
            side.down = side
                .down
                .plus(down.times_word(count)?.times_word(distance)?)?;
            side.up = side.up.plus(up.times_word(count)?.times_word(distance)?)?;
            before = before.checked_add(count)?;
        }
        Some(Ends {
            low: (
                plus.down.minus(minus.up).unwrap_or(Wide::ZERO),
                sum.up.times_word(self.count)?,
            ),
            // Rising numbers weigh more above the middle than below, rounded up or not.
            high: (plus.up.minus(minus.down)?, sum.down.times_word(self.count)?),
        })
    }
}

const NOTHING: Scaled = Scaled {
    down: Wide::ZERO,
    up: Wide::ZERO,
};

type Scale<'a> = dyn Fn(Ratio) -> Option<Scaled> + 'a;
type EndsOf = fn(&Spread, &Scale<'_>) -> Option<Ends>;

fn rounded(number: Ratio) -> Option<Scaled> {
    let all = Wide::from(number.numerator()).up(FRACTION_BITS)?;
    let (down, rest) = all.divided_by_small(number.denominator())?;
    let up = down.plus(u128::from(rest > 0).into())?;
    Some(Scaled { down, up })
}

/// In parts per million, none above 1: no figure is.
fn between(ends: &Ends) -> Option<Figure> {
    const ONE: u64 = 1_000_000;
    let ppm = |end: (Wide, Wide), up| parts_per_million(end.0, end.1, up);
    Some(Figure::Between {
        low_ppm: ppm(ends.low, false)?,
        high_ppm: ppm(ends.high, true)?.min(ONE),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spreads() -> Vec<Spread> {
        let of = |numbers: &[(u128, u128)]| {
            let ratio = |&(above, below)| (Ratio::new(above, below).unwrap(), 1);
            Spread::of(numbers.iter().map(ratio).collect())
        };
        let mut spreads = alloc::vec![
            of(&[(1, 3)]),
            of(&[(1, 3), (1, 3), (0, 1)]),
            of(&[(1, 3), (2, 3), (1, 1)]),
            of(&[(0, 1), (0, 1), (1, (1 << 95) - 1)]),
            of(&[(1, 1), (1, 2), (1, 4)]),
        ];
        for many in [3, 7, 20] {
            let numbers: Vec<(u128, u128)> = (1..=many).map(|i| (i, 2 * i + 1)).collect();
            spreads.push(of(&numbers));
        }
        spreads
    }

    /// Rounded terms enclose the figure between ends of their own, strictly where a term was rounded.
    #[test]
    fn rounded_terms_enclose_the_figure() {
        let cross =
            |a: (Wide, Wide), b: (Wide, Wide)| (a.0.times(b.1).unwrap(), b.0.times(a.1).unwrap());
        let (mut strict, mut met) = (0, 0);
        for spread in spreads() {
            for (ends, figure) in [
                (Spread::jain_ends as EndsOf, spread.jain()),
                (Spread::gini_ends, spread.gini()),
            ] {
                let Some(Figure::Exact(exact)) = figure else {
                    panic!("{spread:?}");
                };
                let exact = (exact.numerator().into(), exact.denominator().into());
                let ends = ends(&spread, &rounded).unwrap();
                let ((low, above_low), (below_high, high)) =
                    (cross(ends.low, exact), cross(exact, ends.high));
                let is_rounded = (spread.groups.iter())
                    .any(|(number, _)| !number.denominator().is_power_of_two());
                if is_rounded && exact.0 > Wide::ZERO {
                    assert!(low < above_low && below_high < high, "{spread:?}");
                    strict += 1;
                } else {
                    assert!(low <= above_low && below_high <= high, "{spread:?}");
                }
                let Some(Figure::Between { low_ppm, high_ppm }) = between(&ends) else {
                    panic!("{spread:?}");
                };
                assert!(
                    high_ppm - low_ppm <= 2 && high_ppm <= 1_000_000,
                    "{spread:?}"
                );
                met += 1;
            }
        }
        assert!(strict >= 10 && met == 16, "{strict} of {met}");
    }
}
