//! What bytes stand for.

use allocator_core::{
    CancelTerms, CancellationPlan, Completeness, CutMethod, DemandLine, DrawnLines, Error, KeyPart,
    Misfit, PlaceOrder, PlacePart, Policy, ShortageRule, Supply, Timestamp, plan_cancellations,
};

use crate::bytes::Bytes;

const MOST_LINES: u8 = 12;
const MOST_SUPPLY: u8 = 5;
/// Most units of which every one is drawn.
const MOST_LOTS: i64 = 200;

/// The terms beside the method, in the order of [`Case::columns`].
pub(crate) const PRICE: usize = 0;
pub(crate) const GIVEN: usize = 1;
pub(crate) const CREDIT: usize = 2;
pub(crate) const OFFERED: usize = 3;
pub(crate) const ASKED: usize = 4;

/// A shortage, how it is cut, and which question is asked about the plan.
#[derive(Clone, Debug)]
pub struct Case {
    pub(crate) lines: Vec<DemandLine>,
    pub(crate) unit_lots: Option<Vec<i64>>,
    pub(crate) supply: Vec<Supply>,
    pub(crate) method: CutMethod,
    pub(crate) columns: [Option<Vec<i64>>; 5],
    pub(crate) question: u8,
    /// A number that the question is about.
    pub(crate) detail: usize,
}

impl Case {
    /// Every text of bytes is a case.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = &mut Bytes::new(bytes);
        let question = bytes.byte();
        bytes.hostile = question & 0x80 != 0;
        let detail = bytes.byte().into();
        let method = method(bytes);
        let count = bytes.below(MOST_LINES + 1);
        let alike = bytes.byte();
        let lines: Vec<_> = (0..u32::from(count))
            .map(|row| line(bytes, row, alike))
            .collect();
        let supply = (0..bytes.below(MOST_SUPPLY + 1))
            .map(|_| supply(bytes))
            .collect();
        let mut this = Self {
            unit_lots: None,
            columns: Default::default(),
            lines,
            supply,
            method,
            question,
            detail,
        };
        this.draw(bytes);
        this.terms_of(bytes);
        this
    }

    fn draw(&mut self, bytes: &mut Bytes<'_>) {
        let CutMethod::Policy(policy) = self.method else {
            return;
        };
        if !policy.rule.parts().contains(&KeyPart::UnitLot) {
            return;
        }
        let units = self
            .lines
            .iter()
            .map(|line| line.quantity.clamp(0, MOST_LOTS));
        let units = units.sum::<i64>().min(MOST_LOTS);
        self.unit_lots = Some((0..units).map(|_| bytes.any()).collect());
    }

    fn terms_of(&mut self, bytes: &mut Bytes<'_>) {
        let present = bytes.byte();
        let short = bytes.hostile && bytes.below(16) == 1;
        let rows = self.lines.len() + usize::from(short);
        for (index, column) in self.columns.iter_mut().enumerate() {
            *column =
                (present >> index & 1 == 1).then(|| (0..rows).map(|_| bytes.units()).collect());
        }
        if bytes.hostile {
            return;
        }
        let mut free = std::collections::BTreeMap::<_, i64>::new();
        for row in &self.supply {
            let units = free.entry(row.sku).or_default();
            *units = units.saturating_add(row.quantity);
        }
        for (row, line) in self.lines.iter().enumerate() {
            let free = free.entry(line.sku).or_default();
            let mut open = line.quantity;
            if let Some(given) = &mut self.columns[GIVEN] {
                given[row] = given[row].min(open).min(*free);
                *free -= given[row];
                open -= given[row];
            }
            if let Some(offered) = &mut self.columns[OFFERED] {
                offered[row] = offered[row].min(open);
            }
        }
    }

    pub(crate) fn value(&self, column: usize, row: usize) -> i64 {
        self.columns[column]
            .as_ref()
            .map_or(0, |column| column[row])
    }

    pub(crate) fn drawn_lines(&self) -> DrawnLines<'_> {
        DrawnLines {
            lines: &self.lines,
            unit_lots: self.unit_lots.as_deref(),
        }
    }

    pub(crate) fn terms(&self) -> CancelTerms<'_> {
        let column = |index: usize| self.columns[index].as_deref();
        CancelTerms {
            method: self.method,
            unit_price: column(PRICE),
            given: column(GIVEN),
            credit: column(CREDIT),
            offered: column(OFFERED),
            asked: column(ASKED),
        }
    }

    pub(crate) fn plan(&self) -> Result<CancellationPlan, Error> {
        plan_cancellations(&self.drawn_lines(), &self.supply, self.terms())
    }

    /// The same rows in another order, the row `by` first.
    pub(crate) fn rotated(&self, by: usize) -> Self {
        let mut this = self.clone();
        this.lines.rotate_left(by);
        for column in this.columns.iter_mut().flatten() {
            column.rotate_left(by);
        }
        if let Some(lots) = &mut this.unit_lots {
            let moved: i64 = self.lines[..by].iter().map(|line| line.quantity).sum();
            lots.rotate_left(usize::try_from(moved).expect("lots were read for them"));
        }
        this
    }

    pub(crate) fn completeness(&self, row: usize) -> Completeness {
        match self.method {
            CutMethod::Policy(policy) => {
                self.lines[row].completeness.unwrap_or(policy.completeness)
            }
            CutMethod::WholeOrders(_) => Completeness::Order,
            _ => Completeness::Partial,
        }
    }
}

fn method(bytes: &mut Bytes<'_>) -> CutMethod {
    const AIMS: [&str; 4] = [
        "fewest_customers",
        "exact",
        "least_refund",
        "least_overshoot",
    ];
    match bytes.below(8) {
        0 => CutMethod::LargestRemainder,
        1 => CutMethod::WholeOrders(bytes.choose(&AIMS).parse().expect("the words of an aim")),
        2 => {
            let completeness = [
                Completeness::Partial,
                Completeness::Line,
                Completeness::Order,
            ];
            let policy = Policy::first_come().completeness(bytes.choose(&completeness));
            let policy = policy.on_misfit(bytes.choose(&[Misfit::SetAside, Misfit::Pass]));
            policy.order(order(bytes)).into()
        }
        _ => Policy::sharing(rule(bytes)).order(order(bytes)).into(),
    }
}

/// A rule of any parts; where they make none, the largest part alone before the place.
fn rule(bytes: &mut Bytes<'_>) -> ShortageRule {
    const PARTS: [KeyPart; 11] = [
        KeyPart::Level,
        KeyPart::Remainder,
        KeyPart::Webster,
        KeyPart::Adams,
        KeyPart::Jefferson,
        KeyPart::Weight,
        KeyPart::UnitLot,
        KeyPart::Class,
        KeyPart::Lot,
        KeyPart::Protect(1),
        KeyPart::Protect(2),
    ];
    let mut parts: Vec<_> = (0..bytes.below(4)).map(|_| bytes.choose(&PARTS)).collect();
    parts.push(KeyPart::Place);
    let alone = |part| ShortageRule::from_parts(&[part, KeyPart::Place]);
    let rule = ShortageRule::from_parts(&parts).or_else(|_| alone(parts[0]));
    rule.unwrap_or_else(|_| ShortageRule::first_come())
}

fn order(bytes: &mut Bytes<'_>) -> PlaceOrder {
    const PARTS: [PlacePart; 5] = [
        PlacePart::Quantity,
        PlacePart::Score,
        PlacePart::Lot,
        PlacePart::Priority,
        PlacePart::PlacedAt,
    ];
    let mut parts: Vec<_> = (0..bytes.below(4)).map(|_| bytes.choose(&PARTS)).collect();
    parts.push(PlacePart::Sequence);
    PlaceOrder::from_parts(&parts).unwrap_or_default()
}

/// Lines are `alike` in what its bits name, so that not all of them have to be found by chance.
fn line(bytes: &mut Bytes<'_>, row: u32, alike: u8) -> DemandLine {
    let names = |bit: u8| alike >> bit & 1 == 1;
    let mut line = DemandLine::new(
        row,
        if names(0) {
            0
        } else {
            u32::from(bytes.below(4))
        },
        bytes.units(),
    );
    line.sequence = Some(row.into());
    if bytes.hostile {
        line.line = u32::from(bytes.byte()).into();
        line.sequence = (bytes.below(4) != 0).then(|| bytes.any());
    }
    if names(1) {
        line.order = bytes
            .below(5)
            .checked_sub(1)
            .map(|order| u32::from(order).into());
    }
    if names(2) {
        line.customer = bytes
            .below(5)
            .checked_sub(1)
            .map(|customer| u32::from(customer).into());
        // An order is of one customer.
        if let (Some(order), false) = (line.order, bytes.hostile) {
            line.customer = Some(order.0.wrapping_div(2).into());
        }
    }
    if names(3) {
        line.priority = bytes.any();
        line.placed_at = Timestamp::from_micros(bytes.any());
    }
    if names(4) {
        line.lot = bytes.any();
        line.score = bytes.any();
    }
    if names(5) {
        line.weight = i64::from(bytes.below(5)) + i64::from(!bytes.hostile);
    }
    if names(6) {
        line.completeness = bytes.choose(&[
            None,
            Some(Completeness::Partial),
            Some(Completeness::Line),
            Some(Completeness::Order),
        ]);
        line.on_misfit = bytes.choose(&[None, Some(Misfit::SetAside), Some(Misfit::Pass)]);
    }
    line
}

fn supply(bytes: &mut Bytes<'_>) -> Supply {
    let mut supply = Supply::received(u32::from(bytes.below(3)), bytes.units());
    if bytes.hostile {
        supply.supply = bytes.below(4).checked_sub(1).map(|id| u32::from(id).into());
        supply.sequence = bytes.any();
    }
    supply
}
