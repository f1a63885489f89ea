//! Which units a split takes along: the last ones, waiting before taken.

use alloc::vec::Vec;

use super::state::{Listed, NONE, State};
use crate::error::Error;
use crate::quantity::{Quantity, add, sub};

/// What goes from one part to a part of the new line.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// The slot of the old part.
    pub(super) part: u32,
    pub(super) waiting: Quantity,
    pub(super) taken: Quantity,
    /// Of the taken ones, from which accounts.
    pub(super) from: Vec<(u32, Quantity)>,
    /// Which of the old part's units these are.
    pub(super) first_unit: Quantity,
    /// Their tickets, where the part is listed.
    pub(super) listed: Option<Listed>,
}

/// The pieces that the last units of a line make, the oldest part first.
pub(super) fn split_of(state: &State, line: u32, units: Quantity) -> Result<Vec<Piece>, Error> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut part = state.lines.at(line)?.first_part;
    while part != NONE {
        pieces.push(Piece {
            part,
            waiting: 0,
            taken: 0,
            from: Vec::new(),
            first_unit: 0,
            listed: None,
        });
        part = state.next_part(part)?;
    }
    let mut left = units;
    for piece in pieces.iter_mut().rev() {
        piece.waiting = state.parts.at(piece.part)?.waiting.min(left);
        left = sub(left, piece.waiting)?;
    }
    for piece in pieces.iter_mut().rev() {
        for (account, has) in state.taken_places(piece.part)?.into_iter().rev() {
            let has = has.min(left);
            if has > 0 {
                piece.from.push((account, has));
                piece.taken = add(piece.taken, has)?;
                left = sub(left, has)?;
            }
        }
    }
    pieces.retain(|piece| piece.waiting > 0 || piece.taken > 0);
    for piece in &mut pieces {
        let this = state.parts.at(piece.part)?;
        let has = add(state.taken(piece.part)?, state.shipped(piece.part)?)?;
        let stays = sub(sub(add(has, this.waiting)?, piece.waiting)?, piece.taken)?;
        let extra = state.extras.get(this.extra);
        piece.first_unit = add(extra.map_or(0, |extra| extra.first_unit), stays)?;
        piece.listed = extra.and_then(|extra| extra.listed);
        if let Some(listed) = &mut piece.listed {
            listed.first = add(listed.first, stays)?;
        }
    }
    Ok(pieces)
}

impl State {
    /// The accounts at which a part has units, in the order in which its SKU's policy tries locations.
    pub(super) fn taken_places(&self, part: u32) -> Result<Vec<(u32, Quantity)>, Error> {
        let mut places = Vec::new();
        let mut next = self.first_taken(part)?;
        while let Some(place) = next {
            places.push((place.account, place.units));
            next = self.entry(place.next)?;
        }
        if places.len() > 1 {
            let sku = self.lines.at(self.parts.at(part)?.line)?.sku;
            let order = self.policy_of(sku)?.locations.clone();
            places.sort_by_key(|(account, _)| {
                let mention = self.location_of(*account).unwrap_or(NONE);
                let location = self.locations.get(mention as usize);
                order.rank(location.copied(), mention)
            });
        }
        Ok(places)
    }
}
