//! One number for a plan: the plan that was shown is the plan that is carried out.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use xxhash_rust::xxh3::xxh3_128;

use super::plan::{CancellationPlan, PlannedLine};

impl CancellationPlan {
    /// The plan's digest, with the ids of lines written as decimal numbers. It does not depend on the
    /// order of the rows. Not proof against forgers: the host keeps the digest of the plan it showed.
    #[must_use]
    pub fn digest(&self) -> u128 {
        self.digest_with(|row| {
            self.lines
                .get(row)
                .map_or_else(String::new, |line| line.line.to_string())
        })
    }

    /// The digest under the host's own names of the lines, which are unique: equal in every language for
    /// equal names.
    ///
    /// It is XXH3 (128 bits, seed 0) of: `allocator plan 1`, LF, the method's text, LF; then for each line,
    /// ordered by the bytes of its name, the name's length as 8 bytes, the name, and as 8 bytes each the
    /// units ordered, kept, given, volunteered and of credit spent, as 16 bytes each refund (−1: no
    /// prices) and compensation, and the number of its reason as 1 byte. All numbers are little-endian.
    #[must_use]
    pub fn digest_with<N: AsRef<str>>(&self, name: impl Fn(usize) -> N) -> u128 {
        let mut rows: Vec<(N, &PlannedLine)> = self
            .lines
            .iter()
            .enumerate()
            .map(|(row, line)| (name(row), line))
            .collect();
        rows.sort_by(|(a, _), (b, _)| a.as_ref().cmp(b.as_ref()));
        let mut bytes = Vec::from(*b"allocator plan 1\n");
        bytes.extend_from_slice(self.method.to_string().as_bytes());
        bytes.push(b'\n');
        for (name, line) in rows {
            let PlannedLine {
                line: _,
                sku: _,
                quantity,
                kept,
                cut: _,
                given,
                volunteered,
                credit_spent,
                refund,
                compensation,
                reason,
            } = *line;
            let name = name.as_ref();
            let length = u64::try_from(name.len()).unwrap_or(u64::MAX);
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(name.as_bytes());
            for units in [quantity, kept, given, volunteered, credit_spent] {
                bytes.extend_from_slice(&units.to_le_bytes());
            }
            bytes.extend_from_slice(&refund.unwrap_or(-1).to_le_bytes());
            bytes.extend_from_slice(&compensation.to_le_bytes());
            bytes.push(reason.number());
        }
        xxh3_128(&bytes)
    }
}
