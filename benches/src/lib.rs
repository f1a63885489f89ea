//! The data that speed and memory are measured on: drawn from a fixed seed, so that every run and
//! every peer sees the same rows.

pub mod clock;
pub mod draw;
pub mod npy;
pub mod rival;
pub mod table;

use allocator_core::{DemandColumns, Error, OutcomeColumns, Policy, Supply, allocate_into};

use draw::Draw;

/// Demand as columns, with its supply.
#[derive(Clone, Debug)]
pub struct Drop {
    /// SKU ids below the number asked for.
    pub sku: Vec<u32>,
    /// 1 to 5 units.
    pub quantity: Vec<i64>,
    /// Microseconds; unsorted.
    pub placed_at: Vec<i64>,
    /// 96 % of each SKU's demand.
    pub supply: Vec<Supply>,
}

impl Drop {
    /// `lines` lines over `skus` SKUs in no order.
    #[must_use]
    pub fn unsorted(lines: usize, skus: u32) -> Self {
        let mut draw = Draw::seeded(0x5eed);
        let mut demanded = vec![0_i64; skus as usize];
        let mut drop = Self {
            sku: Vec::new(),
            quantity: Vec::new(),
            placed_at: Vec::new(),
            supply: Vec::new(),
        };
        for columns in [&mut drop.quantity, &mut drop.placed_at] {
            columns.reserve_exact(lines);
        }
        drop.sku.reserve_exact(lines);
        for _ in 0..lines {
            let sku = draw.below(u64::from(skus));
            let quantity = 1 + draw.below(5).cast_signed();
            demanded[usize::try_from(sku).expect("a SKU below u32")] += quantity;
            drop.sku.push(u32::try_from(sku).expect("a SKU below u32"));
            drop.quantity.push(quantity);
            drop.placed_at
                .push(draw.below(21_600_000_000).cast_signed());
        }
        drop.supply = (0..)
            .zip(demanded)
            .map(|(sku, units): (u32, i64)| Supply::received(sku, units * 480 / 500))
            .collect();
        drop
    }

    /// The lines in column form.
    #[must_use]
    pub fn columns(&self) -> DemandColumns<'_> {
        DemandColumns {
            sku: &self.sku,
            quantity: &self.quantity,
            placed_at: Some(&self.placed_at),
            ..DemandColumns::default()
        }
    }
}

/// A buffer for what every engine answers: the units that each line gets.
#[derive(Clone, Debug)]
pub struct Answers {
    /// What ships, line by line.
    pub allocated: Vec<i64>,
}

impl Answers {
    /// For so many lines.
    #[must_use]
    pub fn of(lines: usize) -> Self {
        Self {
            allocated: vec![-1; lines],
        }
    }

    /// Fills it.
    ///
    /// # Errors
    /// As `allocate_into`.
    pub fn fill(
        &mut self,
        lines: &DemandColumns<'_>,
        supply: &[Supply],
        policy: &Policy,
    ) -> Result<(), Error> {
        let mut out = OutcomeColumns::allocated(&mut self.allocated);
        allocate_into(lines, supply, policy, &mut out)
    }
}

/// A policy by the name of its rule, and whether it reads priorities: `priority` is the queue that does.
///
/// # Errors
/// As the rule's name.
pub fn policy(rule: &str) -> Result<(Policy, bool), Error> {
    let with_priority = rule == "priority";
    let rule = if with_priority { "first_come" } else { rule };
    Ok((Policy::sharing(rule.parse()?), with_priority))
}
