//! Draws: what has to be drawn, the published record, and what stands around them.

use allocator_core::{
    Announcement, Beacon, Draw as Core, DrawRequired as Required, Error, HashChain, LabelFault,
    Pulse, Sha256Digest,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

use crate::error::raised;
use crate::fault::Fault;
use crate::gather::Form;
use crate::single;

static UNITS: Form = single::form("lines", &["units"]);

/// What has to be drawn of a frozen list, or None where the rule reads no lots.
///
/// `labels` has a text for each line, which its customer knows; lines of one label share a lot. `units` are
/// the units of each line, needed where each unit is drawn (`draw_each_unit`): the k-th unit of a line is
/// then drawn as `label#k`. `rule` is a policy by name or as a dict.
///
/// >>> required = draw_required(["order-2", "order-1", "order-2"])
/// >>> required.rows, required.entries, required.list
/// (3, 2, 'order-1\norder-2\n')
/// >>> draw_required(["a"], [2], rule="draw_each_unit").list
/// 'a#1\na#2\n'
/// >>> draw_required(["a"], rule="first_come") is None
/// True
#[pyfunction]
#[pyo3(
    signature = (labels, units=None, rule=None),
    text_signature = "(labels, units=None, rule='draw_the_queue')"
)]
pub(crate) fn draw_required(
    py: Python<'_>,
    labels: &Bound<'_, PyAny>,
    units: Option<&Bound<'_, PyAny>>,
    rule: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<DrawRequired>> {
    let default = PyString::new(py, "draw_the_queue");
    let rule = rule.unwrap_or(default.as_any());
    let policy = crate::policy::read(Some(rule))?.map_err(|fault| raised(py, fault))?;
    let labels = texts(labels)?;
    let units = units
        .map(|units| single::gather(units, &UNITS))
        .transpose()?;
    let made = py.detach(|| {
        let units = units
            .map(|units| single::units(units, &UNITS))
            .transpose()?;
        Required::new(&policy, &labels, units.as_deref().unwrap_or_default()).map_err(Fault::from)
    });
    let made = made.map_err(|fault| raised(py, fault))?;
    Ok(made.map(|core| DrawRequired { core }))
}

fn texts(labels: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let py = labels.py();
    if labels.cast::<PyString>().is_ok() {
        let what = "labels: a text for each line, not one text";
        return Err(raised(py, Fault::of_argument("wrong_type", what.into())));
    }
    let mut texts = Vec::new();
    for (row, label) in labels.try_iter()?.enumerate() {
        let label = label?;
        let Ok(text) = label.cast::<PyString>() else {
            let name = label.get_type().name()?;
            let what = format!("a label is a text, not a value of type {name}");
            let fault = Fault::of_row("wrong_type", "lines", row, "label", &what);
            return Err(raised(py, fault));
        };
        let Ok(text) = text.to_str() else {
            let fault = LabelFault::NotUtf8;
            return Err(raised(py, Error::BadLabel { row, fault }.into()));
        };
        texts.push(text.to_owned());
    }
    Ok(texts)
}

/// What has to be drawn: made by `draw_required`.
#[pyclass(frozen, eq, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DrawRequired {
    pub(crate) core: Required,
}

#[pymethods]
impl DrawRequired {
    /// How many lines.
    #[getter]
    fn rows(&self) -> usize {
        self.core.rows()
    }

    /// How many different labels are drawn.
    #[getter]
    fn entries(&self) -> usize {
        self.core.entries()
    }

    /// What gets a lot: "lines", "units" or "lines_and_units".
    #[getter]
    fn drawn(&self) -> &'static str {
        self.core.drawn().name()
    }

    /// The name of the policy that reads the lots.
    #[getter]
    fn policy(&self) -> String {
        self.core.policy().to_string()
    }

    /// The canonical list: every label once, in the order of bytes, each followed by a line feed, as
    /// `LC_ALL=C sort -u` makes it of a file.
    #[getter]
    fn list(&self) -> String {
        self.core.list()
    }

    /// The hash of the canonical list, as `sha256sum` prints it.
    #[getter]
    fn list_hash(&self) -> String {
        self.core.list_hash().to_string()
    }

    /// The text to publish before the draw. `draw` is its number in a hash chain, 1 where the code is used
    /// once; `round` is the round of a public beacon, None where none is mixed in.
    ///
    /// >>> print(draw_required(["a"]).announce(commitment(bytes(32)), round=1000))
    /// policy: draw_the_queue
    /// drawn: lines
    /// entries: 1
    /// list: 87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7
    /// commitment: 66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925
    /// draw: 1
    /// round: 1000
    /// <BLANKLINE>
    #[pyo3(signature = (commitment, draw=1, round=None))]
    fn announce(
        &self,
        py: Python<'_>,
        commitment: &str,
        draw: u32,
        round: Option<u64>,
    ) -> PyResult<String> {
        let announced = commitment
            .parse::<Sha256Digest>()
            .and_then(|commitment| self.core.announce(commitment, draw, round));
        let announced = announced.map_err(|error| raised(py, error.into()))?;
        Ok(announced.to_string())
    }

    fn __repr__(&self) -> String {
        let (entries, drawn) = (self.core.entries(), self.core.drawn());
        format!("DrawRequired of {entries} labels ({drawn})")
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("allocator_py")?.getattr("draw_required")?;
        let labels = (0..self.core.rows()).filter_map(|row| self.core.label(row));
        let labels: Vec<&str> = labels.collect();
        let units = self.core.units().map(<[u32]>::to_vec);
        (restore, (labels, units, self.policy())).into_pyobject(py)
    }
}

/// A draw: what was announced, with the code that was committed to and, as bytes, what the announced round
/// said. `str()` is the record to publish, and `Draw.read` reads it back; both check the code.
///
/// >>> required = draw_required(["order-1", "order-2", "order-3"])
/// >>> announced = required.announce(commitment(bytes(32)))
/// >>> draw = Draw(announced, bytes(32))
/// >>> draw.order(required)
/// ['order-3', 'order-2', 'order-1']
/// >>> draw == Draw.read(str(draw))
/// True
#[pyclass(frozen, eq, module = "allocator_py")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    core: Core,
}

#[pymethods]
impl Draw {
    #[new]
    #[pyo3(signature = (announcement, code, randomness=None))]
    fn new(
        py: Python<'_>,
        announcement: &str,
        code: &[u8],
        randomness: Option<&[u8]>,
    ) -> PyResult<Self> {
        let make = || {
            let announcement: Announcement = announcement.parse()?;
            // Without an announced round any pulse is one too many, whatever its number.
            let round = announcement.round().unwrap_or(0);
            let pulse = randomness.map(|bytes| Pulse::new(round, bytes));
            announcement.reveal(code, pulse.transpose()?)
        };
        let core = make().map_err(|error: Error| raised(py, error.into()))?;
        Ok(Self { core })
    }

    /// Reads the record of a draw, as `str()` writes it.
    #[staticmethod]
    fn read(py: Python<'_>, record: &str) -> PyResult<Self> {
        let core = record.parse();
        let core = core.map_err(|error: Error| raised(py, error.into()))?;
        Ok(Self { core })
    }

    /// The lot of every line, in the rows of the labels: the column `lot`. `other_draw` where the draw was made
    /// for another list or policy.
    fn lots(&self, py: Python<'_>, required: &DrawRequired) -> PyResult<Vec<i64>> {
        self.ask(py, || self.core.lots(&required.core))
    }

    /// The lot of every unit, row after row, as `allocate` takes `unit_lots`; empty where no units are drawn.
    fn unit_lots(&self, py: Python<'_>, required: &DrawRequired) -> PyResult<Vec<i64>> {
        self.ask(py, || self.core.unit_lots(&required.core))
    }

    /// The labels in the order in which they were drawn, the first served first.
    fn order(&self, py: Python<'_>, required: &DrawRequired) -> PyResult<Vec<String>> {
        self.ask(py, || self.core.order(&required.core))
    }

    /// The position of any label, on the list or not, in 64 hexadecimal digits. Small goes first.
    fn position(&self, label: &str) -> String {
        self.core.position(label).to_string()
    }

    /// The lot of any label: the first 8 bytes of its position, as a number in the same order.
    fn lot(&self, label: &str) -> i64 {
        self.core.lot(label)
    }

    /// The hash of the list it was made for.
    #[getter]
    fn list_hash(&self) -> String {
        self.core.announcement().list_hash().to_string()
    }

    /// The code that was revealed.
    #[getter]
    fn code<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.core.code())
    }

    /// The round of the beacon that is mixed in, or None.
    #[getter]
    fn round(&self) -> Option<u64> {
        self.core.announcement().round()
    }

    fn __str__(&self) -> String {
        self.core.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Draw of the list {}", self.list_hash())
    }

    fn __hash__(&self) -> u64 {
        // Equal draws have equal positions.
        self.core.lot("").cast_unsigned()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.get_type::<Self>().getattr("read")?;
        (restore, (self.core.to_string(),)).into_pyobject(py)
    }
}

impl Draw {
    fn ask<T: Send>(
        &self,
        py: Python<'_>,
        question: impl Send + FnOnce() -> Result<T, Error>,
    ) -> PyResult<T> {
        py.detach(question)
            .map_err(|error| raised(py, error.into()))
    }
}

/// What is published before a draw: the SHA-256 of its one-time code, which is random, 32 bytes from
/// `secrets.token_bytes`, and never used again.
///
/// >>> commitment(bytes(32))
/// '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925'
#[pyfunction]
pub(crate) fn commitment(code: &[u8]) -> String {
    allocator_core::commitment(code).to_string()
}

/// The one commitment of several draws from one secret: the secret hashed as often as there are draws.
///
/// >>> chain_commitment(bytes(32), 2) == commitment(chain_code(bytes(32), 2, 1))
/// True
#[pyfunction]
pub(crate) fn chain_commitment(py: Python<'_>, secret: &[u8], draws: u32) -> PyResult<String> {
    let chain = HashChain::new(secret, draws).map_err(|error| raised(py, error.into()))?;
    Ok(chain.commitment().to_string())
}

/// The code that a draw of a chain reveals; the first is draw 1.
///
/// >>> chain_code(bytes(32), 2, 2) == bytes(32)
/// True
#[pyfunction]
pub(crate) fn chain_code<'py>(
    py: Python<'py>,
    secret: &[u8],
    draws: u32,
    draw: u32,
) -> PyResult<Bound<'py, PyBytes>> {
    let code = HashChain::new(secret, draws).and_then(|chain| chain.code(draw));
    let code = code.map_err(|error| raised(py, error.into()))?;
    Ok(PyBytes::new(py, &code))
}

/// The round of a public beacon that is the newest at a second since 1970: of drand's quicknet, unless genesis
/// and period say otherwise.
///
/// >>> beacon_round(1776643200)
/// 27946612
#[pyfunction]
#[pyo3(signature = (unix_seconds, *, genesis=1_692_803_367, period=3))]
pub(crate) fn beacon_round(
    py: Python<'_>,
    unix_seconds: i64,
    genesis: i64,
    period: u32,
) -> PyResult<u64> {
    let round = Beacon::new(genesis, period).and_then(|beacon| beacon.round_at(unix_seconds));
    round.map_err(|error| raised(py, error.into()))
}

/// The second since 1970 in which a round of a beacon comes; None where there is none.
///
/// >>> beacon_time(27946612)
/// 1776643200
#[pyfunction]
#[pyo3(signature = (round, *, genesis=1_692_803_367, period=3))]
pub(crate) fn beacon_time(
    py: Python<'_>,
    round: u64,
    genesis: i64,
    period: u32,
) -> PyResult<Option<i64>> {
    let beacon = Beacon::new(genesis, period).map_err(|error| raised(py, error.into()))?;
    Ok(beacon.time_of(round))
}

/// The randomness of a drand round: the SHA-256 of its signature. That the signature is the beacon's own is
/// yours to check.
///
/// >>> beacon_randomness(bytes(48)).hex()[:16]
/// '17b0761f87b081d5'
#[pyfunction]
pub(crate) fn beacon_randomness<'py>(
    py: Python<'py>,
    signature: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let pulse = Pulse::of_signature(0, signature).map_err(|error| raised(py, error.into()))?;
    Ok(PyBytes::new(py, pulse.randomness()))
}
