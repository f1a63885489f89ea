//! The tables that engines are compared on: drawn, written, read.

#![allow(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "drawn data, never a decision"
)]

use std::io;
use std::path::Path;

use allocator_core::{DemandColumns, Supply};
use clap::ValueEnum;

use crate::draw::Draw;
use crate::npy;

/// When lines are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Times {
    /// Exponential, six hours in the mean, in no order.
    Launch,
    /// The same, in order.
    Sorted,
    /// The same, but one line at the smallest instant there is.
    Outlier,
    /// All at one instant.
    Equal,
    /// All at one instant, but for the first row, which comes last.
    ButOneEqual,
    /// Whole seconds of ten minutes.
    Seconds,
    /// Evenly over all 64 bits.
    Extremes,
}

/// Which SKU ids there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ids {
    /// From 0 without gaps.
    Dense,
    /// Anywhere in 32 bits.
    Sparse,
}

/// Demand as columns, with what there is for it.
#[derive(Clone, Debug)]
pub struct Table {
    /// SKU ids, Zipf(1.1).
    pub sku: Vec<u32>,
    /// 1 to 5 units.
    pub quantity: Vec<i64>,
    /// Microseconds.
    pub placed_at: Vec<i64>,
    /// 0 to 2.
    pub priority: Vec<i64>,
    /// The SKUs there are, by id.
    pub stock_sku: Vec<u32>,
    /// Units of each, 96 % of its demand.
    pub stock: Vec<i64>,
}

/// Microseconds of the mean wait after a launch.
const SIX_HOURS: f64 = 21_600_000_000.0;
/// 2026-11-24 18:00 UTC.
const LAUNCH: i64 = 1_795_543_200_000_000;

impl Table {
    /// `lines` lines over `skus` SKUs.
    #[must_use]
    pub fn draw(lines: usize, skus: u32, times: Times, ids: Ids) -> Self {
        let mut draw = Draw::seeded(0x5eed);
        let mut names: Vec<u32> = match ids {
            Ids::Dense => (0..skus).collect(),
            // An odd factor permutes the numbers of 32 bits.
            Ids::Sparse => (0..skus).map(|sku| sku.wrapping_mul(0x9e37_79b1)).collect(),
        };
        draw.shuffle(&mut names);
        let popularity = popularity(skus);
        let mut table = Self {
            sku: Vec::with_capacity(lines),
            quantity: Vec::with_capacity(lines),
            placed_at: Vec::with_capacity(lines),
            priority: Vec::with_capacity(lines),
            stock_sku: Vec::new(),
            stock: Vec::new(),
        };
        let mut demanded = vec![0_i64; names.len()];
        for row in 0..lines {
            let ball = draw.bits() >> 11;
            let rank = popularity
                .partition_point(|&end| end <= ball)
                .min(names.len() - 1);
            let quantity = 1 + draw.below(5).cast_signed();
            demanded[rank] += quantity;
            table.sku.push(names[rank]);
            table.quantity.push(quantity);
            table.placed_at.push(instant(times, row, &mut draw));
            table.priority.push(draw.below(3).cast_signed());
        }
        if times == Times::Sorted {
            table.placed_at.sort_unstable();
        }
        let mut stock: Vec<(u32, i64)> = names
            .into_iter()
            .zip(demanded)
            .map(|(sku, units)| (sku, units * 480 / 500))
            .collect();
        stock.sort_unstable();
        (table.stock_sku, table.stock) = stock.into_iter().unzip();
        table
    }

    /// Writes one file for each column.
    ///
    /// # Errors
    /// As the file system.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        npy::write(&folder.join("sku.npy"), &self.sku)?;
        npy::write(&folder.join("quantity.npy"), &self.quantity)?;
        npy::write(&folder.join("placed_at.npy"), &self.placed_at)?;
        npy::write(&folder.join("priority.npy"), &self.priority)?;
        npy::write(&folder.join("stock_sku.npy"), &self.stock_sku)?;
        npy::write(&folder.join("stock.npy"), &self.stock)
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// As the file system; `InvalidData` for files of another form.
    pub fn read(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            sku: npy::read(&folder.join("sku.npy"))?,
            quantity: npy::read(&folder.join("quantity.npy"))?,
            placed_at: npy::read(&folder.join("placed_at.npy"))?,
            priority: npy::read(&folder.join("priority.npy"))?,
            stock_sku: npy::read(&folder.join("stock_sku.npy"))?,
            stock: npy::read(&folder.join("stock.npy"))?,
        })
    }

    /// The lines as columns, with their priorities or without.
    #[must_use]
    pub fn columns(&self, with_priority: bool) -> DemandColumns<'_> {
        DemandColumns {
            sku: &self.sku,
            quantity: &self.quantity,
            placed_at: Some(&self.placed_at),
            priority: with_priority.then_some(&self.priority[..]),
            ..DemandColumns::default()
        }
    }

    /// What was received, one row for each SKU.
    #[must_use]
    pub fn supply(&self) -> Vec<Supply> {
        self.stock_sku
            .iter()
            .zip(&self.stock)
            .map(|(&sku, &units)| Supply::received(sku, units))
            .collect()
    }
}

/// Where the share of each rank ends, in 2^-53: the n-th sells 1 / n^1.1 as often as the first.
fn popularity(skus: u32) -> Vec<u64> {
    let weight = |rank: u32| f64::from(rank).powf(-1.1);
    let all: f64 = (1..=skus).map(weight).sum();
    let mut end = 0.0;
    let scaled = |rank| {
        end += weight(rank) / all;
        // Never negative.
        ((end * (1_u64 << 53) as f64) as i64).cast_unsigned()
    };
    (1..=skus).map(scaled).collect()
}

fn instant(times: Times, row: usize, draw: &mut Draw) -> i64 {
    // In (0, 1]: the logarithm is finite.
    let chance = ((draw.bits() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
    let launch = LAUNCH + (-chance.ln() * SIX_HOURS) as i64;
    match times {
        Times::Outlier if row == 0 => i64::MIN,
        Times::Launch | Times::Sorted | Times::Outlier => launch,
        Times::Equal => LAUNCH,
        Times::ButOneEqual => LAUNCH + i64::from(row == 0),
        Times::Seconds => LAUNCH + draw.below(600).cast_signed() * 1_000_000,
        Times::Extremes => draw.bits().cast_signed(),
    }
}
