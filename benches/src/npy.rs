//! NumPy's `.npy` files of one dimension, so that every engine reads the same bytes.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// A number that a file may hold.
pub trait Number: Copy {
    /// NumPy's word for it.
    const WORD: &'static str;
    /// Bytes of one.
    const BYTES: usize;
    /// Writes the little-endian bytes.
    ///
    /// # Errors
    /// As the writer.
    fn put(self, out: &mut impl Write) -> io::Result<()>;
    /// Reads little-endian bytes, [`Self::BYTES`] of them.
    fn get(bytes: &[u8]) -> Self;
}

macro_rules! numbers {
    ($($kind:ty = $word:literal),+) => {$(
        impl Number for $kind {
            const WORD: &'static str = $word;
            const BYTES: usize = size_of::<Self>();
            fn put(self, out: &mut impl Write) -> io::Result<()> { out.write_all(&self.to_le_bytes()) }
            fn get(bytes: &[u8]) -> Self { Self::from_le_bytes(bytes.try_into().expect("so many bytes")) }
        }
    )+};
}

numbers!(u32 = "<u4", i64 = "<i8");

const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";

/// Writes the values as an array.
///
/// # Errors
/// As the file system.
pub fn write<T: Number>(path: &Path, values: &[T]) -> io::Result<()> {
    let mut header = format!(
        "{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}",
        T::WORD,
        values.len()
    );
    // The data begin at a multiple of 64 bytes.
    let padded = (MAGIC.len() + 2 + header.len() + 1).next_multiple_of(64) - MAGIC.len() - 2;
    header.push_str(&" ".repeat(padded - header.len() - 1));
    header.push('\n');
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    out.write_all(MAGIC)?;
    out.write_all(
        &u16::try_from(header.len())
            .expect("a short header")
            .to_le_bytes(),
    )?;
    out.write_all(header.as_bytes())?;
    for &value in values {
        value.put(&mut out)?;
    }
    out.flush()
}

/// Reads an array of this kind.
///
/// # Errors
/// As the file system; `InvalidData` for a file of another form.
pub fn read<T: Number>(path: &Path) -> io::Result<Vec<T>> {
    let unfit = |why: &str| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{}: {why}", path.display()),
        )
    };
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut start = [0; 10];
    file.read_exact(&mut start)?;
    let (magic, len) = start.split_at(8);
    if magic != MAGIC {
        return Err(unfit("no .npy file of version 1.0"));
    }
    let mut header = vec![0; u16::from_le_bytes(len.try_into().expect("two bytes")).into()];
    file.read_exact(&mut header)?;
    let header = String::from_utf8_lossy(&header);
    if !header.contains(&format!("'{}'", T::WORD)) || header.contains("'fortran_order': True") {
        return Err(unfit(&format!("not one column of {}", T::WORD)));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if bytes.len() % T::BYTES != 0 {
        return Err(unfit("ends inside a number"));
    }
    Ok(bytes.chunks_exact(T::BYTES).map(T::get).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_kinds_are_refused() {
        let path = std::env::temp_dir().join(format!("allocator-npy-{}.npy", std::process::id()));
        let values = [i64::MIN, -1, 0, 7, i64::MAX];
        write(&path, &values).expect("a file");
        assert_eq!(read::<i64>(&path).expect("the same"), values);
        assert!(read::<u32>(&path).is_err());
        std::fs::remove_file(&path).expect("it is there");
    }
}
