//! Draws from a strategy by seed: the same seed gives the same case on every run, and a case that
//! fails is made smaller before it is shown.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Runs `check` on the case of this seed; a failure is shown with the seed and a small input.
pub(crate) fn try_seed<S: Strategy>(
    strategy: &S,
    seed: u64,
    mut check: impl FnMut(&S::Value) -> Result<(), String>,
) where
    S::Value: Debug,
{
    let mut tree = strategy
        .new_tree(&mut runner(seed))
        .expect("nothing is thrown away");
    let mut check = |value: &S::Value| match catch_unwind(AssertUnwindSafe(|| check(value))) {
        Ok(result) => result.err(),
        Err(_) => Some("a panic (its message stands above)".to_string()),
    };
    let Some(mut failure) = check(&tree.current()) else {
        return;
    };
    let mut smallest = tree.current();
    for _ in 0..4_000 {
        let value = tree.current();
        let moved = match check(&value) {
            Some(still) => {
                (failure, smallest) = (still, value);
                tree.simplify()
            }
            None => tree.complicate(),
        };
        if !moved {
            break;
        }
    }
    panic!("seed {seed}: {failure}\n{smallest:?}");
}

fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 16];
    // Seeds side by side must not give generators that run side by side.
    let mut mixed = seed;
    for byte in bytes.chunks_mut(8) {
        mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = mixed;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        byte.copy_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &bytes))
}
