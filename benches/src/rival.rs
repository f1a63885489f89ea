//! What a Rust programmer would write instead: sort, then walk; for percentages, two heaps.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashMap;

use crate::table::Table;

/// The queue by `sort_unstable` over keys packed into one number: place first, row last.
pub fn packed(table: &Table, with_priority: bool, awards: &mut [i64]) {
    let (first, last) = range(&table.placed_at);
    let span = u128::from(last.abs_diff(first)) + 1;
    let (low, high) = if with_priority {
        range(&table.priority)
    } else {
        (0, 0)
    };
    let row_bits = bits(table.sku.len() as u128);
    let places = (u128::from(high.abs_diff(low)) + 1) * span;
    if row_bits + bits(places) <= u64::BITS {
        let span = u64::try_from(span).expect("it fits beside the row");
        let place = |row: usize| {
            let time = table.placed_at[row].abs_diff(first);
            if with_priority {
                table.priority[row].abs_diff(low) * span + time
            } else {
                time
            }
        };
        let mut keys: Vec<u64> = (0..table.sku.len())
            .map(|row| place(row) << row_bits | row as u64)
            .collect();
        keys.sort_unstable();
        let mask = (1_u64 << row_bits) - 1;
        walk(
            table,
            keys.into_iter()
                .map(|key| usize::try_from(key & mask).expect("a row")),
            awards,
        );
    } else {
        tuples(table, with_priority, awards);
    }
}

/// The queue by `sort_unstable` over (time, sequence, row), with the priority in front where asked.
pub fn tuples(table: &Table, with_priority: bool, awards: &mut [i64]) {
    let rows = || (0_u32..).zip(&table.placed_at);
    if with_priority {
        let mut keys: Vec<(i64, i64, i64, u32)> = rows()
            .zip(&table.priority)
            .map(|((row, &time), &priority)| (priority, time, row.into(), row))
            .collect();
        keys.sort_unstable();
        walk(
            table,
            keys.into_iter().map(|(.., row)| row as usize),
            awards,
        );
    } else {
        let mut keys: Vec<(i64, i64, u32)> =
            rows().map(|(row, &time)| (time, row.into(), row)).collect();
        keys.sort_unstable();
        walk(
            table,
            keys.into_iter().map(|(.., row)| row as usize),
            awards,
        );
    }
}

/// Webster's percentages: everybody's share rounded down, then two heaps move units until no ticket
/// that waits comes before one that is served. Every line is a claimant.
pub fn heaps(table: &Table, awards: &mut [i64]) {
    let lanes = lanes(table);
    let mut claims: Vec<Vec<u32>> = vec![Vec::new(); table.stock.len()];
    for (row, &sku) in (0_u32..).zip(&table.sku) {
        claims[lanes.of(sku)].push(row);
    }
    for (rows, &stock) in claims.iter_mut().zip(&table.stock) {
        rows.sort_unstable_by_key(|&row| (table.placed_at[row as usize], row));
        let demanded: i64 = rows.iter().map(|&row| table.quantity[row as usize]).sum();
        if demanded <= stock {
            rows.iter()
                .for_each(|&row| awards[row as usize] = table.quantity[row as usize]);
            continue;
        }
        let mut left = stock;
        for &row in rows.iter() {
            let exact = i128::from(table.quantity[row as usize]) * i128::from(stock);
            let share = i64::try_from(exact / i128::from(demanded)).expect("at most the claim");
            awards[row as usize] = share;
            left -= share;
        }
        repair(rows, &table.quantity, left, awards);
    }
}

/// A ticket's key (2k - 1) / claim, then the rank in line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Ticket {
    numerator: i64,
    claim: i64,
    rank: usize,
}

impl Ord for Ticket {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let crossed = |a: &Self, b: &Self| i128::from(a.numerator) * i128::from(b.claim);
        crossed(self, other)
            .cmp(&crossed(other, self))
            .then(self.rank.cmp(&other.rank))
    }
}

impl PartialOrd for Ticket {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn repair(rows: &[u32], quantity: &[i64], mut left: i64, awards: &mut [i64]) {
    let ticket = |rank: usize, k: i64| Ticket {
        numerator: 2 * k - 1,
        claim: quantity[rows[rank] as usize],
        rank,
    };
    let mut waiting: BinaryHeap<Reverse<Ticket>> = BinaryHeap::new();
    let mut served: BinaryHeap<Ticket> = BinaryHeap::new();
    for (rank, &row) in rows.iter().enumerate() {
        let (award, claim) = (awards[row as usize], quantity[row as usize]);
        if award < claim {
            waiting.push(Reverse(ticket(rank, award + 1)));
        }
        if award > 0 {
            served.push(ticket(rank, award));
        }
    }
    loop {
        let Some(&Reverse(next)) = waiting.peek() else {
            return;
        };
        if left == 0 {
            // The last served gives way to the next waiting, where it comes behind it. All served
            // after that come before it, so its ticket is never reached again.
            let Some(&last) = served.peek() else { return };
            if last < next {
                return;
            }
            served.pop();
            let award = &mut awards[rows[last.rank] as usize];
            *award -= 1;
            if *award > 0 {
                served.push(ticket(last.rank, *award));
            }
            left = 1;
        }
        waiting.pop();
        let award = &mut awards[rows[next.rank] as usize];
        *award += 1;
        left -= 1;
        served.push(next);
        if *award < next.claim {
            waiting.push(Reverse(ticket(next.rank, *award + 1)));
        }
    }
}

/// Serves the rows in this order.
fn walk(table: &Table, rows: impl Iterator<Item = usize>, awards: &mut [i64]) {
    let lanes = lanes(table);
    let mut left = table.stock.clone();
    for row in rows {
        let left = &mut left[lanes.of(table.sku[row])];
        let units = table.quantity[row].min(*left);
        *left -= units;
        awards[row] = units;
    }
}

enum Lanes {
    Dense,
    Sparse(HashMap<u32, usize>),
}

fn lanes(table: &Table) -> Lanes {
    if (0..).zip(&table.stock_sku).all(|(lane, &sku)| lane == sku) {
        Lanes::Dense
    } else {
        Lanes::Sparse(
            table
                .stock_sku
                .iter()
                .zip(0..)
                .map(|(&sku, lane)| (sku, lane))
                .collect(),
        )
    }
}

impl Lanes {
    fn of(&self, sku: u32) -> usize {
        match self {
            Self::Dense => sku as usize,
            Self::Sparse(lanes) => lanes[&sku],
        }
    }
}

fn range(values: &[i64]) -> (i64, i64) {
    values
        .iter()
        .fold((i64::MAX, i64::MIN), |(low, high), &value| {
            (low.min(value), high.max(value))
        })
}

fn bits(values: u128) -> u32 {
    u128::BITS - values.saturating_sub(1).leading_zeros()
}
