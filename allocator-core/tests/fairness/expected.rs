//! The smallest witness of each axiom that a merchant's rule breaks. What a rule keeps is said in the
//! core, as constants of its parts ([`ShortageRule::keeps`]); what it does not keep has its witness
//! here. The witnesses of rules without weights and classes are those of the vector file
//! `rationing.json`.

use allocator_core::Axiom::{self, *};
use allocator_core::{Axioms, ShortageRule};

use super::problem::Problem;

/// An axiom that a rule breaks, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fails {
    pub(crate) axiom: Axiom,
    claims: &'static [i64],
    weights: &'static [i64],
    classes: &'static [i64],
    lots: &'static [&'static [i64]],
    pub(crate) estate: i64,
}

const fn fails(axiom: Axiom, claims: &'static [i64], estate: i64) -> Fails {
    Fails {
        axiom,
        claims,
        weights: &[],
        classes: &[],
        lots: &[],
        estate,
    }
}

impl Fails {
    const fn weights(mut self, weights: &'static [i64]) -> Self {
        self.weights = weights;
        self
    }

    const fn classes(mut self, classes: &'static [i64]) -> Self {
        self.classes = classes;
        self
    }

    const fn lots(mut self, lots: &'static [&'static [i64]]) -> Self {
        self.lots = lots;
        self
    }

    pub(crate) fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.claims);
        if !self.weights.is_empty() {
            problem.weights = self.weights.to_vec();
        }
        if !self.classes.is_empty() {
            problem.classes = self.classes.to_vec();
        }
        if !self.lots.is_empty() {
            problem = problem.with_lots(self.lots.iter().map(|own| own.to_vec()).collect());
        }
        problem
    }
}

/// What customers differ in beside their claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    Claims,
    /// Weights 1 to 3.
    Weights,
    /// Classes 0 and 1.
    Classes,
    /// The lots of their units, no two equal.
    Lots,
}

/// A merchant's rule by its name.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) domain: Domain,
    pub(crate) fails: &'static [Fails],
}

impl Row {
    pub(crate) fn rule(&self) -> ShortageRule {
        self.name.parse().expect("a rule's name")
    }

    /// What the rule says that it keeps.
    pub(crate) fn keeps(&self) -> Axioms {
        self.rule().keeps()
    }

    /// Where the rule breaks what it does not keep.
    pub(crate) fn breach(&self, axiom: Axiom) -> Option<&'static Fails> {
        self.fails.iter().find(|fails| fails.axiom == axiom)
    }
}

const fn row(name: &'static str, domain: Domain, fails: &'static [Fails]) -> Row {
    Row {
        name,
        domain,
        fails,
    }
}

/// Every rule with a merchant's name; classes around one that reads claims and one that does not.
pub(crate) const ROWS: &[Row] = &[
    row("first_come", Domain::Claims, FIRST_COME),
    row("draw_the_queue", Domain::Claims, FIRST_COME),
    row("draw_each_unit", Domain::Lots, DRAW_EACH),
    row("one_each_per_round", Domain::Claims, ONE_EACH),
    row("protect_first(1)", Domain::Claims, PROTECT_ONE),
    row("protect_first(2)", Domain::Claims, PROTECT_TWO),
    row("equal_cuts", Domain::Claims, EQUAL_CUTS),
    row("same_percentage", Domain::Claims, WEBSTER),
    row("same_percentage_nobody_empty", Domain::Claims, ADAMS),
    row("same_percentage_split_proof", Domain::Claims, JEFFERSON),
    row("members_weighted", Domain::Weights, WEIGHTED),
    row(
        "classes_first(one_each_per_round)",
        Domain::Classes,
        CLASSES_ONE_EACH,
    ),
    row(
        "classes_first(same_percentage)",
        Domain::Classes,
        CLASSES_WEBSTER,
    ),
];

const FIRST_COME: &[Fails] = &[
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(OrderLossesStrict, &[2, 1], 2),
    fails(BalancedEquals, &[2, 2], 2),
    fails(UpperQuota, &[2, 2], 2),
    fails(LowerQuota, &[2, 2], 2),
    fails(OrderGainsPm1, &[2, 3], 2),
    fails(OrderLossesPm1, &[3, 2], 3),
    fails(NobodyEmpty, &[2, 1], 2),
];

const DRAW_EACH: &[Fails] = &[
    fails(SeniorityEquals, &[1, 1], 1).lots(&[&[1], &[0]]),
    fails(NoOvertake, &[1, 1], 1).lots(&[&[1], &[0]]),
    fails(InflationProof, &[1, 1], 1).lots(&[&[0], &[1]]),
    fails(OrderGainsStrict, &[1, 2], 1).lots(&[&[0], &[1, 2]]),
    fails(TruncationInvariant, &[1, 2], 1).lots(&[&[1], &[2, 0]]),
    fails(CompositionUp, &[1, 2], 2).lots(&[&[1], &[0, 2]]),
    fails(CompositionDown, &[1, 2], 2).lots(&[&[1], &[2, 0]]),
    fails(OrderLossesStrict, &[1, 2], 2).lots(&[&[2], &[1, 0]]),
    fails(NobodyEmpty, &[1, 2], 2).lots(&[&[2], &[1, 0]]),
    fails(BalancedEquals, &[2, 2], 2).lots(&[&[0, 1], &[2, 3]]),
    fails(LowerQuota, &[2, 2], 2).lots(&[&[0, 1], &[2, 3]]),
    fails(UpperQuota, &[2, 2], 2).lots(&[&[0, 1], &[2, 3]]),
    fails(OrderGainsPm1, &[2, 3], 2).lots(&[&[0, 1], &[2, 3, 4]]),
    fails(OrderLossesPm1, &[2, 3], 3).lots(&[&[3, 4], &[2, 0, 1]]),
];

const ONE_EACH: &[Fails] = &[
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(SelfDual, &[1, 2], 1),
    fails(NoOvertake, &[2, 1], 2),
    fails(SplitProof, &[2, 1], 2),
    fails(CompositionUp, &[2, 1], 2),
    fails(LowerQuota, &[1, 1, 2], 2),
    fails(UpperQuota, &[2, 4], 3),
];

const PROTECT_ONE: &[Fails] = &[
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(SelfDual, &[1, 2], 1),
    fails(NoOvertake, &[2, 1], 2),
    fails(SplitProof, &[2, 1], 2),
    fails(CompositionUp, &[2, 1], 2),
    fails(LowerQuota, &[1, 1, 2], 2),
    fails(OrderLossesStrict, &[3, 2], 4),
    fails(UpperQuota, &[2, 4], 3),
    fails(BalancedEquals, &[3, 3], 4),
    fails(OrderGainsPm1, &[3, 4], 4),
    fails(OrderLossesPm1, &[4, 3], 5),
];

const PROTECT_TWO: &[Fails] = &[
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(OrderLossesStrict, &[2, 1], 2),
    fails(SelfDual, &[1, 3], 1),
    fails(BalancedEquals, &[2, 2], 2),
    fails(UpperQuota, &[2, 2], 2),
    fails(LowerQuota, &[2, 2], 2),
    fails(NoOvertake, &[3, 1], 3),
    fails(SplitProof, &[3, 1], 3),
    fails(CompositionUp, &[3, 1], 3),
    fails(OrderGainsPm1, &[2, 3], 2),
    fails(OrderLossesPm1, &[5, 4], 7),
    fails(NobodyEmpty, &[2, 1], 2),
];

const EQUAL_CUTS: &[Fails] = &[
    fails(InflationProof, &[1, 1], 1),
    fails(NoOvertake, &[1, 2], 1),
    fails(TruncationInvariant, &[1, 2], 1),
    fails(MergeProof, &[1, 2], 1),
    fails(SelfDual, &[1, 2], 1),
    fails(CompositionDown, &[1, 2], 2),
    fails(OrderLossesStrict, &[2, 1], 2),
    fails(UpperQuota, &[2, 1, 1], 2),
    fails(LowerQuota, &[4, 2], 3),
    fails(NobodyEmpty, &[2, 1], 2),
];

const WEBSTER: &[Fails] = &[
    fails(InflationProof, &[1, 1], 1),
    fails(NoOvertake, &[1, 2], 1),
    fails(TruncationInvariant, &[1, 2], 1),
    fails(MergeProof, &[1, 2], 1),
    fails(CompositionDown, &[1, 2], 2),
    fails(SplitProof, &[2, 1], 2),
    fails(CompositionUp, &[2, 1], 2),
    fails(LowerQuota, &[1, 1, 1, 3], 4),
    fails(UpperQuota, &[3, 1, 1, 1], 2),
    fails(NobodyEmpty, &[3, 1], 2),
];

const ADAMS: &[Fails] = &[
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(SelfDual, &[1, 2], 1),
    fails(NoOvertake, &[2, 1], 2),
    fails(SplitProof, &[2, 1], 2),
    fails(CompositionUp, &[2, 1], 2),
    fails(InflationProof, &[2, 2], 3),
    fails(LowerQuota, &[1, 1, 2], 2),
    fails(CompositionDown, &[2, 3], 4),
    fails(TruncationInvariant, &[2, 5], 4),
];

const JEFFERSON: &[Fails] = &[
    fails(InflationProof, &[1, 1], 1),
    fails(NoOvertake, &[1, 2], 1),
    fails(TruncationInvariant, &[1, 2], 1),
    fails(MergeProof, &[1, 2], 1),
    fails(SelfDual, &[1, 2], 1),
    fails(CompositionDown, &[1, 2], 2),
    fails(OrderLossesStrict, &[2, 1], 2),
    fails(UpperQuota, &[2, 1, 1], 2),
    fails(CompositionUp, &[3, 2], 2),
    fails(NobodyEmpty, &[2, 1], 2),
];

const WEIGHTED: &[Fails] = &[
    fails(CompositionUp, &[1, 2], 2).weights(&[1, 2]),
    fails(NoOvertake, &[1, 1], 1).weights(&[1, 2]),
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(LowerQuota, &[2, 2], 2).weights(&[3, 1]),
    fails(UpperQuota, &[2, 2], 2).weights(&[3, 1]),
    fails(NobodyEmpty, &[2, 1], 2).weights(&[3, 1]),
    fails(SplitProof, &[1, 2], 2).weights(&[1, 2]),
    fails(SelfDual, &[1, 1], 1).weights(&[2, 1]),
];

const CLASSES_ONE_EACH: &[Fails] = &[
    fails(CompositionUp, &[2, 1], 2),
    fails(NoOvertake, &[2, 1], 2),
    fails(OrderGainsStrict, &[1, 2], 1),
    fails(LowerQuota, &[2, 2], 2).classes(&[0, 1]),
    fails(UpperQuota, &[2, 2], 2).classes(&[0, 1]),
    fails(NobodyEmpty, &[2, 1], 2).classes(&[0, 1]),
    fails(SplitProof, &[2, 1], 2),
    fails(SelfDual, &[1, 2], 1),
];

const CLASSES_WEBSTER: &[Fails] = &[
    fails(CompositionUp, &[2, 1], 2),
    fails(CompositionDown, &[1, 2], 2),
    fails(NoOvertake, &[1, 2], 1),
    fails(LowerQuota, &[2, 2], 2).classes(&[0, 1]),
    fails(UpperQuota, &[2, 2], 2).classes(&[0, 1]),
    fails(NobodyEmpty, &[2, 1], 2).classes(&[0, 1]),
    fails(InflationProof, &[1, 1], 1),
    fails(TruncationInvariant, &[1, 2], 1),
    fails(SplitProof, &[2, 1], 2),
    fails(MergeProof, &[1, 2], 1),
];
