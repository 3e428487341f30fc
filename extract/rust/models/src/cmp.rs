//! `core::cmp`: provided methods, `Ordering`, `min`/`max`, and comparisons of std's own types.
//!
//! Comparisons of integers, `bool` and `char` are native to the front end. Mirror impls below:
//! references, slices, arrays, vectors, tuples of up to four, `Option`, `Result`, `Ordering`.

use std::cmp::Ordering;

// Provided methods ---------------------------------------------------------------------------

pub fn ne<A: ?Sized + std::cmp::PartialEq<B>, B: ?Sized>(a: &A, b: &B) -> bool {
    !a.eq(b)
}

pub fn lt<A: ?Sized + std::cmp::PartialOrd<B>, B: ?Sized>(a: &A, b: &B) -> bool {
    match a.partial_cmp(b) {
        Some(Ordering::Less) => true,
        _ => false,
    }
}

pub fn le<A: ?Sized + std::cmp::PartialOrd<B>, B: ?Sized>(a: &A, b: &B) -> bool {
    match a.partial_cmp(b) {
        Some(Ordering::Less | Ordering::Equal) => true,
        _ => false,
    }
}

pub fn gt<A: ?Sized + std::cmp::PartialOrd<B>, B: ?Sized>(a: &A, b: &B) -> bool {
    match a.partial_cmp(b) {
        Some(Ordering::Greater) => true,
        _ => false,
    }
}

pub fn ge<A: ?Sized + std::cmp::PartialOrd<B>, B: ?Sized>(a: &A, b: &B) -> bool {
    match a.partial_cmp(b) {
        Some(Ordering::Greater | Ordering::Equal) => true,
        _ => false,
    }
}

/// `Ord::max`: of two equal values, the second.
pub fn ord_max<T: std::cmp::Ord>(a: T, b: T) -> T {
    if b < a {
        a
    } else {
        b
    }
}

/// `Ord::min`: of two equal values, the first.
pub fn ord_min<T: std::cmp::Ord>(a: T, b: T) -> T {
    if b < a {
        b
    } else {
        a
    }
}

/// `Ord::clamp`.
pub fn ord_clamp<T: std::cmp::Ord>(value: T, min: T, max: T) -> T {
    if !(min <= max) {
        panic!("assertion failed: min <= max");
    }
    if value < min {
        min
    } else if value > max {
        max
    } else {
        value
    }
}

/// `core::cmp::max`.
pub fn max<T: std::cmp::Ord>(a: T, b: T) -> T {
    a.max(b)
}

/// `core::cmp::min`.
pub fn min<T: std::cmp::Ord>(a: T, b: T) -> T {
    a.min(b)
}

// Ordering -----------------------------------------------------------------------------------

pub fn is_eq(order: Ordering) -> bool {
    match order {
        Ordering::Equal => true,
        _ => false,
    }
}

pub fn is_ne(order: Ordering) -> bool {
    match order {
        Ordering::Equal => false,
        _ => true,
    }
}

pub fn is_lt(order: Ordering) -> bool {
    match order {
        Ordering::Less => true,
        _ => false,
    }
}

pub fn is_gt(order: Ordering) -> bool {
    match order {
        Ordering::Greater => true,
        _ => false,
    }
}

pub fn is_le(order: Ordering) -> bool {
    match order {
        Ordering::Greater => false,
        _ => true,
    }
}

pub fn is_ge(order: Ordering) -> bool {
    match order {
        Ordering::Less => false,
        _ => true,
    }
}

pub fn reverse(order: Ordering) -> Ordering {
    match order {
        Ordering::Less => Ordering::Greater,
        Ordering::Equal => Ordering::Equal,
        Ordering::Greater => Ordering::Less,
    }
}

pub fn then(order: Ordering, other: Ordering) -> Ordering {
    match order {
        Ordering::Equal => other,
        _ => order,
    }
}

pub fn then_with<F: FnOnce() -> Ordering>(order: Ordering, f: F) -> Ordering {
    match order {
        Ordering::Equal => f(),
        _ => order,
    }
}

/// `core::cmp::Reverse`.
#[derive(Clone, Copy)]
pub struct Reverse<T>(pub T);

impl<T: std::cmp::PartialEq> std::cmp::PartialEq for Reverse<T> {
    fn eq(&self, other: &Reverse<T>) -> bool {
        self.0 == other.0
    }
}

impl<T: Eq> Eq for Reverse<T> {}

impl<T: std::cmp::PartialOrd> std::cmp::PartialOrd for Reverse<T> {
    fn partial_cmp(&self, other: &Reverse<T>) -> Option<Ordering> {
        other.0.partial_cmp(&self.0)
    }
}

impl<T: std::cmp::Ord> std::cmp::Ord for Reverse<T> {
    fn cmp(&self, other: &Reverse<T>) -> Ordering {
        other.0.cmp(&self.0)
    }
}

// Equality of std's types --------------------------------------------------------------------

/// Mirror of `core::cmp::PartialEq`.
pub trait PartialEq<Rhs: ?Sized = Self> {
    fn eq(&self, other: &Rhs) -> bool;
}

use std::cmp::PartialEq as Eq2;

impl<A: ?Sized + Eq2<B>, B: ?Sized> PartialEq<&B> for &A {
    fn eq(&self, other: &&B) -> bool {
        A::eq(*self, *other)
    }
}

impl<A: ?Sized + Eq2<B>, B: ?Sized> PartialEq<&mut B> for &mut A {
    fn eq(&self, other: &&mut B) -> bool {
        A::eq(*self, *other)
    }
}

impl<A: Eq2<B>, B> PartialEq<[B]> for [A] {
    fn eq(&self, other: &[B]) -> bool {
        crate::slice::equal(self, other)
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<[B; N]> for [A; N] {
    fn eq(&self, other: &[B; N]) -> bool {
        crate::slice::equal(&self[..], &other[..])
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<[B]> for [A; N] {
    fn eq(&self, other: &[B]) -> bool {
        crate::slice::equal(&self[..], other)
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<[B; N]> for [A] {
    fn eq(&self, other: &[B; N]) -> bool {
        crate::slice::equal(self, &other[..])
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<&[B]> for [A; N] {
    fn eq(&self, other: &&[B]) -> bool {
        crate::slice::equal(&self[..], *other)
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<[B; N]> for &[A] {
    fn eq(&self, other: &[B; N]) -> bool {
        crate::slice::equal(*self, &other[..])
    }
}

impl<A: Eq2<B>, B> PartialEq<Vec<B>> for Vec<A> {
    fn eq(&self, other: &Vec<B>) -> bool {
        crate::slice::equal(self, other)
    }
}

impl<A: Eq2<B>, B> PartialEq<[B]> for Vec<A> {
    fn eq(&self, other: &[B]) -> bool {
        crate::slice::equal(self, other)
    }
}

impl<A: Eq2<B>, B> PartialEq<&[B]> for Vec<A> {
    fn eq(&self, other: &&[B]) -> bool {
        crate::slice::equal(self, *other)
    }
}

impl<A: Eq2<B>, B, const N: usize> PartialEq<[B; N]> for Vec<A> {
    fn eq(&self, other: &[B; N]) -> bool {
        crate::slice::equal(self, &other[..])
    }
}

impl<T: Eq2> PartialEq for Option<T> {
    fn eq(&self, other: &Option<T>) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => *a == *b,
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Eq2, E: Eq2> PartialEq for Result<T, E> {
    fn eq(&self, other: &Result<T, E>) -> bool {
        match (self, other) {
            (Ok(a), Ok(b)) => *a == *b,
            (Err(a), Err(b)) => *a == *b,
            _ => false,
        }
    }
}

impl PartialEq for Ordering {
    fn eq(&self, other: &Ordering) -> bool {
        match (self, other) {
            (Ordering::Less, Ordering::Less) => true,
            (Ordering::Equal, Ordering::Equal) => true,
            (Ordering::Greater, Ordering::Greater) => true,
            _ => false,
        }
    }
}

impl PartialEq for () {
    fn eq(&self, _other: &()) -> bool {
        true
    }
}

impl<A: Eq2> PartialEq for (A,) {
    fn eq(&self, other: &(A,)) -> bool {
        self.0 == other.0
    }
}

impl<A: Eq2, B: Eq2> PartialEq for (A, B) {
    fn eq(&self, other: &(A, B)) -> bool {
        self.0 == other.0 && self.1 == other.1
    }
}

impl<A: Eq2, B: Eq2, C: Eq2> PartialEq for (A, B, C) {
    fn eq(&self, other: &(A, B, C)) -> bool {
        self.0 == other.0 && self.1 == other.1 && self.2 == other.2
    }
}

impl<A: Eq2, B: Eq2, C: Eq2, D: Eq2> PartialEq for (A, B, C, D) {
    fn eq(&self, other: &(A, B, C, D)) -> bool {
        self.0 == other.0 && self.1 == other.1 && self.2 == other.2 && self.3 == other.3
    }
}

// Ordering of std's types -----------------------------------------------------------------------

/// Mirror of `core::cmp::PartialOrd`.
pub trait PartialOrd<Rhs: ?Sized = Self> {
    fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>;
}

/// Mirror of `core::cmp::Ord`.
pub trait Ord {
    fn cmp(&self, other: &Self) -> Ordering;
}

use std::cmp::{Ord as Ord2, PartialOrd as PartialOrd2};

/// Lexicographic order, as far as it is decided.
pub fn partial_compare<T: PartialOrd2>(a: &[T], b: &[T]) -> Option<Ordering> {
    let len = if a.len() < b.len() { a.len() } else { b.len() };
    let mut i = 0;
    while i < len {
        let order = a[i].partial_cmp(&b[i]);
        match order {
            Some(Ordering::Equal) => i += 1,
            _ => return order,
        }
    }
    a.len().partial_cmp(&b.len())
}

/// Lexicographic order.
pub fn compare<T: Ord2>(a: &[T], b: &[T]) -> Ordering {
    let len = if a.len() < b.len() { a.len() } else { b.len() };
    let mut i = 0;
    while i < len {
        let order = a[i].cmp(&b[i]);
        match order {
            Ordering::Equal => i += 1,
            _ => return order,
        }
    }
    a.len().cmp(&b.len())
}

impl<A: ?Sized + PartialOrd2<B>, B: ?Sized> PartialOrd<&B> for &A {
    fn partial_cmp(&self, other: &&B) -> Option<Ordering> {
        A::partial_cmp(*self, *other)
    }
}

impl<A: ?Sized + Ord2> Ord for &A {
    fn cmp(&self, other: &&A) -> Ordering {
        A::cmp(*self, *other)
    }
}

impl<T: PartialOrd2> PartialOrd for [T] {
    fn partial_cmp(&self, other: &[T]) -> Option<Ordering> {
        partial_compare(self, other)
    }
}

impl<T: Ord2> Ord for [T] {
    fn cmp(&self, other: &[T]) -> Ordering {
        compare(self, other)
    }
}

impl<T: PartialOrd2, const N: usize> PartialOrd for [T; N] {
    fn partial_cmp(&self, other: &[T; N]) -> Option<Ordering> {
        partial_compare(&self[..], &other[..])
    }
}

impl<T: Ord2, const N: usize> Ord for [T; N] {
    fn cmp(&self, other: &[T; N]) -> Ordering {
        compare(&self[..], &other[..])
    }
}

impl<T: PartialOrd2> PartialOrd for Vec<T> {
    fn partial_cmp(&self, other: &Vec<T>) -> Option<Ordering> {
        partial_compare(self, other)
    }
}

impl<T: Ord2> Ord for Vec<T> {
    fn cmp(&self, other: &Vec<T>) -> Ordering {
        compare(self, other)
    }
}

impl<T: PartialOrd2> PartialOrd for Option<T> {
    fn partial_cmp(&self, other: &Option<T>) -> Option<Ordering> {
        match (self, other) {
            (Some(a), Some(b)) => a.partial_cmp(b),
            (Some(_), None) => Some(Ordering::Greater),
            (None, Some(_)) => Some(Ordering::Less),
            (None, None) => Some(Ordering::Equal),
        }
    }
}

impl<T: Ord2> Ord for Option<T> {
    fn cmp(&self, other: &Option<T>) -> Ordering {
        match (self, other) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (None, None) => Ordering::Equal,
        }
    }
}

impl PartialOrd for Ordering {
    fn partial_cmp(&self, other: &Ordering) -> Option<Ordering> {
        Some(Ord::cmp(self, other))
    }
}

impl Ord for Ordering {
    fn cmp(&self, other: &Ordering) -> Ordering {
        match (self, other) {
            (Ordering::Less, Ordering::Less) => Ordering::Equal,
            (Ordering::Equal, Ordering::Equal) => Ordering::Equal,
            (Ordering::Greater, Ordering::Greater) => Ordering::Equal,
            (Ordering::Less, _) => Ordering::Less,
            (_, Ordering::Less) => Ordering::Greater,
            (Ordering::Greater, _) => Ordering::Greater,
            (_, Ordering::Greater) => Ordering::Less,
        }
    }
}

impl PartialOrd for () {
    fn partial_cmp(&self, _other: &()) -> Option<Ordering> {
        Some(Ordering::Equal)
    }
}

impl Ord for () {
    fn cmp(&self, _other: &()) -> Ordering {
        Ordering::Equal
    }
}

impl<A: PartialOrd2> PartialOrd for (A,) {
    fn partial_cmp(&self, other: &(A,)) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

impl<A: Ord2> Ord for (A,) {
    fn cmp(&self, other: &(A,)) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<A: PartialOrd2, B: PartialOrd2> PartialOrd for (A, B) {
    fn partial_cmp(&self, other: &(A, B)) -> Option<Ordering> {
        match self.0.partial_cmp(&other.0) {
            Some(Ordering::Equal) => self.1.partial_cmp(&other.1),
            order => order,
        }
    }
}

impl<A: Ord2, B: Ord2> Ord for (A, B) {
    fn cmp(&self, other: &(A, B)) -> Ordering {
        match self.0.cmp(&other.0) {
            Ordering::Equal => self.1.cmp(&other.1),
            order => order,
        }
    }
}

impl<A: PartialOrd2, B: PartialOrd2, C: PartialOrd2> PartialOrd for (A, B, C) {
    fn partial_cmp(&self, other: &(A, B, C)) -> Option<Ordering> {
        match self.0.partial_cmp(&other.0) {
            Some(Ordering::Equal) => match self.1.partial_cmp(&other.1) {
                Some(Ordering::Equal) => self.2.partial_cmp(&other.2),
                order => order,
            },
            order => order,
        }
    }
}

impl<A: Ord2, B: Ord2, C: Ord2> Ord for (A, B, C) {
    fn cmp(&self, other: &(A, B, C)) -> Ordering {
        match self.0.cmp(&other.0) {
            Ordering::Equal => match self.1.cmp(&other.1) {
                Ordering::Equal => self.2.cmp(&other.2),
                order => order,
            },
            order => order,
        }
    }
}
