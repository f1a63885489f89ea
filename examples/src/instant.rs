//! Instants and spans as files and people write them.

use jiff::Timestamp;

/// Microseconds since the start of 1970, UTC, of an RFC 3339 text.
///
/// A zone is needed: without one, two shops would read two different instants. What is finer than a
/// microsecond is refused, because cutting it off could change who came first.
pub(crate) fn read(text: &str) -> Result<i64, String> {
    match text.parse::<Timestamp>() {
        Ok(instant) if instant.subsec_nanosecond() % 1000 != 0 => {
            Err("is finer than a microsecond".into())
        }
        Ok(instant) => Ok(instant.as_microsecond()),
        Err(_) if text.parse::<jiff::civil::DateTime>().is_ok() => Err(
            "has no time zone: write it like 2026-10-09T18:00:00Z or 2026-10-09T19:00:00+01:00"
                .into(),
        ),
        Err(_) => Err("is no instant like 2026-10-09T18:00:00Z".into()),
    }
}

/// RFC 3339 in UTC.
pub(crate) fn write(micros: i64) -> String {
    // What is outside jiff's range was not read by it, so it cannot come here; digits all the same.
    Timestamp::from_microsecond(micros)
        .map_or_else(|_| format!("{micros} µs"), |instant| instant.to_string())
}

/// A span in its two largest units.
pub(crate) fn span(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let parts = [
        (seconds / 86_400, "day", "days"),
        (seconds / 3_600 % 24, "hour", "hours"),
        (seconds / 60 % 60, "minute", "minutes"),
        (seconds % 60, "second", "seconds"),
    ];
    let first = parts
        .iter()
        .position(|part| part.0 != 0)
        .unwrap_or(parts.len() - 1);
    let words: Vec<String> = parts
        .iter()
        .skip(first)
        .take(2)
        .enumerate()
        .filter(|&(index, part)| index == 0 || part.0 != 0)
        .map(|(_, &(count, one, many))| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{read, span, write};

    #[test]
    fn instants_need_a_zone() {
        assert_eq!(read("1970-01-01T00:00:01Z"), Ok(1_000_000));
        assert_eq!(read("1970-01-01T01:00:00.5+01:00"), Ok(500_000));
        for naive in ["2026-10-09T18:00:00", "2026-10-09 18:00:00", "2026-10-09"] {
            assert!(read(naive).unwrap_err().contains("no time zone"), "{naive}");
        }
        for nonsense in ["", "yesterday", "2026-13-01T00:00:00Z", "46302"] {
            assert!(
                read(nonsense).unwrap_err().contains("no instant"),
                "{nonsense}"
            );
        }
        assert!(
            read("2026-10-09T18:00:00.0000001Z")
                .unwrap_err()
                .contains("finer")
        );
    }

    #[test]
    fn instants_come_back() {
        assert_eq!(
            write(read("2026-10-09T20:00:00+02:00").unwrap()),
            "2026-10-09T18:00:00Z"
        );
    }

    #[test]
    fn spans_name_two_units() {
        let second = 1_000_000;
        assert_eq!(span(0), "0 seconds");
        assert_eq!(span(61 * second), "1 minute 1 second");
        assert_eq!(span(3_600 * second), "1 hour");
        assert_eq!(span((2 * 86_400 + 3_600) * second), "2 days 1 hour");
    }
}
