//! Input folders, runs of the built programs, and their results.
#![allow(dead_code)] // Each test program uses its part.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// What a run said.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A folder of its own, with an input and a place for the result.
pub(crate) struct Shop {
    pub(crate) folder: TempDir,
}

pub(crate) fn demo() -> Command {
    Command::new(env!("CARGO_BIN_EXE_allocator-demo"))
}

pub(crate) fn real() -> Command {
    Command::new(env!("CARGO_BIN_EXE_demo-real"))
}

pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().expect("the program starts");
    Run {
        code: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).expect("text on standard output"),
        err: String::from_utf8(output.stderr).expect("text on standard error"),
    }
}

pub(crate) fn drop400() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/drop400")
}

pub(crate) const DEMAND: &str = "order_id,line_no,sku,quantity,placed_at\n";
pub(crate) const RECEIPTS: &str = "sku,received_at,quantity_received\n";
pub(crate) const CANCELLATIONS: &str = "cancelled_at,order_id,line_no,sku,quantity,return_id\n";

impl Shop {
    pub(crate) fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join("in")).expect("a folder");
        Self { folder }
    }

    /// With these rows under the shortest headers.
    pub(crate) fn new(demand: &str, receipts: &str) -> Self {
        let demand = format!("{DEMAND}{demand}");
        let receipts = format!("{RECEIPTS}{receipts}");
        Self::empty()
            .with("demand.csv", demand.as_bytes())
            .with("receipts.csv", receipts.as_bytes())
    }

    /// The example data with these receipts.
    pub(crate) fn drop400(receipts: &str) -> Self {
        let demand = fs::read(drop400().join("demand.csv")).expect("example data");
        let receipts = format!("{RECEIPTS}{receipts}");
        Self::empty()
            .with("demand.csv", &demand)
            .with("receipts.csv", receipts.as_bytes())
    }

    pub(crate) fn with(self, name: &str, content: &[u8]) -> Self {
        fs::write(self.input().join(name), content).expect("an input file");
        self
    }

    pub(crate) fn with_packed(self, name: &str, content: &[u8]) -> Self {
        let file = fs::File::create(self.input().join(name)).expect("an input file");
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packed.write_all(content).expect("packed bytes");
        packed.finish().expect("packed bytes");
        self
    }

    pub(crate) fn with_cancellations(self, rows: &str) -> Self {
        let rows = format!("{CANCELLATIONS}{rows}");
        self.with("cancellations.csv", rows.as_bytes())
    }

    pub(crate) fn input(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    pub(crate) fn output(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    pub(crate) fn run(&self, options: &[&str]) -> Run {
        let (input, output) = (self.input(), self.output());
        run(demo().arg(input).arg("--out").arg(output).args(options))
    }

    /// As [`Self::run`], where everything must be in order.
    pub(crate) fn good(&self, options: &[&str]) -> Run {
        let run = self.run(options);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
        run
    }

    pub(crate) fn wrote_nothing(&self) -> bool {
        !self.output().exists()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.output().join(name)).expect("a result file")
    }

    /// The columns of a written table, row by row.
    pub(crate) fn table(&self, name: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(self.output().join(name)).expect("a table");
        let header = reader.headers().expect("a header").clone();
        let index = |column: &&str| {
            let found = header.iter().position(|name| name == *column);
            found.unwrap_or_else(|| panic!("no column {column} in {header:?}"))
        };
        let indices: Vec<usize> = columns.iter().map(index).collect();
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| indices.iter().map(|&i| row[i].to_owned()).collect())
            .collect()
    }

    /// `order_id/line_no=allocated` of every line.
    pub(crate) fn allocated(&self) -> String {
        let rows = self.table("allocations.csv", &["order_id", "line_no", "allocated"]);
        let words = rows
            .iter()
            .map(|row| format!("{}/{}={}", row[0], row[1], row[2]));
        words.collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn explanations(&self) -> Vec<Value> {
        let text = String::from_utf8(self.bytes("explanations.jsonl")).expect("text");
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

/// The line of the summary that begins with this label, blanks made single.
pub(crate) fn line(run: &Run, label: &str) -> String {
    let found = run
        .out
        .lines()
        .find(|line| line.trim_start().starts_with(label));
    let found = found.unwrap_or_else(|| panic!("no {label} in\n{}", run.out));
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}
