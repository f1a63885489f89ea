//! A hasher for maps whose keys come from outside.

use core::hash::{BuildHasher, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Hashes by a seed that the host chooses, so that nobody outside can choose keys that collide.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seeded {
    seed: u64,
}

impl Seeded {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }
}

impl BuildHasher for Seeded {
    type Hasher = Hashed;

    fn build_hasher(&self) -> Hashed {
        Hashed(self.seed)
    }
}

/// What was hashed so far.
#[derive(Debug)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
