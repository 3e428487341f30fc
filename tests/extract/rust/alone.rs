//! A crate that is one file.

/// The value at `index`.
///
/// # Safety
/// `index` is less than the number of values.
pub unsafe fn value_at(values: &[u32], index: usize) -> u32 {
    unsafe { *values.get_unchecked(index) }
}

/// A private type in a public trait's implementation.
struct Secret {
    code: u8,
}

impl From<u8> for Secret {
    fn from(code: u8) -> Self {
        Self { code: code ^ 0x55 }
    }
}

#[allow(dead_code)]
fn twice(x: u8) -> u8 {
    Secret::from(x).code;
    x * 2
}
