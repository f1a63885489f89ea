//! Why a line has what it has, and what would have to change: every counterfactual is exact and, in
//! the tests, verified by running the changed input.
//!
//! "Served in turn" below: the claims of the line's parcel (the line, or its order where that ships
//! whole) are fully covered by the queue alone. Then it is served under either misfit, with this
//! supply and any larger one.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display};

use crate::allocate::{
    Allocation, Lanes, Outcome, Parcel, PlaceInLine, WholeOrders, allocate, claim, finish, offer,
    release, waiting,
};
use crate::demand::{Demand, DemandLine, Place, Rows, terms};
use crate::error::Error;
use crate::id::{CustomerId, LineId, OrderId, SkuId};
use crate::limits::NO_ID;
use crate::policy::{Completeness, Policy};
use crate::quantity::{Quantity, Total, at, slot, sub, tally};
use crate::reason::Reason;
use crate::supply::Supply;

/// Units of a SKU that would have to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct MoreUnits {
    /// The SKU.
    pub sku: SkuId,
    /// The smallest number that serves the line in turn; any larger number does too.
    pub units: Quantity,
}

/// A line of the input, by row and id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineAt {
    /// Its row, from 0.
    pub row: usize,
    /// Its id; the row where the input gave none.
    pub line: LineId,
}

/// The answer to "why?" for one line. `Display` is the sentence a support agent can read out;
/// [`Self::sentence`] says it with the host's own names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Explanation {
    /// Which line.
    pub at: LineAt,
    /// What it asks for.
    pub sku: SkuId,
    /// What it has, and the reason.
    pub outcome: Outcome,
    /// Where it stands.
    pub place: PlaceInLine,
    /// Units received of its SKU.
    pub received: Quantity,
    /// What would have to arrive, all of it, for its parcel to be served in turn, by SKU. Empty where
    /// it is served in turn already, or where no number helps. Also shown for a line that was served
    /// out of turn.
    pub more_units: Vec<MoreUnits>,
    /// The last line that its parcel must stand in front of to be served in turn; none where that
    /// does not help, or where the line is served in full.
    pub if_before: Option<LineAt>,
    /// Units it would get if its parcel could ship in part; none where that is no more than now.
    pub if_partial: Option<Quantity>,
}

/// [`Explainer::explain`] for one line: O(n log n). For many lines, build an [`Explainer`] once.
///
/// # Errors
/// Those of [`crate::allocate`], and [`Error::NoSuchRow`].
///
/// ```
/// use allocator_core::{explain, DemandLine, Policy, Supply};
/// let lines = [DemandLine::new(1, 7, 2), DemandLine::new(2, 7, 2)];
/// let why = explain(&lines, &[Supply::received(7, 3)], &Policy::first_come(), 1)?;
/// assert_eq!(
///     why.to_string(),
///     "line 2 gets 1 of 2 units: 2 units are ahead of it in line and 3 were received. \
///      1 more unit serves it. In front of line 1 it would be served.",
/// );
/// # Ok::<(), allocator_core::Error>(())
/// ```
pub fn explain<L: Demand + ?Sized>(
    lines: &L,
    supply: &[Supply],
    policy: &Policy,
    row: usize,
) -> Result<Explanation, Error> {
    Explainer::new(lines, supply, policy)?.explain(row)
}

/// Explains any line of one call; owns what it needs.
#[derive(Clone, Debug)]
pub struct Explainer {
    lines: Vec<DemandLine>,
    policy: Policy,
    allocation: Allocation,
    lanes: Lanes,
    orders: WholeOrders,
    /// The whole order of each row, or [`NO_ID`].
    order_of: Vec<u32>,
    places: Vec<PlaceInLine>,
    /// Per lane position: units that the lines before it in the lane may stand for.
    claimed_ahead: Vec<Total>,
    released: Released,
}

/// The state in which released units are offered: who holds what, what is free, who waits.
#[derive(Clone, Debug)]
struct Released {
    held: Vec<Quantity>,
    room: Vec<Quantity>,
    parcels: Vec<Parcel>,
    /// For each parcel that is one line: the room in its lane when its turn comes.
    room_at_turn: Vec<Quantity>,
}

impl Explainer {
    /// Allocates, and prepares to answer. O(n log n).
    ///
    /// # Errors
    /// Those of [`crate::allocate`].
    pub fn new<L: Demand + ?Sized>(
        lines: &L,
        supply: &[Supply],
        policy: &Policy,
    ) -> Result<Self, Error> {
        let allocation = allocate(lines, supply, policy)?;
        let lanes = allocation
            .lanes()
            .cloned()
            .ok_or(Error::Corrupt { at: "lanes" })?;
        let orders = WholeOrders::new(lines, policy)?;
        let mut order_of = alloc::vec![NO_ID; lines.count()];
        for order in 0..orders.count() {
            for &row in orders.rows(order as usize) {
                *slot(&mut order_of, row as usize)? = order;
            }
        }
        let released = Released::new(lines, policy, &lanes, &orders, &allocation)?;
        let mut claimed_ahead = Vec::with_capacity(lines.count());
        for lane in 0..lanes.count() {
            let mut ahead: Total = 0;
            for row in lanes.rows(lane) {
                claimed_ahead.push(ahead);
                tally(
                    &mut ahead,
                    claim(lines, allocation.reasons(), row as usize)?,
                );
            }
        }
        let places = allocation.places();
        let lines = (0..lines.count()).map(|row| owned(lines, row)).collect();
        Ok(Self {
            lines,
            policy: *policy,
            allocation,
            lanes,
            orders,
            order_of,
            places,
            claimed_ahead,
            released,
        })
    }

    /// The allocation it explains.
    pub fn allocation(&self) -> &Allocation {
        &self.allocation
    }

    /// Why line `row` has what it has.
    ///
    /// O(k log n) for a parcel of k lines; where whole orders let others pass, O(w) in the parcels
    /// that wait for released units.
    ///
    /// # Errors
    /// [`Error::NoSuchRow`].
    pub fn explain(&self, row: usize) -> Result<Explanation, Error> {
        let rows = self.lines.len();
        let outcome = self
            .allocation
            .outcome(row)
            .ok_or(Error::NoSuchRow { row, rows })?;
        let sku = self.lines.sku(row);
        let open = outcome.waiting > 0 || outcome.set_aside > 0;
        let asks = outcome.quantity > 0 && !outcome.reason.is_never();
        Ok(Explanation {
            at: self.line_at(row)?,
            sku: SkuId(sku),
            outcome,
            place: at(&self.places, row)?,
            received: at(&self.lanes.received, self.lanes.of(sku)?)?,
            more_units: if asks {
                self.more_units(row)?
            } else {
                Vec::new()
            },
            if_before: if open { self.if_before(row)? } else { None },
            if_partial: if open {
                self.if_partial(row)?
                    .filter(|&units| units > outcome.allocated)
            } else {
                None
            },
        })
    }

    fn line_at(&self, row: usize) -> Result<LineAt, Error> {
        Ok(LineAt {
            row,
            line: at(&self.lines, row)?.line,
        })
    }

    fn claim(&self, row: usize) -> Result<Quantity, Error> {
        claim(&self.lines, self.allocation.reasons(), row)
    }

    /// The rows of the line's parcel, in place order.
    fn parcel(&self, row: usize) -> Result<Vec<u32>, Error> {
        Ok(match at(&self.order_of, row)? {
            NO_ID => {
                alloc::vec![u32::try_from(row).map_err(|_| Error::Corrupt { at: "row number" })?]
            }
            order => self.orders.rows(order as usize).to_vec(),
        })
    }

    /// The parcel's lanes, rising, each with the parcel's rows in it in place order.
    fn lanes_of(&self, parcel: &[u32]) -> Result<Vec<(usize, Vec<usize>)>, Error> {
        let mut rows = Vec::with_capacity(parcel.len());
        for &row in parcel {
            rows.push((self.lanes.of(self.lines.sku(row as usize))?, row as usize));
        }
        // Stable: place order stays inside a lane.
        rows.sort_by_key(|&(lane, _)| lane);
        let lane = |group: &[(usize, usize)]| {
            Some((
                group.first()?.0,
                group.iter().map(|&(_, row)| row).collect(),
            ))
        };
        Ok(rows.chunk_by(|a, b| a.0 == b.0).filter_map(lane).collect())
    }

    /// Where a row stands in its lane, counted from 0.
    fn position(&self, row: usize) -> Result<usize, Error> {
        Ok((at(&self.places, row)?.position as usize).saturating_sub(1))
    }

    /// Units claimed ahead of a position of the lane; past the end: by the whole lane.
    fn claimed_ahead(&self, lane: usize, position: usize) -> Result<Total, Error> {
        let range = self.lanes.range(lane);
        let index = range.start.saturating_add(position);
        if index < range.end {
            return at(&self.claimed_ahead, index);
        }
        let Some(last) = self.lanes.rows(lane).last() else {
            return Ok(0);
        };
        let mut all = at(&self.claimed_ahead, range.end.saturating_sub(1))?;
        tally(&mut all, self.claim(last as usize)?);
        Ok(all)
    }

    fn more_units(&self, row: usize) -> Result<Vec<MoreUnits>, Error> {
        let mut more = Vec::new();
        for (lane, rows) in self.lanes_of(&self.parcel(row)?)? {
            let mut needed: Total = 0;
            for row in rows {
                let mut with_it = self.claimed_ahead(lane, self.position(row)?)?;
                let claim = self.claim(row)?;
                tally(&mut with_it, claim);
                needed = if claim > 0 { with_it } else { needed };
            }
            // Beyond the limit no supply row can say it: no number helps.
            let Ok(needed) = Quantity::try_from(needed) else {
                return Ok(Vec::new());
            };
            let received = at(&self.lanes.received, lane)?;
            if needed > received {
                more.push(MoreUnits {
                    sku: SkuId(at(&self.lanes.sku, lane)?),
                    units: sub(needed, received)?,
                });
            }
        }
        Ok(more)
    }

    fn if_before(&self, row: usize) -> Result<Option<LineAt>, Error> {
        let parcel = self.parcel(row)?;
        let Some(latest) = parcel.last().map(|&row| self.lines.place(row as usize)) else {
            return Ok(None);
        };
        let mut before: Option<(Place, usize)> = None;
        for (lane, own) in self.lanes_of(&parcel)? {
            match self.in_front_of(lane, &own, latest)? {
                Front::Anywhere => {}
                Front::Nowhere => return Ok(None),
                Front::Of(row) => {
                    let candidate = (self.lines.place(row), row);
                    before = Some(before.map_or(candidate, |known| known.min(candidate)));
                }
            }
        }
        before.map(|(_, row)| self.line_at(row)).transpose()
    }

    /// The last line of the lane, before `latest`, in front of which the parcel's `own` rows of this
    /// lane would be covered.
    fn in_front_of(&self, lane: usize, own: &[usize], latest: Place) -> Result<Front, Error> {
        let mut claims: Total = 0;
        let mut standing = Vec::with_capacity(own.len());
        for &row in own {
            standing.push((self.position(row)?, self.claim(row)?));
            tally(&mut claims, self.claim(row)?);
        }
        let budget = Total::from(at(&self.lanes.received, lane)?).saturating_sub(claims);
        if budget < 0 {
            return Ok(Front::Nowhere);
        }
        let others_ahead = |position: usize| {
            let mut own_ahead: Total = 0;
            for &(_, claim) in standing.iter().filter(|&&(own, _)| own < position) {
                tally(&mut own_ahead, claim);
            }
            Ok::<_, Error>(
                self.claimed_ahead(lane, position)?
                    .saturating_sub(own_ahead),
            )
        };
        let row_at = |position: usize| self.lanes.rows(lane).nth(position).map(|row| row as usize);
        let end = partition(self.lanes.range(lane).len(), |position| {
            Ok(row_at(position).is_some_and(|row| self.lines.place(row) < latest))
        })?;
        if others_ahead(end)? <= budget {
            return Ok(Front::Anywhere);
        }
        let first_too_far = partition(end, |position| Ok(others_ahead(position)? <= budget))?;
        let last = first_too_far.checked_sub(1).and_then(row_at);
        Ok(last.map_or(Front::Nowhere, Front::Of))
    }

    /// What the row would get if every line of its parcel could ship in part; none where it can.
    fn if_partial(&self, row: usize) -> Result<Option<Quantity>, Error> {
        if terms(&self.lines, row, &self.policy).0 == Completeness::Partial {
            return Ok(None);
        }
        let covered = at(self.allocation.covered(), row)?;
        let rows = self.parcel(row)?;
        let lane = self.lanes.of(self.lines.sku(row))?;
        let Released {
            held,
            room,
            parcels,
            room_at_turn,
        } = &self.released;

        // Its parcel would not release what it holds, and its lines would stand each at its own place.
        let mut own_in_lane: Quantity = 0;
        let mut own = 0;
        for &mate in &rows {
            let released = sub(
                at(self.allocation.covered(), mate as usize)?,
                at(held, mate as usize)?,
            )?;
            own = released.max(own);
            if self.lanes.of(self.lines.sku(mate as usize))? == lane {
                own_in_lane = crate::quantity::add(own_in_lane, released)?;
            }
        }
        if at(room, lane)? <= own_in_lane {
            return Ok(Some(covered));
        }
        let place = self.lines.place(row);
        if own == 0 && rows.len() == 1 {
            // Nothing changes before its turn.
            let turn =
                parcels.partition_point(|parcel| self.lines.place(parcel.latest as usize) < place);
            let more = sub(self.claim(row)?, covered)?.min(at(room_at_turn, turn)?);
            return crate::quantity::add(covered, more).map(Some);
        }
        let mut room = room.clone();
        for &mate in &rows {
            let mate = mate as usize;
            let room = slot(&mut room, self.lanes.of(self.lines.sku(mate))?)?;
            *room = sub(
                *room,
                sub(at(self.allocation.covered(), mate)?, at(held, mate)?)?,
            )?;
        }
        let own_order = at(&self.order_of, row)?;
        let others = parcels.iter().filter(|parcel| match parcel.order {
            Some(order) => order != own_order,
            None => parcel.latest as usize != row,
        });
        let mates = rows.iter().map(|&latest| Parcel {
            latest,
            order: None,
            all_or_nothing: false,
        });
        let mut turns: Vec<Parcel> = others.copied().chain(mates).collect();
        turns.sort_unstable_by_key(|parcel| self.lines.place(parcel.latest as usize));
        let mut units = covered;
        for parcel in turns
            .iter()
            .take_while(|parcel| self.lines.place(parcel.latest as usize) <= place)
        {
            let need = |of: usize| {
                let holds = if rows.iter().any(|&mate| mate as usize == of) {
                    self.allocation.covered()
                } else {
                    held
                };
                sub(self.claim(of)?, at(holds, of)?)
            };
            offer(
                &self.lines,
                &self.lanes,
                parcel.rows(&self.orders),
                parcel.all_or_nothing,
                &mut room,
                need,
                |of, more| {
                    if of == row {
                        units = crate::quantity::add(units, more)?;
                    }
                    Ok(())
                },
            )?;
        }
        Ok(Some(units))
    }
}

impl Released {
    fn new<L: Rows + ?Sized>(
        lines: &L,
        policy: &Policy,
        lanes: &Lanes,
        orders: &WholeOrders,
        allocation: &Allocation,
    ) -> Result<Self, Error> {
        let reason = allocation.reasons();
        let mut held = allocation.covered().to_vec();
        let mut room = lanes.received.clone();
        for (lane, room) in room.iter_mut().enumerate() {
            for row in lanes.rows(lane) {
                *room = sub(*room, at(&held, row as usize)?)?;
            }
        }
        let mut ships = alloc::vec![0; lines.count()];
        finish(lines, policy, orders, reason, &held, &mut ships)?;
        release(lines, policy, lanes, &ships, &mut held, &mut room)?;
        let parcels = waiting(lines, policy, lanes, orders, reason, &held, &room)?;
        let mut left = room.clone();
        let mut room_at_turn = Vec::with_capacity(parcels.len());
        for parcel in &parcels {
            room_at_turn.push(at(&left, lanes.of(lines.sku(parcel.latest as usize))?)?);
            let need = |row| sub(claim(lines, reason, row)?, at(&held, row)?);
            offer(
                lines,
                lanes,
                parcel.rows(orders),
                parcel.all_or_nothing,
                &mut left,
                need,
                |_, _| Ok(()),
            )?;
        }
        Ok(Self {
            held,
            room,
            parcels,
            room_at_turn,
        })
    }
}

/// Where a parcel would have to stand in one lane.
enum Front {
    /// It is covered there wherever it stands before its latest line.
    Anywhere,
    /// In front of this row.
    Of(usize),
    /// No place helps.
    Nowhere,
}

/// The first of `0..len` for which `holds` is false; `holds` never turns true again behind it.
fn partition(len: usize, holds: impl Fn(usize) -> Result<bool, Error>) -> Result<usize, Error> {
    let (mut low, mut high) = (0_usize, len);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle)? {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The line in row form, whatever form it came in.
fn owned<L: Rows + ?Sized>(lines: &L, row: usize) -> DemandLine {
    let id = lines
        .line(row)
        .or_else(|| u32::try_from(row).ok())
        .unwrap_or(NO_ID);
    let place = lines.place(row);
    let (completeness, misfit) = lines.codes(row);
    let mut line = DemandLine::new(id, lines.sku(row), lines.quantity(row));
    line.order = Some(lines.order(row))
        .filter(|&order| order != NO_ID)
        .map(OrderId);
    line.customer = Some(lines.customer(row))
        .filter(|&customer| customer != NO_ID)
        .map(CustomerId);
    line.priority = place.priority;
    line.placed_at = place.placed_at;
    line.sequence = Some(place.sequence);
    line.completeness = (completeness > 0).then_some(terms(lines, row, &Policy::first_come()).0);
    line.on_misfit = (misfit > 0).then_some(terms(lines, row, &Policy::first_come()).1);
    line
}

impl Explanation {
    /// The answer in plain words, with the host's names for lines and SKUs.
    ///
    /// ```
    /// use allocator_core::{explain, DemandLine, Policy, Supply};
    /// let lines = [DemandLine::new(1, 7, 1)];
    /// let why = explain(&lines, &[Supply::received(7, 0)], &Policy::first_come(), 0)?;
    /// let text = why.sentence(|at| format!("order #100{}", at.line), |_| "HOODIE-M".to_string());
    /// assert_eq!(text, "order #1001 gets 0 of 1 unit: nobody is ahead of it in line and 0 were received. \
    ///                   1 more unit serves it.");
    /// # Ok::<(), allocator_core::Error>(())
    /// ```
    #[must_use]
    pub fn sentence<N: Display, S: Display>(
        &self,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, line, sku);
        text
    }

    fn write<N: Display, S: Display>(
        &self,
        out: &mut impl fmt::Write,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> fmt::Result {
        let Outcome {
            quantity,
            allocated,
            set_aside,
            reason,
            covered,
            ..
        } = self.outcome;
        let name = line(self.at);
        match reason {
            Reason::NothingAsked => return write!(out, "{name} asks for nothing."),
            Reason::Served if self.more_units.is_empty() => {
                return write!(out, "{name} gets {}.", all(quantity));
            }
            Reason::Served => write!(
                out,
                "{name} gets {}, because a line before it did not fit",
                all(quantity)
            )?,
            _ => write!(out, "{name} gets {allocated} of {}", units(quantity.into()))?,
        }
        match reason {
            Reason::Served | Reason::NothingAsked => {}
            Reason::UnknownSku | Reason::OrderHasImpossibleLine => {
                return write!(out, ": {}.", reason.sentence());
            }
            Reason::Short => {
                match self.place.units_ahead {
                    0 => write!(out, ": nobody is ahead of it in line")?,
                    1 => write!(out, ": 1 unit is ahead of it in line")?,
                    ahead => write!(out, ": {ahead} units are ahead of it in line")?,
                }
                write!(
                    out,
                    " and {} {} received",
                    self.received,
                    if self.received == 1 { "was" } else { "were" }
                )?;
            }
            Reason::LineIncomplete => {
                write!(out, ": there is enough for {covered}, and it ships whole")?
            }
            Reason::OrderIncomplete => write!(out, ": {}", reason.sentence())?,
        }
        match set_aside {
            0 => {}
            1 => write!(out, "; 1 unit stays aside for it")?,
            kept => write!(out, "; {kept} units stay aside for it")?,
        }
        out.write_char('.')?;
        self.write_changes(out, line, sku)
    }

    fn write_changes<N: Display, S: Display>(
        &self,
        out: &mut impl fmt::Write,
        line: impl Fn(LineAt) -> N,
        sku: impl Fn(SkuId) -> S,
    ) -> fmt::Result {
        let in_turn = if self.outcome.reason == Reason::Served {
            " in turn"
        } else {
            ""
        };
        for (index, more) in self.more_units.iter().enumerate() {
            out.write_str(if index == 0 { " " } else { " and " })?;
            write!(
                out,
                "{} more {}",
                more.units,
                if more.units == 1 { "unit" } else { "units" }
            )?;
            if self.more_units.len() > 1 || more.sku != self.sku {
                write!(out, " of {}", sku(more.sku))?;
            }
        }
        match self.more_units.as_slice() {
            [] => {}
            [MoreUnits { units: 1, .. }] => write!(out, " serves it{in_turn}.")?,
            _ => write!(out, " serve it{in_turn}.")?,
        }
        if let Some(before) = self.if_before {
            write!(out, " In front of {} it would be served.", line(before))?;
        }
        if let Some(partial) = self.if_partial {
            write!(out, " If it could ship in part it would get {partial} now.")?;
        }
        Ok(())
    }
}

impl Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(
            f,
            |at| alloc::format!("line {}", at.line),
            |sku| alloc::format!("SKU {sku}"),
        )
    }
}

fn units(count: Total) -> String {
    if count == 1 {
        "1 unit".into()
    } else {
        alloc::format!("{count} units")
    }
}

fn all(quantity: Quantity) -> String {
    if quantity == 1 {
        "its unit".into()
    } else {
        alloc::format!("all its {quantity} units")
    }
}
