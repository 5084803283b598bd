//! Figures as they come: one aligned line each, one JSON line each, and a summary at the end.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

/// What a figure is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Limit {
    /// The figure may not be larger. Missing it is reported.
    AtMost(f64),
    /// The figure may not be smaller. Missing it is reported.
    AtLeast(f64),
    /// Exact and the same on every machine: a larger figure fails the run.
    Gate(f64),
    /// A peer or a physical limit, for comparison.
    None,
}

/// Everything measured so far.
pub(crate) struct Report {
    file: File,
    machine: String,
    met: usize,
    missed: Vec<String>,
    failed: Vec<String>,
}

impl Report {
    /// Writes JSON lines to `file`, replacing those of the last run.
    pub(crate) fn new(file: &Path) -> Result<Self> {
        let open =
            File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
        let machine = machine();
        println!("machine: {machine}");
        println!("load average at the start: {:.2}", load_average());
        Ok(Self { file: open, machine, met: 0, missed: Vec::new(), failed: Vec::new() })
    }

    /// Starts a section.
    pub(crate) fn section(&self, title: &str) {
        println!("\n{title} (load {:.2})", load_average());
    }

    /// One figure.
    pub(crate) fn figure(&mut self, name: &str, value: f64, unit: &str, limit: Limit) {
        let (held, bound) = match limit {
            Limit::AtMost(bound) | Limit::Gate(bound) => (Some(value <= bound), Some(bound)),
            Limit::AtLeast(bound) => (Some(value >= bound), Some(bound)),
            Limit::None => (None, None),
        };
        let against = match limit {
            Limit::AtMost(bound) => format!("at most {}", short(bound)),
            Limit::Gate(bound) => format!("exactly at most {}", short(bound)),
            Limit::AtLeast(bound) => format!("at least {}", short(bound)),
            Limit::None => "-".to_owned(),
        };
        let verdict = match (held, limit) {
            (Some(true), _) => "met",
            (Some(false), Limit::Gate(_)) => "FAILED",
            (Some(false), _) => "missed",
            (None, _) => "",
        };
        println!("  {name:<58} {:>12} {unit:<12} {against:<22} {verdict}", short(value));
        self.line(name, Some(value), unit, bound, verdict);
        match verdict {
            "met" => self.met += 1,
            "missed" => self.missed.push(format!("{name}: {} {unit}, {against}", short(value))),
            "FAILED" => self.failed.push(format!("{name}: {} {unit}, {against}", short(value))),
            _ => {}
        }
    }

    /// A figure that could not be had: a run without it has not passed.
    pub(crate) fn missing(&mut self, name: &str, why: &str) {
        println!("  {name:<58} {:>12} {why}", "FAILED");
        self.line(name, None, why, None, "FAILED");
        self.failed.push(format!("{name}: {why}"));
    }

    /// Prints what was met and missed. An error if an exact figure failed or one is missing.
    pub(crate) fn finish(self) -> Result<()> {
        println!(
            "\ntargets met: {}, missed: {}, failed: {}",
            self.met,
            self.missed.len(),
            self.failed.len()
        );
        for line in &self.missed {
            println!("  missed  {line}");
        }
        for line in &self.failed {
            println!("  FAILED  {line}");
        }
        anyhow::ensure!(self.failed.is_empty(), "{} figures failed", self.failed.len());
        Ok(())
    }

    fn line(
        &mut self,
        name: &str,
        value: Option<f64>,
        unit: &str,
        bound: Option<f64>,
        verdict: &str,
    ) {
        let line = json!({
            "figure": name, "value": value, "unit": unit, "bound": bound, "verdict": verdict,
            "load": load_average(), "machine": self.machine,
        });
        // The table above has it too; a full disk must not end the run.
        let _written = writeln!(self.file, "{line}");
    }
}

/// The load average of the last minute.
pub(crate) fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::NAN)
}

/// Processor, number of them, and memory.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown processor");
    let count = info.lines().filter(|line| line.starts_with("processor")).count();
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().next().and_then(|line| line.split_whitespace().nth(1));
    let gib = kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024 / 1024;
    format!("{count} x {model}, {gib} GB")
}

/// Three significant digits are what such figures are worth.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => {
            let digits = format!("{value:.0}");
            let grouped: Vec<&str> = digits
                .as_bytes()
                .rchunks(3)
                .rev()
                .filter_map(|c| std::str::from_utf8(c).ok())
                .collect();
            grouped.join(" ")
        }
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The smallest one: what the machine can do when nobody disturbs it.
pub(crate) fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}
