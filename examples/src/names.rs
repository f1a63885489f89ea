//! Outside ids at the edge: kept unchanged in files, made safe to show on a terminal.

use std::hash::{BuildHasher, Hasher, RandomState};

use allocator_core::Interner;

/// An interner whose table nobody can attack with prepared ids; the seed changes no number.
pub(crate) fn interner() -> Interner {
    Interner::with_seed(RandomState::new().build_hasher().finish())
}

/// The text behind an id.
pub(crate) fn of<'a>(names: &'a Interner, id: Option<&u32>) -> &'a str {
    id.and_then(|&id| names.name(id)).unwrap_or_default()
}

/// The text as a terminal may show it: control characters escaped, so that no id moves the cursor.
pub(crate) fn shown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_id_moves_the_cursor() {
        assert_eq!(shown("A\u{1b}[2J\nB"), "A\\u{1b}[2J\\nB");
        assert_eq!(shown("Größe 42"), "Größe 42");
    }
}
