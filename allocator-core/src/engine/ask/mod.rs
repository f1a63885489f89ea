//! Questions about the queue: who stands where, what is expected for whom, what may still be sold, and
//! why somebody waits or a unit lies idle. Everything is derived when it is asked for.

mod lanes;
mod pegs;
mod place;
mod promise;
mod queue;
mod way;
mod why;
