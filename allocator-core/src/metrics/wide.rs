//! Whole numbers of 512 bits: sums of squares and common denominators leave 128, and a figure that is
//! told as certain may not round on the way.

/// 0 to 2⁵¹² − 1, the most significant word first, so that the derived order is the numbers' own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide([u64; WORDS]);

const WORDS: usize = 8;

/// What a division by few bits takes; every sum of claims lies far below.
const SMALL: u128 = 1 << 96;

impl Wide {
    pub(super) const ZERO: Self = Self([0; WORDS]);

    /// `None` where the sum leaves 512 bits; the same for the other operations.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let mut sum = self;
        let mut carry = false;
        for (a, b) in sum.0.iter_mut().zip(other.0).rev() {
            let (part, first) = a.overflowing_add(b);
            let (all, second) = part.overflowing_add(carry.into());
            (*a, carry) = (all, first || second);
        }
        (!carry).then_some(sum)
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        let mut rest = self;
        let mut borrow = false;
        for (a, b) in rest.0.iter_mut().zip(other.0).rev() {
            let (part, first) = a.overflowing_sub(b);
            let (all, second) = part.overflowing_sub(borrow.into());
            (*a, borrow) = (all, first || second);
        }
        (!borrow).then_some(rest)
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let mut product = Self::ZERO;
        for (shift, word) in other.0.into_iter().rev().enumerate() {
            if word > 0 {
                product = product.plus(self.times_word(word)?.up_words(shift)?)?;
            }
        }
        Some(product)
    }

    pub(super) fn times_word(self, word: u64) -> Option<Self> {
        let mut product = self;
        let mut carry = 0;
        for a in product.0.iter_mut().rev() {
            let part = u128::from(*a).wrapping_mul(word.into());
            let all = part.wrapping_add(carry); // (2⁶⁴ − 1)² + 2⁶⁴ − 1 < 2¹²⁸
            (*a, carry) = (low(all), all >> 64);
        }
        (carry == 0).then_some(product)
    }

    /// So many words up: times 2⁶⁴ for each.
    fn up_words(mut self, words: usize) -> Option<Self> {
        let lost = self.0.get(..words)?;
        if lost.iter().any(|&word| word > 0) {
            return None;
        }
        self.0.rotate_left(words);
        Some(self)
    }

    /// Times 2 to the power of `bits`.
    pub(super) fn up(self, bits: u32) -> Option<Self> {
        let words = usize::try_from(bits.checked_div(64)?).ok()?;
        let rest = bits.checked_rem(64)?;
        self.up_words(words)?.times_word(1_u64.checked_shl(rest)?)
    }

    /// Half of it, rounded down.
    fn halved(mut self) -> Self {
        let mut carry = 0;
        for word in &mut self.0 {
            let odd = *word & 1;
            *word = (*word >> 1) | (carry << 63);
            carry = odd;
        }
        self
    }

    /// How many bits it has.
    fn bits(self) -> u32 {
        let zero = self.0.iter().take_while(|&&word| word == 0).count();
        let in_first =
            (self.0.get(zero)).map_or(0, |word| 64_u32.saturating_sub(word.leading_zeros()));
        let words = u32::try_from(WORDS.saturating_sub(zero)).unwrap_or(0);
        words
            .saturating_sub(1)
            .saturating_mul(64)
            .saturating_add(in_first)
    }

    /// Quotient and remainder; `None` for a division by 0.
    pub(super) fn divided(self, by: Self) -> Option<(Self, Self)> {
        if by == Self::ZERO {
            return None;
        }
        let (mut quotient, mut rest) = (Self::ZERO, self);
        let steps = self.bits().saturating_sub(by.bits());
        let mut shifted = by.up(steps)?;
        for _ in 0..=steps {
            quotient = quotient.up(1)?;
            if let Some(less) = rest.minus(shifted) {
                rest = less;
                quotient = quotient.plus(1_u128.into())?;
            }
            shifted = shifted.halved();
        }
        Some((quotient, rest))
    }

    /// Quotient and remainder by a number below 2⁹⁶, 32 bits at a time.
    pub(super) fn divided_by_small(self, by: u128) -> Option<(Self, u128)> {
        if by == 0 || by >= SMALL {
            return None;
        }
        let mut quotient = self;
        let mut rest = 0_u128;
        for word in &mut quotient.0 {
            let mut digits = 0;
            for half in [*word >> 32, *word & 0xffff_ffff] {
                let next = (rest << 32) | u128::from(half);
                digits = (digits << 32) | low(next.checked_div(by)?);
                rest = next.checked_rem(by)?;
            }
            *word = digits;
        }
        Some((quotient, rest))
    }

    /// The largest number that divides both; the other one where one is 0.
    pub(super) fn common_divisor(self, other: Self) -> Option<Self> {
        let (mut a, mut b) = (self, other);
        while b > Self::ZERO {
            (a, b) = (b, a.divided(b)?.1);
        }
        Some(a)
    }

    /// The number in 128 bits, where they hold it.
    pub(super) fn narrow(self) -> Option<u128> {
        match self.0 {
            [0, 0, 0, 0, 0, 0, high, low] => Some((u128::from(high) << 64) | u128::from(low)),
            _ => None,
        }
    }
}

impl From<u128> for Wide {
    fn from(number: u128) -> Self {
        let mut words = [0; WORDS];
        for (word, part) in words.iter_mut().rev().zip([low(number), low(number >> 64)]) {
            *word = part;
        }
        Self(words)
    }
}

/// The last 64 bits.
fn low(number: u128) -> u64 {
    u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [u128; 9] = [
        0,
        1,
        2,
        3,
        u64::MAX as u128,
        1 << 64,
        (1 << 95) - 1,
        u128::MAX - 1,
        u128::MAX,
    ];

    #[test]
    fn division_undoes_multiplication() {
        for a in EDGES {
            for b in EDGES.into_iter().filter(|&b| b > 0) {
                for rest in [0, 1, b / 2, b - 1].into_iter().filter(|&rest| rest < b) {
                    let [wide_a, wide_b, wide_rest] = [a, b, rest].map(Wide::from);
                    let all = wide_a.times(wide_b).unwrap().plus(wide_rest).unwrap();
                    assert_eq!(
                        all.divided(wide_b),
                        Some((wide_a, wide_rest)),
                        "{a} {b} {rest}"
                    );
                    if b < SMALL {
                        assert_eq!(all.divided_by_small(b), Some((wide_a, rest)));
                    }
                    assert_eq!(all.minus(wide_rest), wide_b.times(wide_a));
                }
            }
        }
    }

    #[test]
    fn what_leaves_512_bits_is_none() {
        let top = Wide::from(1).up(511).unwrap();
        assert_eq!(top.bits(), 512);
        assert_eq!(top.plus(top), None);
        assert_eq!(top.up(1), None);
        assert_eq!(Wide::from(1).up(512), None);
        assert_eq!(top.times(Wide::from(2)), None);
        assert_eq!(
            Wide::from(1)
                .up(256)
                .unwrap()
                .times(Wide::from(1).up(256).unwrap()),
            None
        );
        assert_eq!(Wide::ZERO.minus(Wide::from(1)), None);
        let most = top.minus(Wide::from(1)).unwrap().plus(top).unwrap();
        assert_eq!(most.plus(Wide::from(1)), None);
        assert_eq!(most.divided(most), Some((Wide::from(1), Wide::ZERO)));
        assert_eq!(most.divided(Wide::from(1)), Some((most, Wide::ZERO)));
        assert_eq!(most.divided(Wide::ZERO), None);
        assert_eq!(most.divided_by_small(0), None);
        assert_eq!(most.divided_by_small(SMALL), None);
        assert_eq!(most.narrow(), None);
        assert_eq!(Wide::from(u128::MAX).narrow(), Some(u128::MAX));
        assert_eq!(
            Wide::from(u128::MAX).plus(Wide::from(1)).unwrap().narrow(),
            None
        );
    }

    #[test]
    fn common_divisors() {
        let pow = |base: u128, power: u32| Wide::from(base.pow(power));
        let common = pow(3, 70).times(pow(2, 90)).unwrap();
        let a = common.times(pow(5, 50)).unwrap();
        let b = common.times(pow(7, 40)).unwrap();
        assert_eq!(a.common_divisor(b), Some(common));
        assert_eq!(b.common_divisor(a), Some(common));
        assert_eq!(a.common_divisor(Wide::ZERO), Some(a));
        assert_eq!(Wide::ZERO.common_divisor(a), Some(a));
    }
}
