//! Instants as the files write them: local dates without a zone, read as UTC.

use allocator_core::Timestamp;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Later than any instant a file can write: the deadline of a hold that never ends.
pub(super) const NEVER: Timestamp = Timestamp::from_micros(253_402_300_800 * SECOND);

/// Before any instant that matters to a file: when a case's shop was set up.
pub(super) const SETUP: Timestamp = Timestamp::from_micros(-62_135_596_800 * SECOND);

/// `2026-01-05`, `2026-01-05T16:00`, `2026-01-05T16:00:00`, with a fraction, with `Z` or `+02:00`.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    if parts.next().is_some() || year < 1 || !(1..=12).contains(&month) {
        return None;
    }
    if !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * DAY;
    Some(Timestamp::from_micros(
        midnight + time.map_or(Some(0), of_day)?,
    ))
}

/// Microseconds after midnight, UTC.
fn of_day(time: &str) -> Option<i64> {
    let (time, east) = match time.find(['Z', '+', '-']) {
        Some(at) => (&time[..at], zone(&time[at..])?),
        None => (time, 0),
    };
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, micros(fraction)?),
        None => (time, 0),
    };
    let mut parts = time.split(':');
    let hours = digits(parts.next()?, 2)?;
    let minutes = digits(parts.next()?, 2)?;
    let seconds = parts.next().map_or(Some(0), |seconds| digits(seconds, 2))?;
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    Some(((hours * 60 + minutes - east) * 60 + seconds) * SECOND + fraction)
}

/// Minutes east of UTC.
fn zone(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let east = hours * 60 + minutes;
    let valid = hours <= 23 && minutes <= 59;
    valid.then_some(if text.starts_with('-') { -east } else { east })
}

fn micros(fraction: &str) -> Option<i64> {
    let padded = format!("{fraction:0<6}");
    (!fraction.is_empty()).then(|| digits(&padded, 6)).flatten()
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let all = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let months: i64 = (1..month).map(|month| days_of(year, month)).sum();
    // The first of January 1970 is day 719,162 after the first of January of year 1.
    years + months + day - 1 - 719_162
}

/// As the files write it: no zone, and no seconds' fraction where there is none.
pub(super) fn text(at: Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

/// A day alone where it begins then.
pub(super) fn day_or_instant(at: Timestamp) -> String {
    let text = text(at);
    text.strip_suffix("T00:00:00")
        .map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_they_are_written() {
        for (from, to) in [
            ("2026-01-05", "2026-01-05T00:00:00"),
            ("2019-09-02T16:00", "2019-09-02T16:00:00"),
            ("2024-02-29 23:59:59", "2024-02-29T23:59:59"),
            ("0001-01-01", "0001-01-01T00:00:00"),
            ("9999-12-31T23:59:59.5", "9999-12-31T23:59:59.500000"),
            ("2026-01-01T01:00:00+02:00", "2025-12-31T23:00:00"),
            ("2026-01-01T01:00:00Z", "2026-01-01T01:00:00"),
        ] {
            assert_eq!(parse(from).map(text).as_deref(), Some(to), "{from}");
        }
        assert_eq!(parse("1970-01-01").unwrap().as_micros(), 0);
        assert_eq!(day_or_instant(parse("2026-01-05").unwrap()), "2026-01-05");
        assert!(parse("9999-12-31T23:59:59.999999").unwrap() < NEVER);
        assert_eq!(parse("0001-01-01"), Some(SETUP));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "d1",
            "2026",
            "2026-1-5",
            "2026-13-01",
            "2026-02-29",
            "0000-01-01",
            "2026-01-05T",
            "2026-01-05T24:00",
            "2026-01-05T10",
            "2026-01-05T10:00:00.",
            "2026-01-05T10:00+2",
            "2026-01-05T10:00:00+99:00",
            "2026-01-05-01",
            "+026-01-05",
            "2026-01-05Tä:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
