//! A crate with one of everything that an index holds; `test_index.py` says what it should hold.

mod inner {
    pub mod deep {
        /// Public by a glob of a glob.
        pub struct Far(pub u8, bool);
        pub fn far(x: &mut [Far]) -> usize {
            x.len()
        }
        pub(crate) fn near() {}
    }
    pub use deep::*;
    pub mod kept {
        pub const K: usize = 4;
        pub use crate::inner::deep::Far as Distant;
    }
    #[repr(u8)]
    pub enum Colour {
        Red,
        Green = 5,
        Blue { depth: u8, name: &'static str },
        Dark(i64, [u8; 3]),
    }
}
pub use inner::kept as chest;
pub use inner::Colour::Red;
pub use inner::*;
pub use std::collections::BTreeMap as Sorted;
pub mod again {
    pub use crate::again as myself;
    pub use crate::inner::Colour as Paint;
}

#[repr(i8)]
#[derive(Clone, Copy, PartialEq)]
pub enum Signed {
    Low = -3,
    Next,
    High = 1 + 2,
}

pub enum Never {}
pub struct Unit;
#[derive(Clone, Debug)]
pub struct Generic<T, const N: usize = 2, U = T>
where
    T: Clone,
{
    pub items: [T; N],
    other: Option<U>,
    call: Option<fn(u8, &T) -> bool>,
    pointer: Option<(*const u8, &'static [u16])>,
}
#[doc(hidden)]
pub struct Hidden;

pub trait Base {
    type Word: Copy + Into<u64>;
    const SIZE: usize;
    const NAME: &'static str = "base";
    fn word(&self) -> Self::Word;
    fn wide(&self) -> u64 {
        self.word().into()
    }
    unsafe fn raw(&mut self, at: *mut u8);
}
pub trait Derived<X = Self>: Base<Word = u32> + Sized
where
    X: ?Sized,
{
    fn mix(self, other: &X) -> Self;
}
trait Secret {}

impl<T: Clone, const N: usize> Generic<T, N, T> {
    pub const WIDTH: usize = N;
    pub fn first(&self) -> Option<&T> {
        self.items.first()
    }
    fn hidden(
        &mut self,
        f: impl FnMut(&T) -> bool + Copy,
        n: impl Into<usize>,
    ) -> impl Iterator<Item = u8> + '_ {
        let _ = (f, n.into(), self.hidden_const::<3>(None));
        std::iter::empty()
    }
    fn hidden_const<const M: usize>(&self, _d: Option<&dyn Fn(u8) -> u16>) -> ! {
        panic!()
    }
}

impl Base for u32 {
    type Word = u32;
    const SIZE: usize = 32;
    fn word(&self) -> u32 {
        *self
    }
    unsafe fn raw(&mut self, _at: *mut u8) {}
}
impl<T> Secret for T where T: Iterator<Item = u8> {}
impl<'a, T: Clone> From<&'a [T; 2]> for Generic<T> {
    fn from(items: &'a [T; 2]) -> Self {
        Self {
            items: items.clone(),
            other: None,
            call: None,
            pointer: None,
        }
    }
}

pub type Pair<T> = Generic<T, 2>;
pub type Outcome<T, E = std::fmt::Error> = Result<T, E>;

impl<T: Clone + std::ops::Add<Output = T>> std::ops::Add for Pair<T> {
    type Output = Pair<T>;
    fn add(self, rhs: Self) -> Self::Output {
        let [a, b] = self.items;
        let [c, d] = rhs.items;
        Generic {
            items: [a + c, b + d],
            other: None,
            call: None,
            pointer: None,
        }
    }
}
impl<T: Clone> std::ops::Index<usize> for Pair<T> {
    type Output = T;
    fn index(&self, index: usize) -> &T {
        &self.items[index]
    }
}
impl Copy for Pair<std::marker::PhantomData<u8>> {}

macro_rules! counted {
    ($name:ident, $ty:ty) => {
        #[derive(Clone, PartialEq)]
        pub struct $name($ty);
        impl std::ops::Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(!self.0)
            }
        }
        impl $name {
            pub const ZERO: $name = $name(0);
        }
    };
}
counted!(One, u8);
counted!(Two, u16);

pub static TABLE: [u8; 2] = [1, 2];
const SECRET: Outcome<u8> = Ok(1);

pub fn formatted(x: &dyn std::fmt::Display, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let _ = (SECRET, inner::deep::near(), Hidden);
    x.fmt(f)
}
pub fn summed<I>(words: I) -> <I::Item as Base>::Word
where
    I: IntoIterator,
    I::Item: Base,
    for<'a> &'a I: Clone,
{
    struct Local;
    impl Local {
        fn inside(&self) {}
    }
    Local.inside();
    words.into_iter().next().unwrap().word()
}
