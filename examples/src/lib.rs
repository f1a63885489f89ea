//! The main job as a program: order lines and receipts in, who gets what and why out.
//!
//! [`demo`] is the program `allocator-demo`, [`real`] the program `demo-real`. Everything between
//! files and the calls of `allocator-core` is in the private modules, one duty each:
//! reading (`table`, `cells`, `fault`, `demand`, `receipts`, `cancellations`, `input`), what counts
//! at an instant (`standing`), the decision (`decision`, `overtakes`), its words (`answer`,
//! `customer`), its figures (`figures`, `summary`), whom to cancel (`terms`, `methods`, `plan`,
//! `refusal`, `losers`, `cut_sentence`, `cancel_page`) and the files written (`output`, `harmless`).
#![forbid(unsafe_code)]

mod answer;
mod args;
mod cancel_page;
mod cancellations;
mod cells;
mod customer;
mod cut_sentence;
mod decision;
mod demand;
pub mod demo;
mod failure;
mod fault;
mod figures;
mod harmless;
mod input;
mod instant;
mod line_marks;
mod losers;
mod methods;
mod names;
mod output;
mod overtakes;
mod plan;
mod progress;
pub mod real;
mod receipts;
mod refusal;
mod standing;
mod summary;
mod table;
mod terms;
