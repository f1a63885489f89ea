//! A bar on standard error, only on a terminal and only where the work is long.

use std::io::Read;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};

/// A file of fewer bytes is read before anybody looks.
const LONG_FILE: u64 = 1 << 20;
/// So are fewer rows written.
const LONG_TABLE: u64 = 50_000;

/// Whether bars may be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    shown: bool,
}

impl Progress {
    pub(crate) fn new(shown: bool) -> Self {
        Self { shown }
    }

    /// Shows how far a file was read.
    pub(crate) fn reading<R: Read + 'static>(
        self,
        file: R,
        length: u64,
        name: &'static str,
    ) -> Box<dyn Read> {
        match self.bar(
            length,
            LONG_FILE,
            name,
            "{binary_bytes} of {binary_total_bytes}",
        ) {
            Some(bar) => Box::new(bar.wrap_read(file)),
            None => Box::new(file),
        }
    }

    /// Shows how many rows were written.
    pub(crate) fn rows<I: Iterator>(
        self,
        rows: I,
        count: usize,
        name: &'static str,
    ) -> impl Iterator<Item = I::Item> {
        let length = u64::try_from(count).unwrap_or(u64::MAX);
        let bar = self.bar(length, LONG_TABLE, name, "{human_pos} of {human_len}");
        rows.inspect(move |_| {
            if let Some(bar) = &bar {
                bar.inc(1);
            }
        })
    }

    fn bar(self, length: u64, long: u64, name: &'static str, figures: &str) -> Option<ProgressBar> {
        if !self.shown || length < long {
            return None;
        }
        let style = ProgressStyle::with_template(&format!("{{msg:20}} {{wide_bar}} {figures}"));
        // Draws on standard error, and nothing where that is no terminal.
        let bar = ProgressBar::new(length)
            .with_message(name)
            .with_finish(ProgressFinish::AndClear);
        Some(match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }
}
