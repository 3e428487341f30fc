//! Shapes of functions and types that a replay must reach, under lints that refuse much.
#![no_std]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

extern crate alloc;

use alloc::boxed::Box;
use alloc::vec::Vec;

mod inner;
pub use inner::{Account, Small, Token};

/// A name that shadows one of the prelude's.
pub type Result = u8;

/// An enum with all kinds of variants.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// No fields.
    Empty,
    /// A field without name.
    Square(u32),
    /// Fields with names.
    Rectangle {
        /// First.
        width: u32,
        /// Second.
        height: u32,
    },
}

/// Public fields.
#[derive(Debug, PartialEq)]
pub struct Point {
    /// First.
    pub x: i16,
    /// Second, boxed.
    pub y: Box<i16>,
}

/// Borrows.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// What it borrows.
    pub of: &'a u64,
}

/// Panics on overflow.
pub fn add(a: u32, b: u32) -> u32 {
    a + b
}

/// Area, if it is not zero.
pub fn area(shape: &Shape) -> Option<u64> {
    match shape {
        Shape::Empty => None,
        Shape::Square(side) => Some(u64::from(*side) * u64::from(*side)),
        Shape::Rectangle { width, height } => Some(u64::from(*width) * u64::from(*height)),
    }
}

/// Cuts every value at `top`; how many were cut.
pub fn cut(values: &mut [u32], top: u32) -> usize {
    let mut count = 0;
    for value in values.iter_mut() {
        if *value > top {
            *value = top;
            count += 1;
        }
    }
    count
}

/// Swaps what it can.
pub fn swap(pair: (u8, bool), rest: &[i64; 2], point: Point) -> ((bool, u8), [i64; 2], Point) {
    let swapped = Point { x: *point.y, y: Box::new(point.x) };
    ((pair.1, pair.0), [rest[1], rest[0]], swapped)
}

/// The last element becomes the first.
pub fn turn(mut values: Vec<u16>) -> Vec<u16> {
    values.rotate_right(1);
    values
}

/// Number of bytes, and the character after `c`.
pub fn letters(text: &str, c: char) -> (usize, char) {
    (text.len(), char::from_u32(c as u32 + 1).expect("a character"))
}

/// Takes money out.
pub fn withdraw(account: &mut Account, amount: i64) -> core::result::Result<i64, Token> {
    inner::withdraw(account, amount)
}

/// What a view borrows.
pub fn look(view: View<'_>) -> u64 {
    *view.of
}

/// Never returns for 0.
pub fn spin(n: u32) -> u32 {
    while n == 0 {
        core::hint::spin_loop();
    }
    n
}
