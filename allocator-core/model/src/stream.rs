//! Random streams of commands for a small shop, leaning towards trouble: few ids, small numbers,
//! equal times, repeats, and now and then the largest number there is.

use allocator_core::engine::{
    Ahead, AheadLimit, AllocateRule, Command, DrawnLot, Inflow, LocationOrder, Pack, Place,
    PlaceLine, Request, Settings, SkuPolicy, StockCause, StockChange,
};
use allocator_core::{
    CommandId, CustomerId, LineId, LocationId, Misfit, OrderId, ShortageRule, SkuId, SupplyId,
    Timestamp,
};

/// Numbers that look random and are the same for one seed everywhere (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall in one way only.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n.max(1)
    }

    /// Whether one of `n` equal chances fell.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let at = self.below(of.len() as u64);
        of[at as usize].clone()
    }
}

/// What kind of shop a stream is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything there is.
    Everything,
    /// One location, single units, no floor, units that serve, and no operator: where the engine must
    /// agree with the batch layer after every command.
    Plain,
}

/// A stream of calls.
#[derive(Clone, Debug)]
pub struct Stream {
    dice: Dice,
    kind: Kind,
    now: i64,
    next_id: u128,
    sent: Vec<Request>,
}

/// One call.
#[derive(Clone, Debug)]
pub enum Call {
    /// Apply.
    Apply(Timestamp, Request),
    /// Advance.
    Advance(Timestamp, Option<u32>),
}

const RULES: [&str; 8] = [
    "one_each_per_round",
    "protect_first(1)",
    "protect_first(2)",
    "equal_cuts",
    "same_percentage",
    "same_percentage_nobody_empty",
    "same_percentage_split_proof",
    "draw_the_queue",
];

impl Stream {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64, kind: Kind) -> Self {
        Self {
            dice: Dice::new(seed),
            kind,
            now: 1_000_000,
            next_id: 0,
            sent: Vec::new(),
        }
    }

    /// What the shop is made with.
    pub fn settings(&mut self) -> Settings {
        Settings {
            policy: self.policy(),
            window: self.dice.pick(&[1, 2, 5, 30, 1000]),
            seed: self.dice.roll(),
        }
    }

    /// The next call. `lines`: the lines that are known, to speak of.
    pub fn next_call(&mut self) -> Call {
        self.now += self.dice.pick(&[0, 0, 0, 1, 1, 2, 5, 10]);
        if self.dice.one_in(25) {
            // Long enough for several holds to be due at once.
            self.now += 60;
        }
        if self.dice.one_in(60) {
            // A call from the past is refused and does nothing.
            return Call::Advance(Timestamp::from_micros(self.now - 3), None);
        }
        let now = Timestamp::from_micros(self.now);
        if self.dice.one_in(15) {
            let budget = self.dice.pick(&[None, Some(0), Some(1), Some(2)]);
            return Call::Advance(now, budget);
        }
        if self.dice.one_in(15) && !self.sent.is_empty() {
            let mut again = self.dice.pick(&self.sent.clone());
            if self.dice.one_in(3) {
                again.command = self.command();
            }
            return Call::Apply(now, again);
        }
        self.next_id += 1;
        let request = Request {
            id: CommandId(self.next_id),
            issued_at: self.dice.one_in(4).then(|| {
                let ago = self.dice.pick(&[0, 1, 20]);
                Timestamp::from_micros(self.now - ago)
            }),
            command: self.command(),
        };
        self.sent.push(request.clone());
        Call::Apply(now, request)
    }

    fn policy(&mut self) -> SkuPolicy {
        let dice = &mut self.dice;
        let mut policy = SkuPolicy {
            limit: match dice.below(6) {
                0 => AheadLimit::Units(dice.below(5) as i64),
                1 => AheadLimit::Incoming {
                    yield_permille: dice.pick(&[1000, 960, 500, 0]),
                    buffer: dice.below(3) as i64,
                },
                _ => AheadLimit::Unlimited,
            },
            customer_cap: dice.one_in(4).then(|| dice.below(8) as i64),
            hold_max: dice.one_in(4).then(|| 1 + dice.below(30) as i64),
            hold_extensions: dice.one_in(4).then(|| dice.below(3) as u32),
            ..SkuPolicy::default()
        };
        if self.kind == Kind::Everything {
            policy.inflow = dice.pick(&[
                Inflow::Serve,
                Inflow::Serve,
                Inflow::Serve,
                Inflow::Keep,
                Inflow::Sell,
            ]);
            policy.on_misfit = dice.pick(&[Misfit::SetAside, Misfit::Pass]);
            if dice.one_in(3) {
                policy.protected_units = dice.below(4) as i64;
                policy.protected_for = dice.pick(&[None, Some(0), Some(1)]);
            }
            policy.whole_lines = dice.one_in(8);
            policy.locations = match dice.below(4) {
                0 => LocationOrder::MostAvailable,
                1 => LocationOrder::Listed(vec![LocationId(2), LocationId(0)]),
                _ => LocationOrder::Listed(Vec::new()),
            };
        }
        policy
    }

    fn sku(&mut self) -> SkuId {
        SkuId(self.dice.pick(&[10, 10, 10, 20, 30]))
    }

    fn location(&mut self) -> LocationId {
        match self.kind {
            Kind::Plain => LocationId(1),
            Kind::Everything => LocationId(self.dice.pick(&[1, 1, 1, 2, 0])),
        }
    }

    fn order(&mut self) -> OrderId {
        OrderId(self.dice.below(14) as u32)
    }

    fn line(&mut self) -> LineId {
        LineId(self.dice.below(24) as u32)
    }

    fn units(&mut self) -> i64 {
        let dice = &mut self.dice;
        match dice.below(200) {
            0 => 0,
            1 => -1,
            2 => i64::MAX,
            3 => i64::MAX - dice.below(3) as i64,
            _ => 1 + dice.below(5) as i64,
        }
    }

    fn instant(&mut self) -> Timestamp {
        if self.dice.one_in(80) {
            let edge = self.dice.pick(&[i64::MAX, i64::MAX - 1, i64::MIN]);
            return Timestamp::from_micros(edge);
        }
        let by = self.dice.pick(&[-5, -1, 0, 1, 2, 5, 10, 20, 40]);
        Timestamp::from_micros(self.now + by)
    }

    fn ahead(&mut self) -> Ahead {
        match self.dice.below(6) {
            0 => Ahead::No,
            1 => Ahead::Latest(self.instant()),
            _ => Ahead::Yes,
        }
    }

    fn command(&mut self) -> Command {
        match self.dice.below(100) {
            0..32 => self.place(),
            32..46 => self.stock(),
            46..52 => Command::Confirm {
                order: self.order(),
            },
            52..55 => Command::AmendOrder {
                order: self.order(),
                until: self.dice.one_in(2).then(|| self.instant()),
                together: (self.kind == Kind::Everything && self.dice.one_in(2))
                    .then(|| self.dice.one_in(2)),
            },
            55..62 => self.amend_line(),
            62..66 => Command::CancelOrder {
                order: self.order(),
                only_waiting: self.dice.one_in(6),
            },
            66..72 => Command::CancelLine {
                line: self.line(),
                units: self.dice.one_in(2).then(|| self.units()),
                only_waiting: self.dice.one_in(6),
            },
            72..79 => self.allocate(),
            79..82 => self.assign(),
            82..85 => Command::Split {
                line: self.line(),
                new_line: self.line(),
                units: self.units(),
            },
            85..89 => Command::Ship {
                line: self.line(),
                units: self.units(),
                location: self.dice.one_in(3).then(|| self.location()),
            },
            89..91 => Command::Return {
                line: self.line(),
                units: self.units(),
                location: self.location(),
                scrap: self.kind == Kind::Everything && self.dice.one_in(3),
            },
            91..93 => Command::Transfer {
                sku: self.sku(),
                from: self.location(),
                to: self.location(),
                units: self.units(),
            },
            93..96 => Command::Supply {
                supply: SupplyId(self.dice.below(4) as u32),
                sku: self.sku(),
                location: self.location(),
                units: self.units().saturating_mul(2),
                expected_at: self.instant(),
            },
            96..98 => Command::Configure {
                sku: self.sku(),
                policy: Box::new(self.policy()),
            },
            _ => Command::Forget {
                closed_before: self.instant(),
            },
        }
    }

    fn place(&mut self) -> Command {
        let everything = self.kind == Kind::Everything;
        let count = self.dice.pick(&[1, 1, 1, 2, 3]);
        let together = everything && self.dice.one_in(6);
        let partial = self.dice.one_in(8);
        let lines = (0..count).map(|_| {
            let mut line = PlaceLine::new(self.line(), self.sku(), self.units());
            line.location = (everything && self.dice.one_in(5)).then(|| self.location());
            line.priority = self.dice.pick(&[0, 0, 0, 1, 2]);
            line.placed_at = (everything && self.dice.one_in(10)).then(|| self.instant());
            line.pack = match self.dice.below(10) {
                0 if everything => Pack::Whole,
                1 if everything => Pack::Multiple(self.dice.below(4) as i64),
                _ => Pack::Multiple(1),
            };
            line.ahead = self.ahead();
            line
        });
        let lines = lines.collect();
        Command::Place(Place {
            order: self.order(),
            customer: self
                .dice
                .pick(&[None, Some(CustomerId(1)), Some(CustomerId(2))]),
            until: self.dice.one_in(3).then(|| self.instant()),
            together,
            partial,
            replaces: self.dice.one_in(12).then(|| self.line()),
            lines,
        })
    }

    fn stock(&mut self) -> Command {
        let cause = self.dice.pick(&[
            StockCause::Receipt,
            StockCause::Receipt,
            StockCause::Receipt,
            StockCause::Count,
            StockCause::Damage,
        ]);
        let change = if self.dice.one_in(6) {
            StockChange::Exactly(self.units().saturating_add(2))
        } else {
            let sign = self.dice.pick(&[1, 1, 1, -1]);
            StockChange::By(self.units().saturating_mul(sign))
        };
        Command::Stock {
            sku: self.sku(),
            location: self.location(),
            change,
            cause,
            supply: self
                .dice
                .one_in(5)
                .then(|| SupplyId(self.dice.below(4) as u32)),
            only_free: self.dice.one_in(8),
        }
    }

    fn amend_line(&mut self) -> Command {
        let everything = self.kind == Kind::Everything;
        Command::AmendLine {
            line: self.line(),
            units: self.dice.one_in(2).then(|| self.units()),
            priority: (everything && self.dice.one_in(3)).then(|| self.dice.pick(&[0, 1, 2])),
            placed_at: (everything && self.dice.one_in(4)).then(|| self.instant()),
            ahead: self.ahead(),
        }
    }

    fn allocate(&mut self) -> Command {
        let rule = match self.dice.below(5) {
            0 => AllocateRule::Fill,
            1 | 2 => AllocateRule::Queue,
            _ => {
                let rule: ShortageRule = self.dice.pick(&RULES).parse().expect("a rule");
                AllocateRule::Shared(rule)
            }
        };
        let draw = self.dice.one_in(3).then(|| {
            (0..24)
                .map(|line| DrawnLot {
                    line: LineId(line),
                    lot: 7,
                })
                .collect()
        });
        Command::Allocate {
            sku: self.sku(),
            rule,
            is_final: self.dice.one_in(8),
            expect: self.dice.one_in(20).then_some(0),
            draw,
        }
    }

    fn assign(&mut self) -> Command {
        let mut end = || self.dice.one_in(3);
        let (from, to) = (!end(), !end());
        Command::Assign {
            units: self.units(),
            location: self.location(),
            from: from.then(|| self.line()),
            to: to.then(|| self.line()),
        }
    }
}
