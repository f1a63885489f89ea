//! Draws: the positions, commitments and rounds of published examples. RFC 3797, whose picks are an index
//! into a list, is no way to draw here; that its example is understood is the runner's own check.

use allocator_core::{Beacon, Draw, DrawKey, DrawRequired, Policy, Pulse, Sha256Digest};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use serde_json::{Map, Value};
use sha2::Sha256;

use super::given::text;
use crate::checked::{Checked, Trouble, fail, object, unsupported, verdict};
use crate::report::Verdict;

/// Runs a case of `lottery`, by what it gives.
pub(crate) fn lottery(case: &Map<String, Value>) -> Verdict {
    verdict(judge(case))
}

fn judge(case: &Map<String, Value>) -> Checked<()> {
    let has = |field| case.contains_key(field);
    if has("one_time_code") {
        committed(case)
    } else if has("unix_time") {
        round_of_a_beacon(case)
    } else if has("hmac_sha256") {
        code_of_a_message(case)
    } else if has("ids") {
        lots(case)
    } else if has("digests") {
        picks(case)
    } else {
        unsupported("lottery of a form that is not known")
    }
}

fn same<T: PartialEq + std::fmt::Debug>(field: &str, expected: &T, found: &T) -> Checked<()> {
    if expected == found {
        return Ok(());
    }
    fail(format!("{field}: expected {expected:?}, got {found:?}"))
}

fn number(case: &Map<String, Value>, field: &str) -> Checked<i64> {
    match case.get(field).and_then(Value::as_i64) {
        Some(number) => Ok(number),
        None => fail(format!("{field}: is no whole number")),
    }
}

fn texts(case: &Map<String, Value>, field: &str) -> Checked<Vec<String>> {
    let list = case.get(field).and_then(Value::as_array);
    let all = list.and_then(|list| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        list.iter().map(text).collect()
    });
    all.ok_or_else(|| Trouble::Fail(format!("{field}: is no list of texts")))
}

fn bytes(case: &Map<String, Value>, field: &str) -> Checked<Vec<u8>> {
    let hex = text(case, field)?;
    let pairs = (0..hex.len()).step_by(2).map(|at| hex.get(at..at + 2));
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(pair?, 16).ok())
        .collect();
    bytes.ok_or_else(|| Trouble::Fail(format!("{field}: is not hexadecimal")))
}

fn refused(error: &allocator_core::Error) -> Trouble {
    Trouble::Fail(format!("refused: {error}"))
}

fn required(labels: &[String]) -> Checked<DrawRequired> {
    let policy = Policy::sharing(allocator_core::ShortageRule::draw_the_queue());
    let required = DrawRequired::new(&policy, labels, &[]).map_err(|error| refused(&error))?;
    required.ok_or_else(|| Trouble::Fail("draw_the_queue: needs no lots".into()))
}

/// The whole procedure: the code is one of a hash chain, and hashes to what was published before it.
fn committed(case: &Map<String, Value>) -> Checked<()> {
    const MOST_DRAWS: u32 = 100;
    let (code, ikm) = (bytes(case, "one_time_code")?, text(case, "ikm")?);
    let positions = object(case, "positions")?;
    let labels: Vec<String> = positions.keys().cloned().collect();
    let required = required(&labels)?;
    let commitment: Sha256Digest = (text(case, "commitment")?.parse())
        .map_err(|error: allocator_core::Error| refused(&error))?;
    let draw = (1..=MOST_DRAWS).find_map(|number| {
        let announced = required.announce(commitment, number, Some(1)).ok()?;
        let pulse = Pulse::new(1, ikm.as_bytes()).ok()?;
        announced.reveal(&code, Some(pulse)).ok()
    });
    let Some(draw) = draw else {
        return fail("commitment: the code is not in its chain");
    };
    let again: Result<Draw, _> = draw.to_string().parse();
    same("record", &Ok(draw.clone()), &again)?;
    for label in &labels {
        let found = draw.position(label).to_string();
        same(label, &positions.get(label), &Some(&Value::from(found)))?;
    }
    let order = draw.order(&required).map_err(|error| refused(&error))?;
    same("order", &texts(case, "order")?, &order)
}

fn round_of_a_beacon(case: &Map<String, Value>) -> Checked<()> {
    let period = u32::try_from(number(case, "period")?).unwrap_or(0);
    let beacon = Beacon::new(number(case, "genesis")?, period).map_err(|error| refused(&error))?;
    let (time, expected) = (number(case, "unix_time")?, number(case, "round")?);
    let round = beacon.round_at(time).map_err(|error| refused(&error))?;
    same("round", &expected.unsigned_abs(), &round)
}

fn code_of_a_message(case: &Map<String, Value>) -> Checked<()> {
    let found = hmac(&bytes(case, "key_hex")?, &bytes(case, "msg_hex")?)?;
    same("hmac_sha256", &bytes(case, "hmac_sha256")?, &found)
}

/// HMAC-SHA256 by the crate that the core uses, and by its definition (RFC 2104), which must agree.
fn hmac(key: &[u8], message: &[u8]) -> Checked<Vec<u8>> {
    let keyed = Hmac::<Sha256>::new_from_slice(key);
    let mut keyed = keyed.map_err(|error| Trouble::Fail(format!("key_hex: {error}")))?;
    keyed.update(message);
    let found = keyed.finalize().into_bytes().to_vec();
    let mut block = [0; 64];
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key),
        None => block[..32].copy_from_slice(&Sha256::digest(key)),
    }
    let padded = |pad: u8| block.map(|byte| byte ^ pad).to_vec();
    let inner = Sha256::digest([padded(0x36), message.to_vec()].concat());
    let outer = Sha256::digest([padded(0x5c), inner.to_vec()].concat());
    same("hmac by its definition", &outer.to_vec(), &found)?;
    Ok(found)
}

/// Lots by the randomness of round 1000 of quicknet and no code, and that who leaves reshuffles nobody.
fn lots(case: &Map<String, Value>) -> Checked<()> {
    const ROUND_1000: &str = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
    let randomness: Sha256Digest =
        (ROUND_1000.parse()).map_err(|error: allocator_core::Error| refused(&error))?;
    let key = DrawKey::new(&[], &randomness.0).map_err(|error| refused(&error))?;
    let mut ids = texts(case, "ids")?;
    let positions = object(case, "positions")?;
    same("positions", &ids.len(), &positions.len())?;
    for id in &ids {
        let found = Value::from(key.position(id).to_string());
        same(id, &positions.get(id), &Some(&found))?;
    }
    ids.sort_by_key(|id| key.lot(id));
    same("order", &texts(case, "order")?, &ids)?;
    let gone = text(case, "without")?;
    ids.retain(|id| id != gone);
    same("order_without", &texts(case, "order_without")?, &ids)
}

/// RFC 3797, section 4: of those who are left, the one whose number the hash of the pick leaves over.
fn picks(case: &Map<String, Value>) -> Checked<()> {
    let key = text(case, "key")?;
    let pool = u64::try_from(number(case, "pool")?).unwrap_or(0);
    let mut left: Vec<u64> = (1..=pool.min(100_000)).collect();
    let (mut digests, mut selected) = (Vec::new(), Vec::new());
    for pick in 0..texts(case, "digests")?.len() {
        let Ok(pick) = u16::try_from(pick) else {
            return fail("digests: are too many");
        };
        if left.is_empty() {
            return fail("digests: are more than the pool");
        }
        let pick = pick.to_be_bytes();
        let digest = Md5::digest([&pick[..], key.as_bytes(), &pick[..]].concat());
        digests.push(
            digest
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>(),
        );
        let number = digest.iter().fold(0, |rest: u64, byte| {
            (rest * 256 + u64::from(*byte)) % left.len() as u64
        });
        selected.push(left.remove(number as usize));
    }
    same("digests", &texts(case, "digests")?, &digests)?;
    let expected = case.get("selected").cloned().unwrap_or_default();
    same("selected", &expected, &Value::from(selected))
}
