//! 500 sold, 480 arrive. The same program stands beside this one in C, Python and PHP.
use allocator_core::{DemandLine, Policy, Supply, allocate, explain, verify};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hoodie = 7;
    let lines: Vec<_> = (1..=400_u32)
        .map(|i| DemandLine::new(i, hoodie, if i % 4 == 0 { 2 } else { 1 }).sequence(i))
        .collect();
    let (supply, policy) = ([Supply::received(hoodie, 480)], Policy::first_come());
    let result = allocate(&lines, &supply, &policy)?;
    println!("{result}");
    println!("{}", explain(&lines, &supply, &policy, 384)?); // rows count from 0: line 385
    println!("verified: {}", verify(&lines, &supply, &policy, &result)?);
    Ok(())
}
