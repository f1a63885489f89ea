//! The awkward cases of the live engine, worked out by hand, and its laws on random streams.

mod awkward;
mod laws;
mod lists;
mod queries;
mod requests;

use allocator_core::engine::{
    Ahead, Command, Decision, Event, Happening, Pack, Place, PlaceLine, Request, Settings,
    SkuPolicy, StockCause, StockChange,
};
use allocator_core::{CommandId, CustomerId, LineId, LocationId, OrderId, SkuId, Timestamp};

use super::{Shop, Step};

/// The only SKU of most cases.
const A: SkuId = SkuId(0);
/// Another one.
const B: SkuId = SkuId(1);
/// The only location of most cases.
const MAIN: LocationId = LocationId(0);
/// Another one.
const EAST: LocationId = LocationId(1);

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

/// A shop that counts its commands and knows the time.
struct Case {
    shop: Shop,
    now: i64,
    next_id: u128,
}

impl Case {
    fn new(policy: SkuPolicy) -> Self {
        let settings = Settings {
            policy,
            ..Settings::default()
        };
        Self {
            shop: Shop::new(settings).expect("a policy in range"),
            now: 0,
            next_id: 0,
        }
    }

    /// Gives a command an id of its own and has it done.
    fn ask(&mut self, command: Command) -> Step {
        self.next_id += 1;
        let request = Request {
            id: CommandId(self.next_id),
            issued_at: None,
            command,
        };
        let step = self.shop.apply(at(self.now), &request);
        self.shop.check().expect("the laws hold");
        step.expect("a well-formed command")
    }

    /// What happens, in short; the command is accepted.
    fn told(&mut self, command: Command) -> String {
        let step = self.ask(command);
        assert_eq!(step.decision, Decision::Accepted);
        told(&step.events)
    }

    /// The number and the row of a refusal.
    fn refusal(&mut self, command: Command) -> (u8, Option<u32>) {
        match self.ask(command).decision {
            Decision::Refused(rejection) => (rejection.code.number(), rejection.row),
            Decision::Accepted => panic!("it was accepted"),
        }
    }

    /// Waiting, reserved and allocated units, shipped and cancelled ones.
    fn units(&self, line: u32) -> [i64; 5] {
        let line = self.shop.line(LineId(line)).expect("a known line");
        [
            line.waiting,
            line.reserved,
            line.allocated,
            line.shipped,
            line.cancelled,
        ]
    }
}

/// Events in short: `taken_back 1.0@0x2 count`, the instant where it is not the last one's.
fn told(events: &[Event]) -> String {
    let short = |event: &Event| match &event.what {
        Happening::Placed {
            line,
            units,
            shortfall: 0,
            ..
        } => format!("placed {line}x{units}"),
        Happening::Placed {
            line,
            units,
            shortfall,
            ..
        } => format!("placed {line}x{units} short {shortfall}"),
        Happening::Increased {
            line, part, units, ..
        } => format!("increased {line}.{part}x{units}"),
        Happening::Filled {
            line,
            part,
            location,
            units,
            over,
        } => {
            let over = over.map(|over| format!(" over {over}"));
            let over = over.unwrap_or_default();
            format!("filled {line}.{part}@{location}x{units}{over}")
        }
        Happening::TakenBack {
            line,
            part,
            location,
            units,
            cause,
        } => format!("taken_back {line}.{part}@{location}x{units} {cause}"),
        Happening::Cancelled {
            line,
            part,
            units,
            cause,
        } => format!("cancelled {line}.{part}x{units} {cause}"),
        Happening::StockChanged { location, by, .. } => format!("stock @{location}{by:+}"),
        Happening::Listed { parts, .. } => format!("listed {parts}"),
        Happening::SupplySet {
            supply,
            outstanding,
            uncovered,
            ..
        } => format!("supply {supply} {outstanding}/{uncovered}"),
        other => told_otherwise(other),
    };
    events.iter().map(short).collect::<Vec<_>>().join(", ")
}

/// Events that move no units between the shelf and those who wait.
fn told_otherwise(what: &Happening) -> String {
    match what {
        Happening::Shipped {
            line,
            part,
            location,
            units,
        } => format!("shipped {line}.{part}@{location}x{units}"),
        Happening::Returned {
            line,
            part,
            location,
            units,
            ..
        } => format!("returned {line}.{part}@{location}x{units}"),
        Happening::Split {
            line,
            new_line,
            waiting,
            taken,
        } => format!("split {line} {new_line} {waiting}+{taken}"),
        Happening::Transferred {
            from, to, units, ..
        } => format!("transferred @{from}>{to}x{units}"),
        Happening::Rekeyed { line, priority, .. } => format!("rekeyed {line} {priority}"),
        Happening::Confirmed { order } => format!("confirmed {order}"),
        Happening::Extended { order, .. } => format!("extended {order}"),
        Happening::Regrouped { order, together } => format!("regrouped {order} {together}"),
        Happening::Configured { sku, .. } => format!("configured {sku}"),
        Happening::Forgotten { order } => format!("forgotten {order}"),
        other => panic!("no event of this crate: {other:?}"),
    }
}

/// Units arrive.
fn receive(sku: SkuId, location: LocationId, units: i64) -> Command {
    Command::Stock {
        sku,
        location,
        change: StockChange::By(units),
        cause: StockCause::Receipt,
        supply: None,
        only_free: false,
    }
}

/// The shelf is counted.
fn count(location: LocationId, units: i64) -> Command {
    Command::Stock {
        sku: A,
        location,
        change: StockChange::Exactly(units),
        cause: StockCause::Count,
        supply: None,
        only_free: false,
    }
}

/// A line of so many units of the first SKU.
fn line(id: u32, units: i64) -> PlaceLine {
    PlaceLine::new(id, A, units)
}

fn whole(id: u32, units: i64) -> PlaceLine {
    PlaceLine {
        pack: Pack::Whole,
        ..line(id, units)
    }
}

fn at_location(location: LocationId, line: PlaceLine) -> PlaceLine {
    PlaceLine {
        location: Some(location),
        ..line
    }
}

fn of_stock(line: PlaceLine) -> PlaceLine {
    PlaceLine {
        ahead: Ahead::No,
        ..line
    }
}

/// What is placed for an order of nobody.
fn order_of(order: u32, lines: &[PlaceLine]) -> Place {
    Place {
        order: OrderId(order),
        customer: None,
        until: None,
        together: false,
        partial: false,
        replaces: None,
        lines: lines.to_vec(),
    }
}

/// An order of one line that has its number.
fn order(line: PlaceLine) -> Command {
    Command::Place(order_of(line.line.0, &[line]))
}

/// The same, of a customer.
fn order_by(customer: u32, line: PlaceLine) -> Command {
    Command::Place(Place {
        customer: Some(CustomerId(customer)),
        ..order_of(line.line.0, &[line])
    })
}

/// A hold on stock of one line that has its number.
fn hold(until: i64, line: PlaceLine) -> Command {
    Command::Place(Place {
        until: Some(at(until)),
        ..order_of(line.line.0, &[of_stock(line)])
    })
}

fn together(order: u32, lines: &[PlaceLine]) -> Command {
    Command::Place(Place {
        together: true,
        ..order_of(order, lines)
    })
}

fn amend(line: u32, units: i64) -> Command {
    Command::AmendLine {
        line: LineId(line),
        units: Some(units),
        priority: None,
        placed_at: None,
        ahead: Ahead::Yes,
    }
}

fn rekey(line: u32, priority: Option<i32>, placed_at: Option<i64>) -> Command {
    Command::AmendLine {
        line: LineId(line),
        units: None,
        priority,
        placed_at: placed_at.map(at),
        ahead: Ahead::Yes,
    }
}

fn cancel(line: u32, units: Option<i64>) -> Command {
    Command::CancelLine {
        line: LineId(line),
        units,
        only_waiting: false,
    }
}

fn ship(line: u32, units: i64) -> Command {
    Command::Ship {
        line: LineId(line),
        units,
        location: None,
    }
}

fn confirm(order: u32) -> Command {
    Command::Confirm {
        order: OrderId(order),
    }
}

fn split(line: u32, new_line: u32, units: i64) -> Command {
    Command::Split {
        line: LineId(line),
        new_line: LineId(new_line),
        units,
    }
}

fn assign(from: Option<u32>, to: Option<u32>, units: i64) -> Command {
    Command::Assign {
        units,
        location: MAIN,
        from: from.map(LineId),
        to: to.map(LineId),
    }
}

fn supply(id: u32, units: i64, expected_at: i64) -> Command {
    Command::Supply {
        supply: id.into(),
        sku: A,
        location: MAIN,
        units,
        expected_at: at(expected_at),
    }
}
