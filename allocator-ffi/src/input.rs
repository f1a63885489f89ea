//! Rows from C to rows of the core, and the faults that only show on the way.

use allocator_core::limits::NO_ID;
use allocator_core::{DemandLine, DrawnLines, Error, Policy, Supply, Table, Timestamp, validate};

use crate::abi::{allocator_idle, allocator_line, allocator_supply, allocator_table};
use crate::convert::{completeness, misfit};
use crate::failure::Failure;
use crate::ids::Ids;
use crate::status::allocator_status::*;
use allocator_table::*;

/// The rows of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a> {
    pub(crate) lines: &'a [allocator_line],
    pub(crate) supply: &'a [allocator_supply],
    /// Idle units of a report. Only their SKUs are looked at here, so that those are told apart, too.
    pub(crate) idle: &'a [allocator_idle],
    /// A lot for each unit, where the caller has them.
    pub(crate) unit_lots: Option<&'a [i64]>,
}

/// The same rows as the core takes them.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) lines: Vec<DemandLine>,
    pub(crate) supply: Vec<Supply>,
    pub(crate) line_ids: Ids,
    pub(crate) skus: Ids,
    pub(crate) unit_lots: Option<Vec<i64>>,
}

impl Input {
    /// Converts the rows. What the core cannot be told about is refused, in its order of precedence.
    pub(crate) fn new(raw: Raw<'_>, policy: &Policy) -> Result<Self, Failure> {
        let input = Self::convert(raw)?;
        if raw.is_faulty() {
            // The core only sees that something is wrong; `faults` says what. There is at least one.
            return input
                .faults(raw, policy)
                .into_iter()
                .next()
                .map_or(Ok(input), Err);
        }
        Ok(input)
    }

    /// The same for lines whose lots are still to be drawn: that there are none is no fault.
    pub(crate) fn without_unit_lots(raw: Raw<'_>, policy: &Policy) -> Result<Self, Failure> {
        let undrawn = |failure: &Failure| failure.status != ALLOCATOR_UNIT_LOTS;
        let input = Self::convert(raw)?;
        if raw.is_faulty() {
            let faults = input.faults(raw, policy);
            return faults.into_iter().find(undrawn).map_or(Ok(input), Err);
        }
        Ok(input)
    }

    /// Every fault of the rows, in order of precedence.
    pub(crate) fn all_faults(raw: Raw<'_>, policy: &Policy) -> Result<Vec<Failure>, Failure> {
        Ok(Self::convert(raw)?.faults(raw, policy))
    }

    /// The lines as the core takes them.
    pub(crate) fn demand(&self) -> DrawnLines<'_> {
        DrawnLines {
            lines: &self.lines,
            unit_lots: self.unit_lots.as_deref(),
        }
    }

    /// Bad ids become [`NO_ID`], which the core refuses; bad codes are left to the policy.
    fn convert(raw: Raw<'_>) -> Result<Self, Error> {
        let Raw {
            lines,
            supply,
            idle,
            unit_lots,
        } = raw;
        let line_ids = Ids::of(lines.iter().map(|line| line.line))?;
        let orders = Ids::of(lines.iter().map(|line| line.order))?;
        let customers = Ids::of(lines.iter().map(|line| line.customer))?;
        let of_lines = lines.iter().map(|line| line.sku);
        let of_idle = idle.iter().map(|row| row.sku);
        let of_supply = supply.iter().map(|row| row.sku);
        let skus = Ids::of(of_supply.chain(of_lines).chain(of_idle))?;
        let numbered = lines.iter().any(|line| line.sequence != 0);

        let line = |raw: &allocator_line| {
            let mut line =
                DemandLine::new(line_ids.dense(raw.line), skus.dense(raw.sku), raw.quantity)
                    .priority(raw.priority)
                    .placed_at(Timestamp::from_micros(raw.placed_at));
            line.order = (raw.order != 0).then(|| orders.dense(raw.order).into());
            line.customer = (raw.customer != 0).then(|| customers.dense(raw.customer).into());
            (line.lot, line.score) = (raw.lot, raw.score);
            line.weight = if raw.weight == 0 {
                1
            } else {
                raw.weight.into()
            };
            line.sequence = numbered.then_some(raw.sequence);
            line.completeness = completeness(raw.completeness).unwrap_or(None);
            line.on_misfit = misfit(raw.on_misfit).unwrap_or(None);
            line
        };
        let ids = supply_ids(supply)?;
        let row = |(raw, id): (&allocator_supply, Option<u32>)| {
            let mut row =
                Supply::received(skus.dense(raw.sku), raw.quantity).sequence(raw.sequence);
            row.supply = id.map(Into::into);
            row
        };
        Ok(Self {
            lines: lines.iter().map(line).collect(),
            supply: supply.iter().zip(ids).map(row).collect(),
            line_ids,
            skus,
            unit_lots: unit_lots.map(<[_]>::to_vec),
        })
    }

    fn faults(&self, raw: Raw<'_>, policy: &Policy) -> Vec<Failure> {
        let found = validate(&self.demand(), &self.supply, policy);
        let core = found.err().unwrap_or_default();
        let mut faults: Vec<Fault> = core
            .into_iter()
            .filter_map(|error| raw.as_given(error))
            .map(Fault::from)
            .collect();
        faults.extend(raw.faults());
        // Stable: the fields of one row stay in the order of the core.
        faults.sort_by_key(|fault| (fault.stage, fault.failure.row, fault.kind));
        faults.into_iter().map(|fault| fault.failure).collect()
    }
}

/// The dense ids of the supply rows. 0: the row stands for it, and it competes with ids by that
/// number, so where ids are ranked it gets a rank, too.
fn supply_ids(supply: &[allocator_supply]) -> Result<Vec<Option<u32>>, Error> {
    let given = |row: &allocator_supply| row.supply;
    if supply.iter().map(given).all(|id| id < i64::from(NO_ID)) {
        let dense = |id| (id != 0).then(|| Ids::Same.dense(id));
        return Ok(supply.iter().map(given).map(dense).collect());
    }
    let mut order: Vec<(i64, usize, bool)> = Vec::with_capacity(supply.len());
    for (row, &allocator_supply { supply: id, .. }) in supply.iter().enumerate() {
        match id {
            0 => order.push((crate::convert::count(row), row, true)),
            1.. => order.push((id, row, false)),
            _ => {}
        }
    }
    order.sort_unstable();
    let mut ids = vec![Some(NO_ID); supply.len()];
    let mut next: u32 = 0;
    let mut last: Option<(i64, u32)> = None;
    for (id, row, from_row) in order {
        let rank = match last {
            // The same id twice keeps one rank: the core has to see it.
            Some((before, rank)) if before == id && !from_row => rank,
            _ => {
                let rank = next;
                next = rank
                    .checked_add(1)
                    .ok_or(Error::TooManyNames { max: NO_ID })?;
                rank
            }
        };
        if !from_row {
            last = Some((id, rank));
        }
        if let Some(slot) = ids.get_mut(row) {
            *slot = Some(rank);
        }
    }
    Ok(ids)
}

/// A fault and what decides its turn: the stage, then the row, then the kind.
struct Fault {
    stage: u8,
    kind: u8,
    failure: Failure,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let (between_rows, kind) = match &error {
            Error::OutOfRange { .. } => (false, 0),
            Error::UnknownCompleteness { .. } => (false, 1),
            Error::UnknownMisfit { .. } => (false, 2),
            Error::RuleNeedsSingleUnits { .. } => (false, 3),
            Error::DuplicateId { .. } => (false, 4),
            _ => (true, 0),
        };
        let stage = match error.table() {
            Some(Table::Supply) => 1,
            _ if between_rows => 3,
            _ => 2,
        };
        Self {
            stage,
            kind,
            failure: error.into(),
        }
    }
}

impl Fault {
    fn reserved(table: allocator_table, row: usize) -> Self {
        let (stage, name) = match table {
            ALLOCATOR_TABLE_SUPPLY => (1, "supply"),
            _ => (2, "lines"),
        };
        let message = format!("{name} row {row}, reserved: every byte must be 0");
        Self {
            stage,
            kind: 5,
            failure: Failure::new(ALLOCATOR_RESERVED_NOT_ZERO, "reserved", message).at(table, row),
        }
    }
}

impl Raw<'_> {
    /// Whether a row has a fault that the core cannot name.
    fn is_faulty(&self) -> bool {
        let line = |line: &allocator_line| {
            (line.line | line.order | line.customer | line.sku) < 0
                || completeness(line.completeness).is_err()
                || misfit(line.on_misfit).is_err()
                || line.reserved != [0; 2]
        };
        let supply = |row: &allocator_supply| (row.supply | row.sku) < 0 || row.reserved != [0; 8];
        self.supply.iter().any(supply) || self.lines.iter().any(line)
    }

    /// The faults that the core cannot see.
    fn faults(&self) -> impl Iterator<Item = Fault> {
        let supply = self.supply.iter().enumerate();
        let supply = supply
            .filter(|(_, supply)| supply.reserved != [0; 8])
            .map(|(row, _)| Fault::reserved(ALLOCATOR_TABLE_SUPPLY, row));
        let lines = self.lines.iter().enumerate().flat_map(|(row, line)| {
            let completeness = completeness(line.completeness).err();
            let misfit = misfit(line.on_misfit).err();
            let codes = [
                completeness.map(|code| Error::UnknownCompleteness { row, code }),
                misfit.map(|code| Error::UnknownMisfit { row, code }),
            ];
            let reserved =
                (line.reserved != [0; 2]).then(|| Fault::reserved(ALLOCATOR_TABLE_LINES, row));
            let codes = codes.into_iter().flatten().map(Fault::from);
            codes.chain(reserved)
        });
        supply.chain(lines)
    }

    /// What the core says of converted rows, said of the rows as they were given. Rows whose id is
    /// none are not twins of each other, and their units do not add up.
    fn as_given(&self, error: Error) -> Option<Error> {
        let (table, row, field) = (error.table(), error.row(), error.field());
        let id = |field| self.id(table?, row?, field);
        match error {
            Error::DuplicateId { field, .. } if id(field).is_some_and(|id| id < 0) => None,
            Error::OutOfRange { value, .. }
                if field == Some("quantity")
                    && value > i64::MAX.into()
                    && id("sku").is_some_and(|id| id < 0) =>
            {
                None
            }
            Error::OutOfRange {
                table, row, field, ..
            } => match id(field) {
                Some(id) => Some(Error::OutOfRange {
                    table,
                    row,
                    field,
                    value: id.into(),
                    min: 0,
                    max: i64::MAX.into(),
                }),
                None => Some(error),
            },
            _ => Some(error),
        }
    }

    /// The id in a field; `None` where the field holds no id.
    fn id(&self, table: Table, row: usize, field: &str) -> Option<i64> {
        match table {
            Table::Supply => {
                let row = self.supply.get(row)?;
                match field {
                    "supply" => Some(row.supply),
                    "sku" => Some(row.sku),
                    _ => None,
                }
            }
            Table::Lines => {
                let row = self.lines.get(row)?;
                match field {
                    "line" => Some(row.line),
                    "order" => Some(row.order),
                    "customer" => Some(row.customer),
                    "sku" => Some(row.sku),
                    _ => None,
                }
            }
            Table::Outcomes | Table::Orders | Table::Need | Table::Command => None,
        }
    }
}
