//! The built library, and compilers and interpreters that use it.
#![allow(dead_code, unreachable_pub, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A library to link against, in a folder of its own where the loader finds it.
pub struct Library {
    pub folder: PathBuf,
}

impl Library {
    /// The library that cargo built beside this test. `cargo test` leaves it in `deps` only.
    pub fn built(scratch: &str) -> Self {
        let test = std::env::current_exe().unwrap();
        let deps = test.parent().unwrap();
        let candidates = [deps.to_owned(), deps.parent().unwrap().to_owned()];
        let built = candidates
            .iter()
            .map(|folder| folder.join("liballocator.so"))
            .find(|file| file.exists())
            .unwrap_or_else(|| panic!("no liballocator.so in {candidates:?}"));
        let folder = scratch_folder(scratch);
        for file in ["liballocator.so", "liballocator.a"] {
            let link = folder.join(file);
            // Another run may have left one that leads elsewhere.
            let _ = fs::remove_file(&link);
            std::os::unix::fs::symlink(built.with_file_name(file), &link).unwrap();
        }
        Self { folder }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.join("liballocator.so")
    }

    /// Compiles a program and returns where it lies.
    pub fn compile(&self, source: &Path, language: Language, flags: &[&str]) -> PathBuf {
        let stem = source.file_stem().unwrap().to_string_lossy();
        let marks: String = flags
            .concat()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let program = self.folder.join(format!("{stem}-{marks}"));
        let mut compiler = language.compiler();
        compiler
            .args(flags)
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g"])
            .arg("-I")
            .arg(crate_folder().join("include"))
            .arg("-o")
            .arg(&program);
        language.source(&mut compiler, source);
        compiler
            .arg("-L")
            .arg(&self.folder)
            .arg("-lallocator")
            .arg("-lpthread")
            .arg(format!("-Wl,-rpath,{}", self.folder.display()))
            // Before LD_LIBRARY_PATH, in which Cargo names folders that may hold an older library.
            .arg("-Wl,--disable-new-dtags");
        succeed(&mut compiler);
        program
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    C,
    Cpp,
}

impl Language {
    fn compiler(self) -> Command {
        let (variable, default) = match self {
            Self::C => ("CC", "cc"),
            Self::Cpp => ("CXX", "c++"),
        };
        Command::new(std::env::var(variable).unwrap_or_else(|_| default.to_owned()))
    }

    fn source(self, compiler: &mut Command, source: &Path) {
        if self == Self::Cpp {
            compiler.args(["-x", "c++"]);
        }
        compiler.arg(source);
        if self == Self::Cpp {
            compiler.args(["-x", "none"]);
        }
    }
}

/// Whether the compiler can build and run programs that watch their memory.
pub fn can_sanitize(flags: &[&str]) -> bool {
    let folder = scratch_folder("sanitize");
    let (source, program) = (folder.join("probe.c"), folder.join("probe"));
    fs::write(&source, "int main(void) { return 0; }\n").unwrap();
    let mut compiler = Language::C.compiler();
    compiler.args(flags).arg("-o").arg(&program).arg(&source);
    let works = |command: &mut Command| command.output().is_ok_and(|it| it.status.success());
    works(&mut compiler) && works(&mut Command::new(&program))
}

/// The PHP that can load libraries. Its absence is a failure where `ALLOCATOR_REQUIRE_PHP=1` says so.
pub fn php() -> Option<Command> {
    let mut php = Command::new("php");
    php.args(["-d", "ffi.enable=1", "-d", "display_errors=stderr"]);
    let mut probe = Command::new("php");
    probe.args(["-r", "exit(extension_loaded('FFI') ? 0 : 1);"]);
    if probe.output().is_ok_and(|it| it.status.success()) {
        return Some(php);
    }
    let required = std::env::var("ALLOCATOR_REQUIRE_PHP").is_ok_and(|it| it == "1");
    assert!(
        !required,
        "ALLOCATOR_REQUIRE_PHP=1, and there is no php with FFI"
    );
    // Past the harness, which swallows what a passing test prints.
    let notice =
        "SKIPPED: PHP tests of allocator-ffi; there is no php with FFI (Debian: php-cli)\n";
    let _ = std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes());
    None
}

pub fn crate_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn repository() -> &'static Path {
    crate_folder().parent().unwrap()
}

pub fn scratch_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The files of a folder with this extension, in order.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(crate_folder().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|it| it == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} has no .{extension}");
    files
}

/// What a command prints. It must end well, and say nothing on standard error.
pub fn succeed(command: &mut Command) -> String {
    let shown = format!("{command:?}");
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .unwrap_or_else(|fault| panic!("{shown}: {fault}"));
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(
        status.success() && stderr.is_empty(),
        "{shown}\n{status}\n{stdout}\n{stderr}"
    );
    stdout.into_owned()
}
