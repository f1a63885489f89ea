//! Draws as data: lots that the shop cannot choose and every customer can recompute.
//!
//! 1. [`DrawRequired`] freezes the list of labels and gives it a hash that a shell pipeline gives, too.
//! 2. [`Announcement`] is published: list, policy, the commitment to a secret code, a future round of a
//!    public beacon. From here on nobody can choose: the shop is bound to its code, and nobody knows the
//!    beacon yet.
//! 3. [`Draw`] is published: the code and what the beacon said. The lot of a label is a keyed rank, not
//!    an index into the list, so adding or removing an order reshuffles nobody.
//!
//! [`chances`] tells before the draw what each customer may expect, in exact fractions.
//!
//! ```
//! use allocator_core::{Beacon, DrawRequired, Policy, Pulse, allocate, commitment, DemandLine, Supply};
//! # let (code, signature) = ([7; 32], [9; 48]);
//! let policy: Policy = "draw_the_queue".parse()?;
//! let labels = ["order-1001", "order-1002", "order-1003"];
//! let required = DrawRequired::new(&policy, &labels, &[])?.expect("this rule reads lots");
//! let round = Beacon::QUICKNET.round_at(1_776_643_200)?;
//! let announced = required.announce(commitment(&code), 1, Some(round))?;
//! // ... the announcement is published, the round comes ...
//! let draw = announced.reveal(&code, Some(Pulse::of_signature(round, &signature)?))?;
//! let lots = draw.lots(&required)?;
//! let lines: Vec<_> = (lots.iter().zip(1..)).map(|(&lot, i)| DemandLine::new(i, 7_u32, 1).lot(lot)).collect();
//! let result = allocate(&lines, &[Supply::received(7, 2)], &policy)?;
//! let last = draw.order(&required)?.pop().expect("three labels");
//! let row = labels.iter().position(|label| *label == last).expect("one of them");
//! assert_eq!(result.allocated()[row], 0);
//! # Ok::<(), allocator_core::Error>(())
//! ```

mod beacon;
mod chances;
mod commit;
mod digest;
mod key;
mod record;
mod required;

pub use beacon::{Beacon, Pulse};
pub use chances::{Chances, chances};
pub use commit::{HashChain, commitment};
pub use digest::Sha256Digest;
pub use key::DrawKey;
pub use record::{Announcement, Draw};
pub use required::{DrawRequired, Drawn};
