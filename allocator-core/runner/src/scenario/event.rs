//! Events as the files write them.

use allocator_core::engine::{AllocateRule, Event, Happening, StockCause};
use allocator_core::{Quantity, ShortageRule, Timestamp};

use super::instant;
use super::names::Names;
use super::standing::Standing;
use crate::words;

/// The events of one call, each as one text. Lines of one order that are placed together, and orders
/// that are forgotten together, are one event of the files.
pub(super) fn texts(
    names: &Names,
    standing: &Standing,
    events: &[Event],
    now: Timestamp,
) -> Vec<String> {
    let mut texts: Vec<(Timestamp, String)> = Vec::new();
    let mut before: Option<&Event> = None;
    for event in events {
        let more = before.and_then(|before| continued(names, before, event));
        match (more, texts.last_mut()) {
            (Some(more), Some((_, text))) => text.push_str(&more),
            _ => texts.push((event.at, text(names, standing, &event.what))),
        }
        before = Some(event);
    }
    let told = |(at, text)| {
        if at == now {
            text
        } else {
            format!("{text} @{}", standing.text(at))
        }
    };
    texts.into_iter().map(told).collect()
}

/// What an event adds to the text of the one before it.
fn continued(names: &Names, before: &Event, event: &Event) -> Option<String> {
    if before.at != event.at {
        return None;
    }
    match (&before.what, &event.what) {
        (
            Happening::Placed { order: first, .. },
            Happening::Placed {
                order,
                line,
                units,
                shortfall,
                ..
            },
        ) if first == order => Some(format!(
            " {}={}",
            names.line_name(*line),
            placed(*units, *shortfall)
        )),
        (Happening::Forgotten { .. }, Happening::Forgotten { order }) => {
            Some(format!(",{}", names.order_name(*order)))
        }
        _ => None,
    }
}

fn placed(units: Quantity, shortfall: Quantity) -> String {
    if shortfall == 0 {
        return units.to_string();
    }
    format!("{units}(short {shortfall})")
}

fn text(names: &Names, standing: &Standing, what: &Happening) -> String {
    match what {
        Happening::Placed {
            order,
            line,
            units,
            shortfall,
            ..
        } => format!(
            "placed {} {}={}",
            names.order_name(*order),
            names.line_name(*line),
            placed(*units, *shortfall)
        ),
        Happening::Increased { line, units, .. } => {
            format!("increased {} {units}", names.line_name(*line))
        }
        Happening::Rekeyed {
            line,
            priority,
            placed_at,
            ..
        } => format!(
            "rekeyed {} {priority} {}",
            names.line_name(*line),
            standing.text(*placed_at)
        ),
        Happening::Confirmed { order } => format!("confirmed {}", names.order_name(*order)),
        Happening::Extended { order, until } => format!(
            "extended {} {}",
            names.order_name(*order),
            instant::text(*until)
        ),
        Happening::Regrouped { order, together } => {
            format!("regrouped {} {together}", names.order_name(*order))
        }
        Happening::Forgotten { order } => format!("forgotten {}", names.order_name(*order)),
        Happening::Split {
            line,
            new_line,
            waiting,
            taken,
        } => format!(
            "split {} {} {waiting} {taken}",
            names.line_name(*line),
            names.line_name(*new_line)
        ),
        what => of_units(names, what).unwrap_or_else(|| of_sku(names, what)),
    }
}

/// What happens to units of a part.
fn of_units(names: &Names, what: &Happening) -> Option<String> {
    let (word, line, part) = match what {
        Happening::Filled { line, part, .. } => ("filled", line, part),
        Happening::TakenBack { line, part, .. } => ("taken_back", line, part),
        Happening::Cancelled { line, part, .. } => ("cancelled", line, part),
        Happening::Shipped { line, part, .. } => ("shipped", line, part),
        Happening::Returned { line, part, .. } => ("returned", line, part),
        _ => return None,
    };
    let place = |location| names.location_name(location);
    let rest = match what {
        Happening::Filled {
            location,
            units,
            over,
            ..
        } => {
            let over = over.map(|line| format!(" over={}", names.line_name(line)));
            format!("{} {units}{}", place(*location), over.unwrap_or_default())
        }
        Happening::TakenBack {
            location,
            units,
            cause,
            ..
        } => format!("{} {units} {}", place(*location), cause.name()),
        Happening::Cancelled { units, cause, .. } => format!("{units} {}", cause.name()),
        Happening::Shipped {
            location, units, ..
        } => format!("{} {units}", place(*location)),
        Happening::Returned {
            location,
            units,
            scrapped,
            ..
        } => {
            let to = if *scrapped { "scrapped" } else { "available" };
            format!("{} {units} {to}", place(*location))
        }
        _ => return None,
    };
    Some(format!("{word} {}.{part} {rest}", names.line_name(*line)))
}

/// What happens to a SKU.
fn of_sku(names: &Names, what: &Happening) -> String {
    let place = |location| names.location_name(location);
    match what {
        Happening::Configured { sku, .. } => format!("configured {}", names.sku_name(*sku)),
        Happening::SupplySet {
            supply,
            units,
            expected_at,
            outstanding,
            uncovered,
            ..
        } => format!(
            "supply_set {} {units} {} outstanding={outstanding} uncovered={uncovered}",
            names.supply_name(*supply),
            instant::day_or_instant(*expected_at)
        ),
        Happening::StockChanged {
            sku,
            location,
            by,
            cause,
            supply,
        } => {
            let supply = supply.map(|supply| format!(" {}", names.supply_name(supply)));
            format!(
                "stock_changed {} {} {by:+} {}{}",
                names.sku_name(*sku),
                place(*location),
                cause_word(*cause),
                supply.unwrap_or_default()
            )
        }
        Happening::Listed {
            sku, rule, parts, ..
        } => {
            format!(
                "listed {} {} {parts}",
                names.sku_name(*sku),
                rule_word(rule)
            )
        }
        Happening::Transferred {
            sku,
            from,
            to,
            units,
        } => format!(
            "transferred {} {} {} {units}",
            names.sku_name(*sku),
            place(*from),
            place(*to)
        ),
        // An event that is new to this crate.
        other => format!("{other:?}"),
    }
}

const fn cause_word(cause: StockCause) -> &'static str {
    match cause {
        StockCause::Receipt => "receipt",
        StockCause::Count => "count",
        StockCause::Damage => "damage",
    }
}

/// The files' word for a rule; the core's where they have none.
fn rule_word(rule: &AllocateRule) -> String {
    match rule {
        AllocateRule::Fill => "fill".into(),
        AllocateRule::Queue => "queue".into(),
        AllocateRule::Shared(rule) => sharing_word(rule),
    }
}

fn sharing_word(rule: &ShortageRule) -> String {
    let words = ["round_robin", "equal_cuts", "webster", "adams", "jefferson"];
    let mut words = words.into_iter();
    let word = words.find(|word| words::sharing_rule(word).as_ref() == Some(rule));
    let core = rule.to_string();
    match word {
        Some(word) => word.into(),
        None if core.starts_with("protect_first(") => "protect".into(),
        None => core,
    }
}

/// The same text with each date in one writing, so that a day equals its midnight.
pub(super) fn normal(text: &str) -> String {
    let word = |word: &str| {
        let (mark, date) = match word.strip_prefix('@') {
            Some(date) => ("@", date),
            None => ("", word),
        };
        match instant::parse(date) {
            Some(at) => format!("{mark}{}", instant::text(at)),
            None => word.to_owned(),
        }
    };
    let words: Vec<_> = text.split(' ').map(word).collect();
    words.join(" ")
}
