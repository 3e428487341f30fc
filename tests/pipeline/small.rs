//! Small functions in the manner of field arithmetic, for claims true and false.

pub const P: u32 = 97;

pub struct Element {
    value: u32,
}

pub enum Parsed {
    Empty,
    One(u32),
}

impl Element {
    /// The element that this number stands for.
    pub fn new(value: u32) -> Self {
        Element { value: value % P }
    }

    /// Adds in place.
    pub fn add_assign(&mut self, other: &Element) {
        self.value = reduce(self.value + other.value);
    }
}

/// The residue of a number below `2 * P`.
fn reduce(x: u32) -> u32 {
    if x >= P { x - P } else { x }
}

/// The sum of two residues.
pub fn add(a: u32, b: u32) -> u32 {
    reduce(a + b)
}

/// Adds an element to another two times.
pub fn add_twice(a: &mut Element, b: &Element) {
    a.add_assign(b);
    a.add_assign(b);
}

/// The quotient of two numbers.
pub fn divide(a: u32, b: u32) -> u32 {
    a / b
}

/// The number if it is a residue.
pub fn checked(x: u32) -> Option<u32> {
    if x < P { Some(x) } else { None }
}

/// What is in a sequence of at most one number.
pub fn parse(digits: &[u32]) -> Result<Parsed, usize> {
    match digits.len() {
        0 => Ok(Parsed::Empty),
        1 => Ok(Parsed::One(digits[0])),
        n => Err(n),
    }
}

/// The sum of all numbers, modulo `P`.
pub fn sum(values: &[u32]) -> u32 {
    let mut total = 0;
    let mut i = 0;
    while i < values.len() {
        total = (total + values[i] % P) % P;
        i += 1;
    }
    total
}

/// The sum of all numbers.
pub fn total(values: &[u32]) -> u64 {
    let mut total = 0;
    for value in values {
        total += u64::from(*value);
    }
    total
}

/// The first of a hundred places that holds the number.
pub fn find(values: &[u8; 100], wanted: u8) -> Option<usize> {
    for i in 0..100 {
        if values[i] == wanted {
            return Some(i);
        }
    }
    None
}

/// One of two elements.
pub fn choose(a: Element, b: Element, first: bool) -> Element {
    if first { a } else { b }
}

/// The number, which is at most 200.
pub fn trusting(x: u32) -> u32 {
    if x > 200 {
        unsafe { std::hint::unreachable_unchecked() }
    }
    x
}

#[cold]
#[inline(never)]
fn too_large(x: u32) -> ! {
    panic!("{x} is too large")
}

/// The number, which is below 100.
pub fn guarded(x: u32) -> u32 {
    if x >= 100 {
        too_large(x)
    }
    x
}

#[cold]
fn never_called(x: u32) -> ! {
    if x > 7 {
        panic!("more than seven")
    }
    unsafe { std::hint::unreachable_unchecked() }
}

/// The number, which is below 100 or else above 7.
pub fn half_guarded(x: u32, limit: u32) -> u32 {
    if x >= limit {
        never_called(x)
    }
    x
}

/// The number, or the end of the process.
pub fn ending(x: u32) -> u32 {
    if x > 100 {
        std::process::exit(3)
    }
    x
}

/// The larger of two numbers.
pub fn larger(left: u32, right: u32) -> u32 {
    if left < right { right } else { left }
}

/// A floating point number is not covered.
pub fn half(x: f64) -> f64 {
    x / 2.0
}
