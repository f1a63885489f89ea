//! Outside ids to dense ids and back. Lives at the edge: nothing else in the crate sees text.

use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::error::Error;
use crate::limits::{MAX_NAME_BYTES, NO_ID};

/// Gives every text its own number, in the order of first sight, and the text back unchanged.
///
/// Any UTF-8 up to [`MAX_NAME_BYTES`] is an id, the empty text too; nothing is trimmed or folded.
/// Each call costs O(bytes). Whoever feeds in what strangers choose gives a secret seed, so that
/// nobody can prepare ids that collide; the seed changes no number.
///
/// ```
/// use allocator_core::Interner;
/// let mut skus = Interner::with_seed(0x5eed);
/// assert_eq!(skus.intern("HOODIE-M")?, 0);
/// assert_eq!(skus.intern("hoodie-m")?, 1);
/// assert_eq!(skus.intern("HOODIE-M")?, 0);
/// assert_eq!(skus.name(1), Some("hoodie-m"));
/// assert_eq!(skus.id("HOODIE-L"), None);
/// # Ok::<(), allocator_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interner {
    text: String,
    ends: Vec<usize>,
    table: HashTable<u32>,
    seed: u64,
}

impl Interner {
    /// An empty interner for ids that nobody hostile chooses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty interner whose table is ordered by this seed.
    #[must_use]
    pub fn with_seed(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// The number of `name`, a new one at first sight.
    ///
    /// # Errors
    /// [`Error::NameTooLong`], [`Error::TooManyNames`].
    pub fn intern(&mut self, name: &str) -> Result<u32, Error> {
        if name.len() > MAX_NAME_BYTES {
            return Err(Error::NameTooLong {
                len: name.len(),
                max: MAX_NAME_BYTES,
            });
        }
        if let Some(id) = self.id(name) {
            return Ok(id);
        }
        let id = u32::try_from(self.ends.len())
            .ok()
            .filter(|&id| id != NO_ID);
        let id = id.ok_or(Error::TooManyNames { max: NO_ID })?;
        self.text.push_str(name);
        self.ends.push(self.text.len());
        let Self {
            text,
            ends,
            table,
            seed,
        } = self;
        table.insert_unique(hash(*seed, name), id, |&id| {
            hash(*seed, lookup(text, ends, id).unwrap_or_default())
        });
        Ok(id)
    }

    /// The number of `name`, if it was seen.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<u32> {
        self.table
            .find(hash(self.seed, name), |&id| self.name(id) == Some(name))
            .copied()
    }

    /// The text behind a number.
    #[must_use]
    pub fn name(&self, id: u32) -> Option<&str> {
        lookup(&self.text, &self.ends, id)
    }

    /// How many texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no text was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

fn lookup<'a>(text: &'a str, ends: &[usize], id: u32) -> Option<&'a str> {
    let end = *ends.get(id as usize)?;
    let start = match (id as usize).checked_sub(1) {
        Some(before) => *ends.get(before)?,
        None => 0,
    };
    text.get(start..end)
}

fn hash(seed: u64, name: &str) -> u64 {
    xxh3_64_with_seed(name.as_bytes(), seed)
}
