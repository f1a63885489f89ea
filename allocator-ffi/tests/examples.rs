//! The programs of the README and of `examples/` do what the text beside them says.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::process::Command;

use common::{Language, Library, crate_folder, php, repository, scratch_folder, succeed};

const DROP: &str = "\
500 ordered, 480 received: 384 lines full, 16 waiting (20 units), 0 idle
line 385 gets 0 of 1 unit: 480 units are ahead of it in line and 480 were received. 1 more unit serves it. In front of line 384 it would be served.
verified: ordered
";

#[test]
fn drop_in_c() {
    let library = Library::built("drop_c");
    let source = repository().join("examples/c/drop.c");
    let program = library.compile(&source, Language::C, &["-std=c99"]);
    assert_eq!(succeed(&mut Command::new(program)), DROP);
}

#[test]
fn drop_in_php() {
    let Some(mut php) = php() else { return };
    let library = Library::built("drop_php");
    php.arg(repository().join("examples/php/drop.php"))
        .env("ALLOCATOR_LIB", library.file());
    assert_eq!(succeed(&mut php), DROP);
}

/// Every line that a reader of a README pastes, but for those of Cargo: the library is built already.
#[test]
fn the_lines_to_paste() {
    for (file, lines) in [("README.md", 3), ("allocator-ffi/README.md", 4)] {
        let library = Library::built("pasted");
        let text = fs::read_to_string(repository().join(file)).unwrap();
        let pasted: Vec<&str> = text
            .split("```console\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .flat_map(str::lines)
            .filter(|line| line.contains("drop"))
            .collect();
        assert_eq!(pasted.len(), lines, "{file}: {pasted:?}");
        let mut printed = 0;
        for line in pasted {
            if line.starts_with("php ") && php().is_none() {
                continue;
            }
            let folder = library.folder.display().to_string();
            let here = line.replace("target/drop", &format!("{folder}/drop"));
            let here = here.replace("target/release", &folder);
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(here).current_dir(repository());
            let said = succeed(shell.env("ALLOCATOR_LIB", library.file()));
            let compiles = line.starts_with("cc ");
            assert_eq!(said, if compiles { "" } else { DROP }, "{line}");
            printed += usize::from(!compiles);
        }
        assert!(printed > 0, "{file}");
    }
}

#[test]
fn the_c_program_of_the_readme() {
    let library = Library::built("readme_c");
    let source = library.folder.join("readme.c");
    fs::write(&source, block("c")).unwrap();
    let program = library.compile(&source, Language::C, &["-std=c99"]);
    assert_eq!(succeed(&mut Command::new(program)), block("text"));
}

#[test]
fn the_php_program_of_the_readme() {
    let Some(mut php) = php() else { return };
    let library = Library::built("readme_php");
    let source = scratch_folder("readme_php").join("readme.php");
    fs::write(&source, block("php")).unwrap();
    php.arg(&source)
        .current_dir(repository())
        .env("ALLOCATOR_LIB", library.file());
    assert_eq!(succeed(&mut php), block("text"));
}

#[test]
fn the_plan_of_the_readme_in_c() {
    let library = Library::built("readme_plan_c");
    let source = library.folder.join("plan.c");
    fs::write(&source, block_after(PLAN, "c")).unwrap();
    let program = library.compile(&source, Language::C, &["-std=c99"]);
    assert_eq!(
        succeed(&mut Command::new(program)),
        block_after(PLAN, "text")
    );
}

#[test]
fn the_plan_of_the_readme_in_php() {
    let Some(mut php) = php() else { return };
    let library = Library::built("readme_plan_php");
    let source = scratch_folder("readme_plan_php").join("plan.php");
    fs::write(&source, block_after(PLAN, "php")).unwrap();
    php.arg(&source)
        .current_dir(repository())
        .env("ALLOCATOR_LIB", library.file());
    assert_eq!(succeed(&mut php), block_after(PLAN, "text"));
}

#[test]
fn the_readme_names_every_function() {
    let readme = readme();
    let listed = fs::read_to_string(crate_folder().join("tests/symbols.txt")).unwrap();
    let named = |symbol: &str| {
        let short = |kind| symbol.strip_prefix(kind).map(|rest| format!("`_{rest}`"));
        readme.contains(&format!("`{symbol}`"))
            || short("allocator_allocation_").is_some_and(|it| readme.contains(&it))
            || short("allocator_interner_").is_some_and(|it| readme.contains(&it))
            || short("allocator_plan_").is_some_and(|it| readme.contains(&it))
            || symbol.ends_with("_name")
            || symbol.ends_with("_sentence")
            || symbol.ends_with("_version")
    };
    let missing: Vec<&str> = listed.lines().filter(|symbol| !named(symbol)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn readme() -> String {
    fs::read_to_string(crate_folder().join("README.md")).unwrap()
}

/// Where the README shows a plan of cancellations.
const PLAN: &str = "## Fair cancel";

/// The first block of code in this language.
fn block(language: &str) -> String {
    block_after("", language)
}

/// The first block of code in this language after a heading.
fn block_after(heading: &str, language: &str) -> String {
    let readme = readme();
    let (_, rest) = readme.split_once(heading).expect(heading);
    let (_, rest) = rest
        .split_once(&format!("```{language}\n"))
        .expect(language);
    rest.split_once("```")
        .expect("the end of the block")
        .0
        .to_owned()
}
