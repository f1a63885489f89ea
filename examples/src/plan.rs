//! A plan of whom to cancel when no more arrives: made by the core, then checked by other means.

use std::collections::HashMap;

use allocator_core::{CancellationPlan, CutMethod, allocate, plan_cancellations, verify};

use crate::failure::Failure;
use crate::input::Input;
use crate::refusal::refusal;
use crate::standing::Standing;
use crate::terms::Terms;

/// A plan that passed its audit.
pub(crate) struct Plan {
    pub(crate) plan: CancellationPlan,
    /// What was checked, in words.
    pub(crate) checked: String,
}

impl Plan {
    /// Plans, and audits.
    pub(crate) fn new(
        input: &Input,
        standing: &Standing,
        terms: &Terms,
        method: CutMethod,
    ) -> Result<Self, Failure> {
        let plan = plan_cancellations(&standing.columns(), &standing.supply, terms.of(method));
        let plan = plan.map_err(|error| Failure::Method {
            method: method.to_string(),
            reason: refusal(&error, input, standing, terms, method),
        })?;
        let mut checked = figures(standing, terms, &plan).map_err(Failure::Plan)?;
        if let CutMethod::Policy(policy) = method
            && terms.are_plain()
        {
            let lines = standing.columns();
            let again = allocate(&lines, &standing.supply, &policy)?;
            let grade = verify(&lines, &standing.supply, &policy, &again)?;
            if again.allocated() != plan.kept() {
                return Err(Failure::Plan(format!("{policy} allocates something else")));
            }
            checked.push_str(&format!("; the allocation is verified: {grade}"));
        }
        Ok(Self { plan, checked })
    }

    /// The digest under the names that the files have.
    pub(crate) fn digest(&self, input: &Input, standing: &Standing) -> String {
        let name = |line: usize| {
            let row = standing.row[line];
            line_name(input.demand.order_id(row), input.demand.line_no(row))
        };
        format!("{:032x}", self.plan.digest_with(name))
    }
}

/// A line by its two ids in one text that no other line has.
fn line_name(order: &str, number: &str) -> String {
    serde_json::Value::from(vec![order, number]).to_string()
}

/// That no unit and no money is lost or made up, by sums that the plan has no part in.
fn figures(standing: &Standing, terms: &Terms, plan: &CancellationPlan) -> Result<String, String> {
    let mut left: HashMap<u32, i128> = HashMap::new();
    for row in &standing.supply {
        *left.entry(row.sku.0).or_default() += i128::from(row.quantity);
    }
    let (mut cut, mut refund) = (0_i128, 0_i128);
    for (line, planned) in plan.lines().iter().enumerate() {
        let ordered = standing.quantity[line];
        let whole = planned.kept >= 0 && planned.cut >= 0;
        if !whole || planned.kept.checked_add(planned.cut) != Some(ordered) {
            return Err(format!("line {line} does not add up"));
        }
        let left = left.entry(standing.sku(line)).or_default();
        *left -= i128::from(planned.kept);
        if *left < 0 {
            return Err(format!(
                "at line {line} more is kept than was received of its item"
            ));
        }
        cut += i128::from(planned.cut);
        if let Some(price) = terms.price(line) {
            let back = i128::from(price) * i128::from(planned.cut);
            if planned.refund != Some(back) {
                return Err(format!("the refund of line {line} is not price times cut"));
            }
            refund = refund.saturating_add(back);
        }
    }
    let sums = plan.totals();
    let same_refund = !terms.has_prices() || sums.refund == Some(refund);
    if sums.cut != cut || !same_refund || left.values().sum::<i128>() != sums.idle {
        return Err("its totals are not the sums of its lines".into());
    }
    Ok("every unit is kept or cut, and of no item more is kept than was received".into())
}

#[cfg(test)]
mod tests {
    use super::line_name;

    #[test]
    fn no_two_lines_have_one_name() {
        assert_eq!(line_name("385", "1"), r#"["385","1"]"#);
        assert_ne!(line_name("A,1", "2"), line_name("A", "1,2"));
        assert_ne!(line_name("A\",\"1", "2"), line_name("A", "1\",\"2"));
    }
}
