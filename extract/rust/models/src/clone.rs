//! `core::clone`: clones of std's containers whose elements are more than plain data.
//!
//! A clone of plain data is native to the front end; these impls are for elements whose `Clone`
//! is the user's own.

/// `Clone::clone_from`.
pub fn clone_from<T: std::clone::Clone>(target: &mut T, source: &T) {
    *target = source.clone();
}

/// Mirror of `core::clone::Clone`.
pub trait Clone {
    fn clone(&self) -> Self;
}

use std::clone::Clone as Clone2;

impl<T: Clone2> Clone for Option<T> {
    fn clone(&self) -> Option<T> {
        match self {
            Some(value) => Some(value.clone()),
            None => None,
        }
    }
}

impl<T: Clone2, E: Clone2> Clone for Result<T, E> {
    fn clone(&self) -> Result<T, E> {
        match self {
            Ok(value) => Ok(value.clone()),
            Err(error) => Err(error.clone()),
        }
    }
}

impl<T: Clone2> Clone for Vec<T> {
    fn clone(&self) -> Vec<T> {
        crate::slice::to_vec(self)
    }
}

impl<T: Clone2, const N: usize> Clone for [T; N] {
    fn clone(&self) -> [T; N] {
        crate::primitive::array_from_vec(crate::slice::to_vec(&self[..]))
    }
}

impl<A: Clone2, B: Clone2> Clone for (A, B) {
    fn clone(&self) -> (A, B) {
        (self.0.clone(), self.1.clone())
    }
}

impl<A: Clone2, B: Clone2, C: Clone2> Clone for (A, B, C) {
    fn clone(&self) -> (A, B, C) {
        (self.0.clone(), self.1.clone(), self.2.clone())
    }
}
