//! The table of rules and axioms as a page.

use std::fmt::Write;

use allocator_core::Axiom;

use super::axioms::Judge;
use super::expected::{Domain, Fails, ROWS, Row};
use super::problem::Awards;

const HEAD: &str = "# What each rule keeps

Written by the tests (`UPDATE_FAIRNESS=1 cargo test -p allocator-core --test b_fairness`); do not edit.
`✓`: holds in every problem of at most 4 customers and 12 units (where customers have weights 1 to 3: 7
units; two classes: 9 units; a lot for each unit: 5 units), and in all larger ones that were drawn. `✗`:
broken; the smallest witness stands below. Every customer claims under a name of his own. Equal and smaller
claims are compared between customers of one weight and one class.

Under `draw_the_queue` the line is that of the lots: who has the first lot ordered last. Under
`draw_each_unit` a claim of so many units has the customer's first so many lots: who asks for more has
further ones, and what is left of a claim keeps the first, served or not. Accounts that are split or put
together keep each unit's lot, and the line that is turned round is that of the lots.

";

/// The page, from the constants and the witnesses that the other tests check.
pub(crate) fn page() -> String {
    let mut page = HEAD.to_string();
    page.push_str("| rule |");
    for index in 1..=Axiom::ALL.len() {
        write!(page, " {index} |").expect("a string takes it");
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(Axiom::ALL.len()));
    for row in ROWS {
        write!(page, "\n| `{}` |", row.name).expect("a string takes it");
        for &axiom in Axiom::ALL {
            page.push_str(if row.keeps().contains(axiom) {
                " ✓ |"
            } else {
                " ✗ |"
            });
        }
    }
    page.push_str("\n\n## The axioms\n\n");
    for (index, axiom) in (1..).zip(Axiom::ALL) {
        let line = format!("{index}. `{}`: {}.\n", axiom.name(), axiom.sentence());
        page.push_str(&line);
    }
    page.push_str(
        "\n## Smallest witnesses\n\nClaims in place order, units received → what each gets; customers count from 0.\n",
    );
    for row in ROWS {
        write!(page, "\n### `{}`\n\n", row.name).expect("a string takes it");
        let mut rule = Awards::new(row.rule());
        for &axiom in Axiom::ALL {
            if let Some(fails) = row.breach(axiom) {
                page.push_str(&witness(row, fails, &mut rule));
            }
        }
    }
    page
}

fn witness(row: &Row, fails: &Fails, rule: &mut Awards) -> String {
    let problem = fails.problem();
    let list = |units: &[i64]| -> String {
        let units: Vec<String> = units.iter().map(i64::to_string).collect();
        units.join(", ")
    };
    let mut line = format!("- `{}`: {}", fails.axiom.name(), list(&problem.claims));
    if problem.weights.iter().any(|&weight| weight != 1) {
        write!(line, " with weights {}", list(&problem.weights)).expect("a string takes it");
    }
    if problem.classes.iter().any(|&class| class != 0) {
        write!(line, " in classes {}", list(&problem.classes)).expect("a string takes it");
    }
    if row.domain == Domain::Lots {
        let own = problem.lots.iter().zip(&problem.claims);
        let own = own.map(|(lots, &claim)| format!("{:?}", &lots[..claim as usize]));
        let own: Vec<String> = own.collect();
        write!(line, " drawn {}", own.join(", ")).expect("a string takes it");
    }
    let gets = list(&rule.of(&problem, fails.estate));
    let how = fails.axiom.broken(rule, &problem, fails.estate);
    let how = how.unwrap_or_else(|| panic!("{} keeps {}", row.name, fails.axiom.name()));
    writeln!(line, "; {} received → {gets}; {how}", fails.estate).expect("a string takes it");
    line
}
