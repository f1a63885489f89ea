//! Accounts, totals by SKU, supplies and lists.

use alloc::collections::{BTreeMap, BTreeSet};

use super::held::{AccountSum, Held, SkuSum};
use super::truly;
use crate::engine::state::{Account, Sku, State};
use crate::engine::view::StockPosition;
use crate::error::Error;
use crate::id::CustomerId;
use crate::quantity::{Total, at, tally};

impl State {
    pub(super) fn check_books(&self, held: &Held) -> Result<(), Error> {
        for (account, sums) in self.accounts.iter().zip(&held.accounts) {
            check_account(account, sums)?;
        }
        let mut accounts = BTreeSet::new();
        let mut supplies = BTreeSet::new();
        for ((number, sku), sums) in (0_u32..).zip(&self.skus).zip(&held.skus) {
            self.check_sku(number, sku, sums)?;
            self.check_caps(number, sku, sums)?;
            check_list(sku, sums)?;
            for account in &sku.accounts {
                truly(accounts.insert(*account), "an account is listed twice")?;
            }
            for supply in &sku.supplies {
                let this = at(&self.supplies, *supply as usize)?;
                let at = "a supply is listed under another SKU, or twice";
                truly(this.sku == number && supplies.insert(*supply), at)?;
            }
        }
        let at = "an account belongs to no SKU";
        truly(accounts.len() == self.accounts.len(), at)?;
        let at = "a supply belongs to no SKU";
        truly(supplies.len() == self.supplies.len(), at)?;
        self.check_supplies()
    }

    fn check_sku(&self, number: u32, sku: &Sku, sums: &SkuSum) -> Result<(), Error> {
        let mut received: Total = 0;
        let mut last = None;
        for account in &sku.accounts {
            let account = self.account_at(*account)?;
            tally(&mut received, account.position.received);
            let at = "the accounts of a SKU are out of order";
            truly(account.sku == number && last < Some(account.location), at)?;
            let known = (account.location as usize) < self.locations.len();
            truly(known, "an account is at an unknown location")?;
            last = Some(account.location);
        }
        let same = received == sku.received.into();
        truly(same, "what was received of a SKU does not add up")?;
        let same = sums.waiting == sku.waiting.into();
        truly(same, "what waits for a SKU does not add up")?;
        let same = sums.demanded == sku.demanded.into();
        truly(same, "what is wanted of a SKU does not add up")?;
        let same = sums.together == sku.together;
        truly(same, "parts that ship together are miscounted")?;
        self.policy_of(number)?.check()
    }

    fn check_caps(&self, number: u32, sku: &Sku, sums: &SkuSum) -> Result<(), Error> {
        let capped = self.policy_of(number)?.customer_cap.is_some();
        let at = "what customers have of a SKU is wrong";
        truly(capped == sku.caps.is_some(), at)?;
        let Some(caps) = &sku.caps else {
            return Ok(());
        };
        let counted: BTreeMap<CustomerId, Total> = caps
            .iter()
            .map(|(customer, units)| (*customer, Total::from(*units)))
            .collect();
        let mut wanted = sums.by_customer.clone();
        wanted.retain(|_, units| *units > 0);
        truly(counted == wanted, at)
    }

    fn check_supplies(&self) -> Result<(), Error> {
        let mut last = None;
        for supply in &self.supplies {
            let ordered = last < Some(supply.sequence) && supply.sequence < self.counter;
            truly(ordered, "supplies are out of order")?;
            let units = supply.units >= 0 && supply.received >= 0;
            truly(units, "a supply has fewer than no units")?;
            let known = (supply.location as usize) < self.locations.len();
            truly(known, "a supply goes to an unknown location")?;
            last = Some(supply.sequence);
        }
        for list in self.skus.iter().filter_map(|sku| sku.list.as_ref()) {
            truly(list.sequence < self.counter, "the counter was overtaken")?;
        }
        Ok(())
    }
}

fn check_account(account: &Account, sums: &AccountSum) -> Result<(), Error> {
    let StockPosition {
        received,
        available,
        reserved,
        allocated,
        shipped,
        scrapped,
    } = account.position;
    let boxes = [available, reserved, allocated, shipped, scrapped];
    let at = "an account is below zero";
    truly(received >= 0 && boxes.iter().all(|units| *units >= 0), at)?;
    let all = boxes.iter().map(|units| Total::from(*units)).sum::<Total>();
    truly(all == received.into(), "an account does not add up")?;
    let at = "stock lies where none was ever booked";
    truly(account.booked || all == 0, at)?;
    let same = sums.reserved == reserved.into() && sums.allocated == allocated.into();
    truly(same, "parts have other units than their account says")?;
    // Orders that were forgotten have left too.
    let at = "parts have shipped more than their account says";
    truly(sums.shipped <= shipped.into(), at)?;
    let same = sums.tied_waiting == account.tied_waiting.into();
    truly(same, "what waits for a location does not add up")
}

fn check_list(sku: &Sku, sums: &SkuSum) -> Result<(), Error> {
    let at = "a list has other members than parts say";
    let Some(list) = &sku.list else {
        return truly(sums.listed.is_empty(), at);
    };
    let members: BTreeSet<u32> = list.members.iter().copied().collect();
    truly(
        members.len() == list.members.len(),
        "a list has a member twice",
    )?;
    truly(members == sums.listed, at)
}
