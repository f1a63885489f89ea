//! What stands around a draw: commitments, rounds of a beacon, chances told before it.

use core::ffi::c_char;

use allocator_core::{Beacon, Chances, Figure, HashChain, Pulse, chances, commitment, limits};

use crate::abi::{
    allocator_chance, allocator_chances, allocator_error, allocator_line, allocator_supply,
};
use crate::batch::raw;
use crate::convert::total;
use crate::draw_required::{allocator_draw_required, argument};
use crate::failure::Failure;
use crate::guard::guard;
use crate::handle::shared;
use crate::input::Input;
use crate::memory::{Buffer, Slot, TextBuffer, rows};
use crate::status::allocator_status;

/// Writes what is published before a draw: the SHA-256 of its one-time code in 64 hexadecimal digits. The code
/// is random, at least ALLOCATOR_MIN_CODE_BYTES long, better 32, and never used again.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_commitment(
    code: *const u8,
    code_len: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let code = unsafe { rows(code, code_len, "code", "code_len") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&commitment(code).to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// Writes the one commitment of several draws from one secret: the secret hashed as often as there are draws.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_chain_commitment(
    secret: *const u8,
    secret_len: i64,
    draws: i64,
    text: *mut c_char,
    text_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let secret = unsafe { rows(secret, secret_len, "secret", "secret_len") }?;
        // SAFETY: as above.
        let text = unsafe { TextBuffer::new(text, text_len, needed) }?;
        text.write(&chain(secret, draws)?.commitment().to_string())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The code that a draw of a chain reveals, as bytes; the first is draw 1.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_chain_code(
    secret: *const u8,
    secret_len: i64,
    draws: i64,
    draw: i64,
    code: *mut u8,
    code_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let secret = unsafe { rows(secret, secret_len, "secret", "secret_len") }?;
        // SAFETY: as above.
        let code = unsafe { Buffer::new(code, code_len, "code", "code_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        let draw = argument("draw", draw, 1, u32::MAX.into())?;
        let draw = u32::try_from(draw).unwrap_or(u32::MAX);
        code.fill_all(chain(secret, draws)?.code(draw)?, &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The round of a public beacon that is the newest at a second since 1970. drand's quicknet has the genesis
/// 1692803367 and the period 3.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_beacon_round_at(
    genesis: i64,
    period: i64,
    unix_seconds: i64,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        let round = beacon(genesis, period)?.round_at(unix_seconds)?;
        out.put(total("round", round.into())?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The second since 1970 in which a round of a beacon comes.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_beacon_time_of(
    genesis: i64,
    period: i64,
    round: i64,
    out: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let out = unsafe { Slot::new(out, "out") }?;
        let beacon = beacon(genesis, period)?;
        let time = u64::try_from(round).ok().and_then(|it| beacon.time_of(it));
        let none = || Failure::out_of_range("round", round.into(), (1, i64::MAX.into()));
        out.put(time.ok_or_else(none)?);
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// The randomness of a drand round, 32 bytes: the SHA-256 of its signature. That the signature is the beacon's own
/// is the caller's to check.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_beacon_randomness(
    signature: *const u8,
    signature_len: i64,
    randomness: *mut u8,
    randomness_len: i64,
    needed: *mut i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let signature = unsafe { rows(signature, signature_len, "signature", "signature_len") }?;
        // SAFETY: as above.
        let randomness =
            unsafe { Buffer::new(randomness, randomness_len, "randomness", "randomness_len") }?;
        // SAFETY: as above.
        let needed = unsafe { Slot::new(needed, "needed") }?;
        let pulse = Pulse::of_signature(0, signature)?;
        randomness.fill_all(pulse.randomness().iter().copied(), &needed)
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

/// What every line may expect of a draw, told before it: the lines in the rows of the labels, lots in them are not
/// looked at. Exact, or enclosed where 128 bits do not hold a fraction.
///
/// # Safety
/// See the conventions at the top of the header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn allocator_draw_chances(
    required: *const allocator_draw_required,
    lines: *const allocator_line,
    lines_len: i64,
    supply: *const allocator_supply,
    supply_len: i64,
    out: *mut allocator_chances,
    out_len: i64,
    err: *mut allocator_error,
) -> allocator_status {
    let body = || {
        // SAFETY: the caller's word, as the header asks for it.
        let this = unsafe { shared(required, "required") }?;
        // SAFETY: as above.
        let raw = unsafe { raw(lines, lines_len, supply, supply_len, core::ptr::null(), 0) }?;
        // SAFETY: as above.
        let out = unsafe { Buffer::new(out, out_len, "out", "out_len") }?;
        out.fits(raw.lines.len())?;
        let input = Input::without_unit_lots(raw, &this.policy())?;
        let told = chances(&this, &input.lines, &input.supply)?;
        out.fill(told.iter().map(of_line));
        Ok(())
    };
    // SAFETY: as above.
    unsafe { guard(err, body) }
}

fn chain(secret: &[u8], draws: i64) -> Result<HashChain, Failure> {
    let draws = argument("draws", draws, 1, limits::MAX_CHAINED_DRAWS.into())?;
    Ok(HashChain::new(
        secret,
        u32::try_from(draws).unwrap_or(u32::MAX),
    )?)
}

fn beacon(genesis: i64, period: i64) -> Result<Beacon, Failure> {
    let period = argument("period", period, 1, u32::MAX.into())?;
    Ok(Beacon::new(
        genesis,
        u32::try_from(period).unwrap_or(u32::MAX),
    )?)
}

fn of_line(chances: &Chances) -> allocator_chances {
    allocator_chances {
        full: of_figure(chances.full),
        nothing: of_figure(chances.nothing),
        expected: of_figure(chances.expected),
    }
}

fn of_figure(figure: Figure) -> allocator_chance {
    let (low, high) = figure.ppm();
    let ends = i64::try_from(low).ok().zip(i64::try_from(high).ok());
    let (low_ppm, high_ppm) = ends.unwrap_or((-1, -1));
    let (numerator, denominator) = match figure {
        Figure::Exact(ratio) => (halves(ratio.numerator()), halves(ratio.denominator())),
        Figure::Between { .. } => ([0; 2], [0; 2]),
    };
    allocator_chance {
        low_ppm,
        high_ppm,
        numerator,
        denominator,
    }
}

/// The high and the low 64 bits.
fn halves(number: u128) -> [u64; 2] {
    let half = |bits: u128| u64::try_from(bits).unwrap_or(u64::MAX);
    [half(number >> 64), half(number & u128::from(u64::MAX))]
}
