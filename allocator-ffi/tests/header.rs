//! The checked-in headers are the generated ones. `UPDATE_HEADER=1 cargo test -p allocator-ffi`
//! rewrites them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use allocator_core::{
    Axiom, Completeness, CutReason, Grade, IdleCause, Law, Misfit, OneOff, OvertakeCause, Reason,
    ShortageEvent, limits,
};
use cbindgen::{Builder, Config};

#[test]
fn the_header_for_c_is_generated() {
    compare("allocator.h", &generate(config()));
}

#[test]
fn the_header_for_php_is_generated() {
    let mut config = config();
    // PHP's parser knows no preprocessor, and reads the header in every request.
    config.header =
        Some("/* For PHP's FFI::cdef, generated; allocator.h has the comments. */".into());
    config.include_guard = None;
    config.sys_includes.clear();
    config.cpp_compat = false;
    config.documentation = false;
    let text = generate(config);
    compare("allocator.ffi.h", &text);
    assert!(!text.contains('#'), "nothing for a preprocessor");
}

#[test]
fn every_code_of_the_core_has_its_constant() {
    let header = generate(config());
    let codes = |names: &[(&str, i64)]| -> BTreeMap<String, i64> {
        let upper = |&(name, number): &(&str, i64)| (name.to_uppercase(), number);
        names.iter().map(upper).collect()
    };
    let check = |of: &str, prefix: &str, none: &str, known: Vec<(&str, i64)>| {
        let mut expected = codes(&known);
        if !none.is_empty() {
            expected.insert(none.to_owned(), 0);
        }
        assert_eq!(constants(&header, of, prefix), expected, "{of}");
    };
    let reasons = Reason::ALL.iter();
    let reasons = reasons.map(|this| (this.name(), this.number().into()));
    // What a report says that has no reasons is no reason of the core.
    let reasons = reasons.chain([("none", 255)]);
    check("allocator_reason", "REASON_", "", reasons.collect());
    let causes = IdleCause::ALL.iter();
    let causes = causes.map(|this| (this.name(), this.number().into()));
    check("allocator_idle_cause", "IDLE_", "", causes.collect());
    let causes = OvertakeCause::ALL.iter();
    let causes = causes.map(|this| (this.name(), this.number().into()));
    check(
        "allocator_overtake_cause",
        "OVERTAKE_",
        "",
        causes.collect(),
    );
    let reasons = CutReason::ALL.iter();
    let reasons = reasons.map(|this| (this.name(), this.number().into()));
    check("allocator_cut_reason", "CUT_", "", reasons.collect());
    let one_offs = OneOff::ALL.iter();
    let one_offs = one_offs.map(|this| (this.name(), this.number().into()));
    check("allocator_one_off", "ONE_OFF_", "", one_offs.collect());
    let events = ShortageEvent::ALL.iter();
    let events = events.map(|this| (this.name(), this.number().into()));
    check("allocator_shortage_event", "EVENT_", "", events.collect());
    let axioms = Axiom::ALL.iter();
    let axioms = axioms.map(|this| (this.name(), this.number().into()));
    check("allocator_axiom", "AXIOM_", "", axioms.collect());
    let laws = Law::ALL.iter().map(|this| this.name());
    check("allocator_law", "LAW_", "NONE", laws.zip(1..).collect());
    let grades = [Grade::Safe, Grade::Legal, Grade::Ordered].map(Grade::name);
    check(
        "allocator_grade",
        "GRADE_",
        "NONE",
        grades.into_iter().zip(1..).collect(),
    );
    let known = [
        Completeness::Partial,
        Completeness::Line,
        Completeness::Order,
    ];
    let known = known.map(|this| (this.name(), Completeness::code(Some(this)).into()));
    check(
        "allocator_completeness",
        "COMPLETENESS_",
        "POLICY",
        known.to_vec(),
    );
    let known = [Misfit::SetAside, Misfit::Pass];
    let known = known.map(|this| (this.name(), Misfit::code(Some(this)).into()));
    check("allocator_misfit", "MISFIT_", "POLICY", known.to_vec());
    let limit = constants(&header, "allocator_limit", "");
    assert_eq!(limit["MAX_NAME_BYTES"], limits::MAX_NAME_BYTES as i64);
    assert_eq!(limit["MIN_CODE_BYTES"], limits::MIN_CODE_BYTES as i64);
}

#[test]
fn every_status_has_its_constant_and_its_name() {
    use allocator::status::allocator_status;
    let header = generate(config());
    let known = allocator_status::ALL.iter();
    let known: BTreeMap<String, i64> = known
        .map(|this| {
            let name = this.name().to_str().unwrap();
            (name.to_uppercase(), this.number().into())
        })
        .collect();
    assert_eq!(constants(&header, "allocator_status", ""), known);
    let numbers: BTreeSet<i64> = known.values().copied().collect();
    assert_eq!(numbers.len(), known.len(), "no number twice");
}

/// The constants of an enum of the header, without `ALLOCATOR_` and the prefix.
fn constants(header: &str, of: &str, prefix: &str) -> BTreeMap<String, i64> {
    let end = format!("}} {of};");
    let body = &header[..header.find(&end).expect(of)];
    let body = &body[body.rfind("typedef enum {").expect("an enum")..];
    let value = |line: &str| {
        let (name, number) = line.trim().trim_end_matches(',').split_once(" = ")?;
        let name = name.strip_prefix("ALLOCATOR_").expect("our prefix");
        let name = name.strip_prefix(prefix).expect("the prefix of the enum");
        Some((name.to_owned(), number.parse().expect("a number")))
    };
    body.lines()
        .filter(|line| line.trim().starts_with("ALLOCATOR_"))
        .filter_map(value)
        .collect()
}

fn config() -> Config {
    Config::from_file(Path::new(env!("CARGO_MANIFEST_DIR")).join("cbindgen.toml")).unwrap()
}

fn generate(config: Config) -> String {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    // In the order in which a reader meets them.
    let files = [
        "status",
        "abi",
        "abi_cancel",
        "batch",
        "allocation",
        "certificate",
        "select",
        "interner",
        "method",
        "plan",
        "compare",
        "metrics",
        "event",
        "draw_required",
        "draw",
        "lottery",
        "policy",
        "names",
    ];
    let mut builder = Builder::new().with_config(config);
    for file in files {
        builder = builder.with_src(sources.join(file).with_extension("rs"));
    }
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    let text = String::from_utf8(text).unwrap();
    let text: String = text
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    // What Rust calls safety are the conventions that the header begins with.
    let safety = "//\n// # Safety\n// See the conventions at the top of the header.\n";
    text.replace(safety, "").replace("\n\n\n", "\n\n")
}

fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("include")
        .join(name);
    if std::env::var_os("UPDATE_HEADER").is_some() {
        fs::write(&file, text).unwrap();
    }
    let checked_in = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        checked_in == text,
        "include/{name} is not what the source says; UPDATE_HEADER=1 rewrites it"
    );
}
