//! Bytes as choices. Where they end, everything is 0, so a prefix of a case is a case.

pub(crate) struct Bytes<'a> {
    rest: std::slice::Iter<'a, u8>,
    /// Whether numbers outside their limits are drawn, too.
    pub(crate) hostile: bool,
}

impl<'a> Bytes<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.iter(),
            hostile: false,
        }
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.rest.next().copied().unwrap_or(0)
    }

    pub(crate) fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    pub(crate) fn choose<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.byte()) % of.len()]
    }

    /// Few units mostly, many at times, some at the limits of 64 bits.
    pub(crate) fn units(&mut self) -> i64 {
        let byte = self.byte();
        let low = i64::from(byte & 15);
        match byte >> 4 {
            0..=9 => i64::from(byte % 7),
            10 => low * 100,
            11 => i64::MAX - low,
            12 => 1 << (low * 4),
            13 => (1 << 62) - 8 + low,
            _ if self.hostile => i64::MIN + low,
            _ => low,
        }
    }

    /// A number of any sign, small mostly.
    pub(crate) fn any(&mut self) -> i64 {
        match self.byte() {
            byte @ 0..=239 => i64::from(byte % 5) - 1,
            byte if byte % 2 == 0 => i64::MAX,
            _ => i64::MIN,
        }
    }
}
