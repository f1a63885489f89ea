//! Why: one code for every line, every idle unit and every overtake, with its plain sentence.

/// Gives each variant its stable number, its word and its sentence.
macro_rules! codes {
    ($(#[$doc:meta])* $kind:ident { $($(#[$variant_doc:meta])* $variant:ident = $number:literal, $word:literal, $sentence:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $kind {
            $($(#[$variant_doc])* $variant = $number,)+
        }

        impl $kind {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it: the same in every language and in the vector files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What it means, in words for whoever has to act on it.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence),+ }
            }

            /// The stable number that crosses the C border.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }

            /// The code with this number.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl core::fmt::Display for $kind {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// Why a line has what it has. The first that applies, in this order.
    Reason {
        /// The line asks for 0 units.
        NothingAsked = 0, "nothing_asked", "nothing was asked for";
        /// Every unit asked for is allocated.
        Served = 1, "served", "every unit is allocated";
        /// No supply row names the SKU: the line can never be served and blocks nobody.
        UnknownSku = 2, "unknown_sku", "no supply of this item is known";
        /// A line of the same order can never be served, and the order ships whole.
        OrderHasImpossibleLine = 3, "order_has_impossible_line", "the order ships whole and another item of it can never be served";
        /// There is enough for this line, but not for another one of the order, which ships whole.
        OrderIncomplete = 4, "order_incomplete", "there is enough for this item, but the order ships whole and another item of it waits";
        /// There is something for this line, but not all of it, and the line ships whole.
        LineIncomplete = 5, "line_incomplete", "there is only a part, and this item ships whole";
        /// Those before it in line took what there was.
        Short = 6, "short", "those before it in line took what there was";
    }
}

impl Reason {
    /// Whether the line can never be served: it claims nothing and blocks nobody.
    #[must_use]
    pub const fn is_never(self) -> bool {
        matches!(self, Self::UnknownSku | Self::OrderHasImpossibleLine)
    }
}

codes! {
    /// Why a received unit is allocated to nobody.
    IdleCause {
        /// It is set aside for a line or order that ships whole and is not complete yet.
        SetAside = 0, "set_aside", "kept for a line that ships whole and is not complete yet";
        /// Nobody waits for it.
        NoDemand = 1, "no_demand", "nobody waits for it";
        /// Lines and orders wait that ship whole, and it completes none of them.
        DoesNotFit = 2, "does_not_fit", "those who wait ship whole, and it completes none of them";
    }
}

codes! {
    /// Why a later line was served before an earlier one.
    OvertakeCause {
        /// The earlier one ships whole and did not fit: its units were offered again, or its order
        /// stands in line at its latest line.
        Misfit = 0, "misfit", "the earlier one ships whole and did not fit: its units were offered again, or its order stands at its latest line";
        /// The rule shares unit by unit between customers, so the place only parts equals.
        Rule = 1, "rule", "the rule shares between customers, and the place only parts equals";
    }
}
