use std::collections::HashMap;
use std::num::NonZeroU8;
use std::vec::Vec;

use super::Numbers;
use crate::engine::store::NONE;
use crate::engine::store::slab::Slab;
use crate::error::Error;

#[test]
fn a_slab_is_a_map_that_chooses_its_keys() {
    let mut numbers = Numbers(1);
    let (mut slab, mut model) = (Slab::new("values"), HashMap::new());
    for step in 0..20_000_u64 {
        let growing = (step / 4_000) % 2 == 0;
        if numbers.below(10) < if growing { 8 } else { 2 } {
            let slot = slab.insert(step).unwrap();
            assert_eq!(model.insert(slot, step), None, "a slot given out twice");
        } else {
            let slot = numbers.below(6_000) as u32;
            assert_eq!(slab.remove(slot), model.remove(&slot));
        }
        let slot = numbers.below(6_000) as u32;
        assert_eq!(slab.get(slot), model.get(&slot));
        if let Some(value) = slab.get_mut(slot) {
            *value += 1;
            *model.get_mut(&slot).unwrap() += 1;
        }
        assert_eq!(slab.len() as usize, model.len());
    }
}

#[test]
fn the_slot_freed_last_is_used_first_and_no_memory_is_asked_for_again() {
    let mut slab = Slab::new("values");
    let slots: Vec<u32> = (0..3_000)
        .map(|value| slab.insert(value).unwrap())
        .collect();
    assert_eq!(slots, (0..3_000).collect::<Vec<_>>());
    let bytes = slab.bytes();
    for slot in [7, 2_900, 1_024] {
        slab.remove(slot).unwrap();
    }
    let reused: Vec<u32> = (0..3).map(|value| slab.insert(value).unwrap()).collect();
    assert_eq!(reused, [1_024, 2_900, 7]);
    assert_eq!(slab.insert(0).unwrap(), 3_000);
    assert_eq!(slab.bytes(), bytes);
}

#[test]
fn a_slot_that_holds_nothing_is_told() {
    let mut slab = Slab::new("cups");
    let slot = slab.insert(5).unwrap();
    assert_eq!(slab.at(slot), Ok(&5));
    *slab.at_mut(slot).unwrap() = 6;
    assert_eq!(slab.remove(slot), Some(6));
    let gone = Error::Corrupt { at: "cups" };
    assert_eq!(slab.remove(slot), None);
    for slot in [slot, 1, 1_024, NONE] {
        assert_eq!(slab.at(slot), Err(gone.clone()));
        assert_eq!(slab.at_mut(slot), Err(gone.clone()));
    }
    assert_eq!(slab.len(), 0);
}

#[test]
fn a_value_with_a_pattern_to_spare_costs_its_own_size() {
    let mut slab = Slab::new("values");
    slab.insert((0_u64, NonZeroU8::MIN)).unwrap();
    assert!(slab.bytes() <= 1_024 * 16 + 4 * 24, "{}", slab.bytes());
}
