//! The committed corpus, run once without a fuzzer: nothing in it breaks a law, and it reaches every way a
//! plan can be made.

use std::collections::BTreeMap;
use std::path::Path;

use allocator_fuzz::{Reached, run};

#[test]
fn the_corpus_keeps_every_law_and_reaches_every_method() {
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        *reached.entry(format!("{:?}", run(&bytes))).or_default() += 1;
    }
    for way in [
        Reached::Error,
        Reached::NobodyCut,
        Reached::Policy,
        Reached::LargestRemainder,
        Reached::WholeOrders,
    ] {
        let times = reached.get(&format!("{way:?}")).copied().unwrap_or(0);
        assert!(times >= 5, "{way:?} is reached {times} times: {reached:?}");
    }
}
