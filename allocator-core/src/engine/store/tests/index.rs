use std::collections::HashMap;

use super::Numbers;
use crate::engine::store::NONE;
use crate::engine::store::index::Index;

/// Ids next to each other, ids with the same low bits, any ids, and the largest.
fn some_id(numbers: &mut Numbers) -> u32 {
    match numbers.below(4) {
        0 => numbers.below(2_000) as u32,
        1 => (numbers.below(2_000) as u32) << 20,
        2 => (numbers.next() >> 32) as u32,
        _ => NONE - numbers.below(100) as u32,
    }
}

#[test]
fn an_index_is_a_map() {
    for seed in [0, 1, u64::MAX] {
        let mut numbers = Numbers(seed);
        let (mut index, mut model) = (Index::new(seed), HashMap::new());
        for step in 0..20_000 {
            let id = some_id(&mut numbers);
            if numbers.below(10) < if (step / 5_000) % 2 == 0 { 7 } else { 2 } {
                let inserted = index.insert(id, step);
                assert_eq!(inserted.is_ok(), !model.contains_key(&id));
                model.entry(id).or_insert(step);
            } else {
                assert_eq!(index.remove(id), model.remove(&id));
            }
            let id = some_id(&mut numbers);
            assert_eq!(index.get(id), model.get(&id).copied());
            assert_eq!(index.len() as usize, model.len());
        }
        let mut ids: std::vec::Vec<u32> = model.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            assert_eq!(index.remove(id), model.remove(&id));
        }
        assert_eq!((index.len(), index.page_count()), (0, 0), "pages are freed");
    }
}

#[test]
fn no_slot_is_no_slot() {
    let mut index = Index::new(0);
    assert!(index.insert(3, NONE).is_err());
    assert_eq!((index.get(3), index.len()), (None, 0));
}

#[test]
fn a_dense_id_costs_about_five_bytes() {
    for ids in [100_000_u32, 130_000, 200_000] {
        let mut index = Index::new(9);
        (0..ids).for_each(|id| index.insert(id, id).unwrap());
        let bytes = index.bytes() - 2_048;
        assert!(
            bytes * 10 < ids as usize * 62,
            "{bytes} bytes for {ids} ids"
        );
    }
}
