//! The rationing form: claims, an estate, and what a rule makes of them. The file's own `meta`
//! defines its words.

mod given;
mod lottery;
pub(crate) mod metrics;
mod rule;
mod selection;

use allocator_oracle::{Axiom, Problem, Rational, rule_within_quota, whole};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::checked::{Checked, fail, unsupported, verdict};
use crate::report::Verdict;

pub(crate) use lottery::lottery;
use rule::Rule;

/// Runs a case of `vectors`: a rule awards what is expected.
pub(crate) fn vector(case: &Map<String, Value>) -> Verdict {
    verdict(judge_vector(case))
}

/// Runs a case of `selection`: whole orders of one SKU.
pub(crate) fn selection(case: &Map<String, Value>) -> Verdict {
    verdict(selection::judge(case))
}

/// Runs a case of `selection_multi_sku`: whole orders of several SKUs.
pub(crate) fn selection_multi_sku(case: &Map<String, Value>) -> Verdict {
    verdict(selection::judge_several(case))
}

/// Runs a case of `counterexamples`: a rule violates an axiom on these claims.
pub(crate) fn counterexample(case: &Map<String, Value>) -> Verdict {
    verdict(judge_counterexample(case))
}

/// Runs a case of `canonical_500_480`, whose claims stand beside the cases.
pub(crate) fn canonical(shared: &Map<String, Value>, case: &Map<String, Value>) -> Verdict {
    verdict(judge_canonical(shared, case))
}

fn judge_vector(case: &Map<String, Value>) -> Checked<()> {
    if let Some(tie) = case.get("tie") {
        const IN_LINE: [&str; 2] = ["earlier place in line first", "earlier index first"];
        match tie.as_str() {
            Some(words) if IN_LINE.contains(&words) => {}
            Some(words) => return unsupported(format!("tie {words}")),
            None => return fail("tie: is no text"),
        }
    }
    let problem = given::problem(case, case, "estate")?;
    let expected = given::numbers(case, "expected")?;
    if expected.len() != problem.claimants.len() {
        return fail("expected: is not as long as the claims");
    }
    match case.get("integer") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::Bool(true)) if expected.iter().all(Rational::is_integer) => {}
        Some(Value::Bool(true)) => return fail("expected: holds parts of units"),
        Some(_) => return fail("integer: is neither true nor false"),
    }
    let awards = Rule::read(case)?.awards(&problem)?;
    let pairs = expected.iter().zip(&awards).enumerate();
    match pairs
        .into_iter()
        .find(|(_, (expected, award))| expected != award)
    {
        Some((index, (expected, award))) => fail(format!(
            "expected[{index}]: expected {expected}, got {award}"
        )),
        None => Ok(()),
    }
}

fn judge_counterexample(case: &Map<String, Value>) -> Checked<()> {
    let words = given::text(case, "axiom")?;
    if given::text(case, "rule")? == ANY_RULE {
        return judge_impossibility(words, case);
    }
    let rule = Rule::read(case)?;
    let name = words.strip_suffix(NO_TIE).unwrap_or(words);
    let Some(axiom) = Axiom::named(name) else {
        return unsupported(format!("axiom {words}"));
    };
    let problem = given::problem(case, case, "estate")?;
    if !rule.violates(axiom, &problem)? {
        return fail(format!("{name}: is not violated"));
    }
    if words != name && rule.breaks_a_tie(&problem)? {
        return fail("a tie is involved");
    }
    Ok(())
}

const NO_TIE: &str = " (no tie involved)";
const ANY_RULE: &str = "any rule within quota";

/// No rule at all keeps both axioms on claims at or below these, one of them raised.
fn judge_impossibility(words: &str, case: &Map<String, Value>) -> Checked<()> {
    const BOTH: &str =
        "upper and lower quota together with: a reduction or cancellation never hurts others";
    if words != BOTH {
        return unsupported(format!("rule {ANY_RULE} with axiom {words}"));
    }
    for field in ["weights", "priorities"] {
        if case.contains_key(field) {
            return unsupported(format!("rule {ANY_RULE} with {field}"));
        }
    }
    let problem = given::problem(case, case, "estate")?;
    let (claims, estate) = (problem.claims(), problem.estate.clone());
    let claims: Vec<i64> = claims
        .iter()
        .map(rule::units)
        .collect::<Result<_, _>>()
        .map_err(rule::trouble)?;
    match rule_within_quota(&claims, rule::units(&estate).map_err(rule::trouble)?) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => fail("there is such a rule"),
        Err(refused) => Err(rule::trouble(refused)),
    }
}

fn judge_canonical(shared: &Map<String, Value>, case: &Map<String, Value>) -> Checked<()> {
    let problem = given::problem(shared, case, "received")?;
    if let Some(sold) = shared.get("sold")
        && given::number(sold, "sold")? != problem.demand()
    {
        return fail("sold: is not the sum of the claims");
    }
    let awards = Rule::read(case)?.awards(&problem)?;
    let (cuts, digest) = (case.get("cuts"), case.get("awards_sha256"));
    if cuts.is_none() && digest.is_none() {
        return fail("has neither cuts nor awards_sha256");
    }
    if let Some(cuts) = cuts {
        same_cuts(cuts, &problem, &awards)?;
    }
    if let Some(digest) = digest {
        let found = digest_of(&awards);
        if digest.as_str() != Some(found.as_str()) {
            return fail(format!("awards_sha256: expected {digest}, got {found}"));
        }
    }
    match case.get("metrics") {
        Some(Value::Object(figures)) => metrics::judge(figures, &problem.claims(), &awards),
        Some(_) => fail("metrics: is no object"),
        None => Ok(()),
    }
}

/// Who is cut is named by his index; who is not named is not cut.
fn same_cuts(cuts: &Value, problem: &Problem, awards: &[Rational]) -> Checked<()> {
    let Some(cuts) = cuts.as_object() else {
        return fail("cuts: is no object");
    };
    let is_index = |name: &&String| {
        let index = name.parse::<usize>();
        index.is_ok_and(|index| index < awards.len() && index.to_string() == **name)
    };
    if let Some(name) = cuts.keys().find(|name| !is_index(name)) {
        return fail(format!("cuts.{name}: is no index of a claim"));
    }
    for (index, (claimant, award)) in problem.claimants.iter().zip(awards).enumerate() {
        let cut = &claimant.claim - award;
        let expected = match cuts.get(&index.to_string()) {
            Some(expected) => given::number(expected, &format!("cuts.{index}"))?,
            None => whole(0),
        };
        if cut != expected {
            return fail(format!("cuts.{index}: expected {expected}, got {cut}"));
        }
    }
    Ok(())
}

/// SHA-256 of the awards joined by commas, in small hexadecimal digits.
fn digest_of(awards: &[Rational]) -> String {
    let awards: Vec<String> = awards.iter().map(Rational::to_string).collect();
    let digest = Sha256::digest(awards.join(","));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
