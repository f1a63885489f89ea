//! The level at which awards add up to the estate.

use crate::problem::Rational;

/// The awards at the lowest level where they reach `target`.
///
/// `awards` rises with the level in sum and is linear between two neighbours of `points`. Below the
/// first point and beyond the last the awards of that point are the answer.
pub(crate) fn at_level<F>(mut points: Vec<Rational>, target: &Rational, awards: F) -> Vec<Rational>
where
    F: Fn(&Rational) -> Vec<Rational>,
{
    points.sort();
    let sum = |point: &Rational| awards(point).iter().sum::<Rational>();
    let above = points.partition_point(|point| sum(point) < *target);
    let (below, above) = match (above.checked_sub(1), points.get(above)) {
        (None, None) => return awards(&crate::whole(0)),
        (None, Some(only)) => return awards(only),
        (Some(below), None) => return awards(&points[below]),
        (Some(below), Some(above)) => (&points[below], above),
    };
    let part = (target - sum(below)) / (sum(above) - sum(below));
    let (low, high) = (awards(below), awards(above));
    let between = |(low, high): (Rational, Rational)| &low + &part * (high - &low);
    low.into_iter().zip(high).map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whole;

    #[test]
    fn the_level_lies_between_two_points_or_on_one() {
        let claims = [2, 4, 7].map(whole);
        let points = || claims.iter().cloned().chain([whole(0)]).collect();
        let awards = |level: &Rational| -> Vec<Rational> {
            claims
                .iter()
                .map(|claim| claim.min(level).clone())
                .collect()
        };
        for (target, expected) in [
            (0, ["0", "0", "0"]),
            (6, ["2", "2", "2"]),
            (9, ["2", "7/2", "7/2"]),
            (13, ["2", "4", "7"]),
            (99, ["2", "4", "7"]),
        ] {
            let expected = expected.map(|award| award.parse().unwrap());
            assert_eq!(at_level(points(), &whole(target), awards), expected);
        }
    }
}
