//! Units that an operator moves, and units that come back: by location, also where a step names none.

use std::collections::BTreeMap;

use allocator_core::engine::{Command, LineView, LocationOrder};
use allocator_core::{LineId, LocationId, Quantity, SkuId};

use super::MAIN;
use super::commands::maybe_location;
use super::read::{Fields, Halt, Read};
use super::shop::LiveShop;
use super::world::{NamedAllocation, World};

/// Units by location, in the order in which they are used.
pub(super) type Sources = Vec<(LocationId, Quantity)>;

pub(super) fn of_step<S: LiveShop>(
    world: &mut World<S>,
    op: &str,
    fields: Fields<'_>,
) -> Read<Vec<Command>> {
    match op {
        "allocate_line" => {
            let line = world.names.line(fields.text("line")?)?;
            let units = fields.units("qty")?;
            let mut sources = world.free_for(line);
            // Where the line is the obstacle, one command says so.
            let waiting = world.shop.line(line).map_or(0, |line| line.waiting);
            if waiting < units {
                sources.truncate(1);
            }
            assign(world, fields, sources, units, None, Some(line))
        }
        "unallocate" => {
            let line = world.names.line(fields.text("line")?)?;
            let sources = match fields.maybe_text("id")? {
                Some(id) => match world.allocated_as(line, id) {
                    // What was taken back before is no longer there to be taken.
                    none if none.is_empty() => return Err(Halt::Refused("too_many")),
                    sources => sources,
                },
                None => world.taken_by(line),
            };
            let all = sources.iter().map(|(_, units)| *units);
            let total = all.fold(0, Quantity::saturating_add);
            // Of nothing, one unit is one too many.
            let units = fields.maybe_units("qty")?.unwrap_or(total.max(1));
            assign(world, fields, sources, units, Some(line), None)
        }
        "reassign" => {
            let mut line = |name: &str| match fields.maybe_text(name)? {
                Some(line) => Read::Ok(Some(world.names.line(line)?)),
                None => Ok(None),
            };
            let (from, to) = (line("from")?, line("to")?);
            let sources = match (from, to) {
                (Some(from), _) => world.taken_by(from),
                (None, Some(to)) => world.free_for(to),
                (None, None) => Vec::new(),
            };
            assign(world, fields, sources, fields.units("qty")?, from, to)
        }
        _ => returned(world, fields),
    }
}

fn assign<S: LiveShop>(
    world: &mut World<S>,
    fields: Fields<'_>,
    sources: Sources,
    units: Quantity,
    from: Option<LineId>,
    to: Option<LineId>,
) -> Read<Vec<Command>> {
    let parts = parts(world, fields, sources, units)?;
    let command = |(location, units)| Command::Assign {
        units,
        location,
        from,
        to,
    };
    Ok(parts.into_iter().map(command).collect())
}

fn returned<S: LiveShop>(world: &mut World<S>, fields: Fields<'_>) -> Read<Vec<Command>> {
    let line = world.names.line(fields.text("line")?)?;
    let scrap = fields.is("scrap")?;
    let shipped = world
        .shop
        .line(line)
        .map_or_else(Vec::new, |line| newest_first(&line, |part| &part.shipped));
    let parts = parts(world, fields, shipped, fields.units("qty")?)?;
    let command = |(location, units)| Command::Return {
        line,
        units,
        location,
        scrap,
    };
    Ok(parts.into_iter().map(command).collect())
}

/// The units by location: the step's own, else of these sources.
fn parts<S: LiveShop>(
    world: &mut World<S>,
    fields: Fields<'_>,
    sources: Sources,
    units: Quantity,
) -> Read<Sources> {
    if let Some(location) = maybe_location(world, fields)? {
        return Ok(vec![(location, units)]);
    }
    let main = world.names.location(MAIN)?;
    let usual = sources.first().map_or(main, |(location, _)| *location);
    Ok(world.spread(&sources, units, usual))
}

/// Units of a line by location, the newest part first and its last location first.
fn newest_first(
    line: &LineView,
    units: impl Fn(&allocator_core::engine::PartView) -> &Vec<(LocationId, Quantity)>,
) -> Sources {
    let mut sources: Sources = Vec::new();
    for part in line.parts.iter().rev() {
        for &(location, more) in units(part).iter().rev() {
            match sources.iter_mut().find(|(at, _)| *at == location) {
                Some((_, units)) => *units = units.saturating_add(more),
                None => sources.push((location, more)),
            }
        }
    }
    sources
}

impl<S: LiveShop> World<S> {
    /// Units from these sources, one after the other; from the usual one where they are too few.
    pub(super) fn spread(
        &self,
        sources: &[(LocationId, Quantity)],
        units: Quantity,
        usual: LocationId,
    ) -> Sources {
        let mut parts = Vec::new();
        let mut rest = units;
        for &(location, there) in sources {
            let part = there.min(rest);
            if part > 0 {
                parts.push((location, part));
                rest -= part;
            }
        }
        if rest == 0 && !parts.is_empty() {
            parts
        } else {
            vec![(usual, units)]
        }
    }

    fn taken_by(&self, line: LineId) -> Sources {
        let line = self.shop.line(line);
        line.map_or_else(Vec::new, |line| newest_first(&line, |part| &part.taken))
    }

    /// What an allocation with an id gave.
    fn allocated_as(&self, line: LineId, id: &str) -> Sources {
        let known = self
            .allocations
            .get(id)
            .filter(|known| known.line == Some(line));
        let units = known.into_iter().flat_map(|known| &known.units);
        units.map(|(&location, &units)| (location, units)).collect()
    }

    /// Free units that a line may be given, in the order of its SKU's locations; its own first.
    fn free_for(&self, line: LineId) -> Sources {
        let Some(line) = self.shop.line(line) else {
            return Vec::new();
        };
        let mut locations = self.in_order(line.sku);
        if let Some(tie) = line.location {
            locations = vec![tie];
        }
        let free = |&location: &LocationId| {
            let position = self.shop.position(line.sku, location);
            (location, position.map_or(0, |position| position.available))
        };
        locations.iter().map(free).collect()
    }

    fn in_order(&self, sku: SkuId) -> Vec<LocationId> {
        let known = self.shop.locations(sku);
        match self.shop.policy(sku).locations {
            LocationOrder::Listed(mut listed) => {
                listed.extend(
                    known
                        .into_iter()
                        .filter(|at| !listed.contains(at))
                        .collect::<Vec<_>>(),
                );
                listed
            }
            LocationOrder::MostAvailable => {
                let mut most = known;
                let free = |&at: &LocationId| {
                    let position = self.shop.position(sku, at);
                    position.map_or(0, |position| -position.available)
                };
                most.sort_by_key(free);
                most
            }
        }
    }
}

/// What has to be remembered of allocations by id.
pub(super) fn note<S: LiveShop>(
    world: &mut World<S>,
    op: &str,
    fields: Fields<'_>,
    sent: &[Command],
) -> Read<()> {
    let line = world.names.line(fields.text("line")?)?;
    let id = fields.maybe_text("id")?;
    if op == "unallocate" {
        match id {
            Some(id) => drop(world.allocations.remove(id)),
            None => world
                .allocations
                .retain(|_, known| known.line != Some(line)),
        }
        return Ok(());
    }
    let Some(id) = id else {
        return Ok(());
    };
    let known = world.allocations.entry(id.to_owned()).or_default();
    if known.line != Some(line) {
        *known = NamedAllocation {
            line: Some(line),
            units: BTreeMap::new(),
        };
    }
    for command in sent {
        if let Command::Assign {
            location, units, ..
        } = command
        {
            let units_there = known.units.entry(*location).or_insert(0);
            *units_there = units_there.saturating_add(*units);
        }
    }
    Ok(())
}
