//! Loops over slices, for claims about their invariants.

/// The sum of all values, modulo `modulus`.
pub fn sum_modulo(values: &[u32], modulus: u32) -> u32 {
    let mut total = 0u32;
    let mut i = 0;
    while i < values.len() {
        total = ((u64::from(total) + u64::from(values[i])) % u64::from(modulus)) as u32;
        i += 1;
    }
    total
}

/// The value of the polynomial with these coefficients, constant term first, at `x` modulo
/// `modulus`.
pub fn horner(coefficients: &[u32], x: u32, modulus: u32) -> u32 {
    let mut value = 0u32;
    let mut i = coefficients.len();
    while i > 0 {
        i -= 1;
        let shifted = u64::from(value) * u64::from(x);
        value = ((shifted + u64::from(coefficients[i])) % u64::from(modulus)) as u32;
    }
    value
}

/// Where `wanted` stands first.
pub fn position(values: &[u32], wanted: u32) -> Option<usize> {
    let mut i = 0;
    while i < values.len() {
        if values[i] == wanted {
            return Some(i);
        }
        i += 1;
    }
    None
}

/// Sets every value to zero from `start` on.
pub fn clear_from(values: &mut [u32], start: usize) {
    let mut i = start;
    while i < values.len() {
        values[i] = 0;
        i += 1;
    }
}

/// Half of an even number.
fn half(even: u32) -> u32 {
    assert!(even % 2 == 0, "{even} is odd");
    even / 2
}

/// The mean of two numbers.
pub fn mean(a: u32, b: u32) -> u32 {
    half(a.wrapping_add(b))
}
