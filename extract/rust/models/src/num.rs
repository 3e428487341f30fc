//! Integer types as a family. Their methods and conversions are native to the front end.

use std::ops::{Add, Mul};

/// What sums and products need of an integer type; the operations are std's, checks included.
pub trait Int: Copy + Add<Output = Self> + Mul<Output = Self> {
    const ZERO: Self;
    const ONE: Self;
}

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
