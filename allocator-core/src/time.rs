//! Instants. The crate never reads a clock: every instant is an argument.

use core::fmt;

/// An instant in microseconds since 1970-01-01T00:00:00Z. Any `i64` is valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after (negative: before) the start of 1970, UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970, UTC.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

/// As ISO 8601 has it, in UTC: `2026-09-21T14:13:20Z`, with microseconds where there are some. Years
/// before 0 and after 9999 have a sign or more digits.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECOND: i64 = 1_000_000;
        const DAY: i64 = 86_400 * SECOND;
        let (year, month, day) = date(self.0.div_euclid(DAY));
        let of_day = self.0.rem_euclid(DAY);
        let (seconds, micros) = (of_day.div_euclid(SECOND), of_day.rem_euclid(SECOND));
        let minutes = seconds.div_euclid(60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            minutes.div_euclid(60),
            minutes.rem_euclid(60),
            seconds.rem_euclid(60)
        )?;
        if micros > 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

/// Year, month and day, so many days after the start of 1970, in the Gregorian calendar. Every number
/// is small: 2^63 microseconds are 300,000 years.
fn date(days: i64) -> (i64, i64, i64) {
    // Years begin in March, so that the leap day is the last of its year, and are counted in eras of
    // 400 years of 146,097 days, from 0000-03-01.
    let days = days.saturating_add(719_468);
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let leap_days = of_era
        .div_euclid(1_460)
        .saturating_sub(of_era.div_euclid(36_524))
        .saturating_add(of_era.div_euclid(146_096));
    let year = of_era.saturating_sub(leap_days).div_euclid(365);
    let before_year = year
        .saturating_mul(365)
        .saturating_add(year.div_euclid(4))
        .saturating_sub(year.div_euclid(100));
    let of_year = of_era.saturating_sub(before_year);
    // March to January have 153 days in every five months.
    let month = of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let before_month = month.saturating_mul(153).saturating_add(2).div_euclid(5);
    let day = of_year.saturating_sub(before_month).saturating_add(1);
    let year = year.saturating_add(era.saturating_mul(400));
    if month < 10 {
        (year, month.saturating_add(3), day)
    } else {
        (year.saturating_add(1), month.saturating_sub(9), day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn instants_are_written_as_dates() {
        let day = 86_400_000_000;
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_790_000_000_000_000, "2026-09-21T14:13:20Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (951_868_800_000_000, "2000-03-01T00:00:00Z"),
            (-719_528 * day, "0000-01-01T00:00:00Z"),
            (-719_529 * day, "-001-12-31T00:00:00Z"),
            (i64::MAX, "294247-01-10T04:00:54.775807Z"),
            (i64::MIN, "-290308-12-21T19:59:05.224192Z"),
        ] {
            assert_eq!(Timestamp::from_micros(micros).to_string(), text);
        }
    }

    /// Day by day over a whole era, by the rules of the calendar.
    #[test]
    fn days_follow_each_other() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..=146_097 {
            assert_eq!(date(days), (year, month, day));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + i64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > length {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (2370, 1, 2));
    }
}
