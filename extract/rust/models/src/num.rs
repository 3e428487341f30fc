//! `core::num`: integer methods beyond the native ones.
//!
//! Native to the front end: `wrapping_*`, `overflowing_*`, `checked_*`, `saturating_*`, `pow`,
//! rotations, bit counts, byte conversions, `abs`. A method `core::num::<impl u32>::div_ceil` is
//! modelled by `div_ceil::<u32>`: the integer type is the one generic argument.
//! Not modelled: floating point, parsing, logarithms, square roots, `Wrapping`, `NonZero`.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// What the models below need of an integer type; every operation is std's, checks included.
pub trait Int:
    Copy
    + Ord
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
{
    const ZERO: Self;
    const ONE: Self;
}

/// Signed integers.
pub trait Signed: Int + Neg<Output = Self> {}

impl Int for u8 {
    const ZERO: u8 = 0;
    const ONE: u8 = 1;
}

impl Int for u16 {
    const ZERO: u16 = 0;
    const ONE: u16 = 1;
}

impl Int for u32 {
    const ZERO: u32 = 0;
    const ONE: u32 = 1;
}

impl Int for u64 {
    const ZERO: u64 = 0;
    const ONE: u64 = 1;
}

impl Int for u128 {
    const ZERO: u128 = 0;
    const ONE: u128 = 1;
}

impl Int for usize {
    const ZERO: usize = 0;
    const ONE: usize = 1;
}

impl Int for i8 {
    const ZERO: i8 = 0;
    const ONE: i8 = 1;
}

impl Int for i16 {
    const ZERO: i16 = 0;
    const ONE: i16 = 1;
}

impl Int for i32 {
    const ZERO: i32 = 0;
    const ONE: i32 = 1;
}

impl Int for i64 {
    const ZERO: i64 = 0;
    const ONE: i64 = 1;
}

impl Int for i128 {
    const ZERO: i128 = 0;
    const ONE: i128 = 1;
}

impl Int for isize {
    const ZERO: isize = 0;
    const ONE: isize = 1;
}

impl Signed for i8 {}
impl Signed for i16 {}
impl Signed for i32 {}
impl Signed for i64 {}
impl Signed for i128 {}
impl Signed for isize {}

/// `core::num::TryFromIntError`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TryFromIntError(pub ());

pub fn div_ceil<T: Int>(a: T, b: T) -> T {
    let quotient = a / b;
    if a % b > T::ZERO {
        quotient + T::ONE
    } else {
        quotient
    }
}

pub fn is_multiple_of<T: Int>(a: T, b: T) -> bool {
    if b == T::ZERO {
        a == T::ZERO
    } else {
        a % b == T::ZERO
    }
}

pub fn next_multiple_of<T: Int>(a: T, b: T) -> T {
    let rest = a % b;
    if rest == T::ZERO {
        a
    } else {
        a + (b - rest)
    }
}

pub fn div_euclid<T: Int>(a: T, b: T) -> T {
    let quotient = a / b;
    if a % b < T::ZERO {
        if b > T::ZERO {
            quotient - T::ONE
        } else {
            quotient + T::ONE
        }
    } else {
        quotient
    }
}

pub fn rem_euclid<T: Int>(a: T, b: T) -> T {
    let rest = a % b;
    if rest < T::ZERO {
        // `rest + |b|`, without forming `|b|`, which may not fit.
        if b < T::ZERO {
            rest - b
        } else {
            rest + b
        }
    } else {
        rest
    }
}

pub fn signum<T: Signed>(a: T) -> T {
    if a > T::ZERO {
        T::ONE
    } else if a == T::ZERO {
        T::ZERO
    } else {
        -T::ONE
    }
}

pub fn is_positive<T: Signed>(a: T) -> bool {
    a > T::ZERO
}

pub fn is_negative<T: Signed>(a: T) -> bool {
    a < T::ZERO
}

// What differs by type ----------------------------------------------------------------------

/// Unsigned integers.
pub trait Unsigned: Int {
    /// Number of one bits.
    fn ones(self) -> u32;
    /// The least `2^k - 1` that is not less than `self`.
    fn mask(self) -> Self;
    /// The largest value.
    const LARGEST: Self;
}

/// Integers, and the unsigned type that holds the distance of any two of them.
pub trait Distance: Int {
    type Magnitude;
    fn abs_diff(self, other: Self) -> Self::Magnitude;
}

impl Unsigned for u8 {
    const LARGEST: u8 = u8::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> u8 {
        if self == 0 {
            0
        } else {
            u8::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for u8 {
    type Magnitude = u8;

    fn abs_diff(self, other: u8) -> u8 {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Unsigned for u16 {
    const LARGEST: u16 = u16::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> u16 {
        if self == 0 {
            0
        } else {
            u16::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for u16 {
    type Magnitude = u16;

    fn abs_diff(self, other: u16) -> u16 {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Unsigned for u32 {
    const LARGEST: u32 = u32::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> u32 {
        if self == 0 {
            0
        } else {
            u32::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for u32 {
    type Magnitude = u32;

    fn abs_diff(self, other: u32) -> u32 {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Unsigned for u64 {
    const LARGEST: u64 = u64::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> u64 {
        if self == 0 {
            0
        } else {
            u64::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for u64 {
    type Magnitude = u64;

    fn abs_diff(self, other: u64) -> u64 {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Unsigned for u128 {
    const LARGEST: u128 = u128::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> u128 {
        if self == 0 {
            0
        } else {
            u128::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for u128 {
    type Magnitude = u128;

    fn abs_diff(self, other: u128) -> u128 {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Unsigned for usize {
    const LARGEST: usize = usize::MAX;

    fn ones(self) -> u32 {
        self.count_ones()
    }

    fn mask(self) -> usize {
        if self == 0 {
            0
        } else {
            usize::MAX >> self.leading_zeros()
        }
    }
}

impl Distance for usize {
    type Magnitude = usize;

    fn abs_diff(self, other: usize) -> usize {
        if self < other {
            other - self
        } else {
            self - other
        }
    }
}

impl Distance for i8 {
    type Magnitude = u8;

    fn abs_diff(self, other: i8) -> u8 {
        if self < other {
            (other as u8).wrapping_sub(self as u8)
        } else {
            (self as u8).wrapping_sub(other as u8)
        }
    }
}

impl Distance for i16 {
    type Magnitude = u16;

    fn abs_diff(self, other: i16) -> u16 {
        if self < other {
            (other as u16).wrapping_sub(self as u16)
        } else {
            (self as u16).wrapping_sub(other as u16)
        }
    }
}

impl Distance for i32 {
    type Magnitude = u32;

    fn abs_diff(self, other: i32) -> u32 {
        if self < other {
            (other as u32).wrapping_sub(self as u32)
        } else {
            (self as u32).wrapping_sub(other as u32)
        }
    }
}

impl Distance for i64 {
    type Magnitude = u64;

    fn abs_diff(self, other: i64) -> u64 {
        if self < other {
            (other as u64).wrapping_sub(self as u64)
        } else {
            (self as u64).wrapping_sub(other as u64)
        }
    }
}

impl Distance for i128 {
    type Magnitude = u128;

    fn abs_diff(self, other: i128) -> u128 {
        if self < other {
            (other as u128).wrapping_sub(self as u128)
        } else {
            (self as u128).wrapping_sub(other as u128)
        }
    }
}

impl Distance for isize {
    type Magnitude = usize;

    fn abs_diff(self, other: isize) -> usize {
        if self < other {
            (other as usize).wrapping_sub(self as usize)
        } else {
            (self as usize).wrapping_sub(other as usize)
        }
    }
}

pub fn abs_diff<T: Distance>(a: T, b: T) -> T::Magnitude {
    a.abs_diff(b)
}

/// The absolute value of a signed integer.
pub fn unsigned_abs<T: Signed + Distance>(a: T) -> T::Magnitude {
    a.abs_diff(T::ZERO)
}

pub fn is_power_of_two<T: Unsigned>(a: T) -> bool {
    a.ones() == 1
}

pub fn next_power_of_two<T: Unsigned>(a: T) -> T {
    if a <= T::ONE {
        T::ONE
    } else {
        (a - T::ONE).mask() + T::ONE
    }
}

pub fn checked_next_power_of_two<T: Unsigned>(a: T) -> Option<T> {
    if a <= T::ONE {
        return Some(T::ONE);
    }
    let mask = (a - T::ONE).mask();
    if mask == T::LARGEST {
        None
    } else {
        Some(mask + T::ONE)
    }
}
