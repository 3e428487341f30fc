//! What the tests share: comparing outcomes (a value or a panic), random inputs, and driving two
//! iterators side by side.
#![allow(dead_code)]

use std::cell::Cell;
use std::fmt::Debug;
use std::panic::{catch_unwind, set_hook, take_hook, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// What `f` returns, or `None` if it panics; expected panics print nothing.
pub fn outcome<R>(f: impl FnOnce() -> R) -> Option<R> {
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(f));
    QUIET.set(false);
    result.ok()
}

/// The two expressions (std's first) give equal values, or both panic.
#[macro_export]
macro_rules! same {
    ($std:expr, $model:expr) => {{
        let expected = $crate::common::outcome(|| $std);
        let got = $crate::common::outcome(|| $model);
        assert_eq!(
            expected,
            got,
            "{} against {}",
            stringify!($std),
            stringify!($model)
        );
    }};
}

/// A linear congruential generator (Knuth's MMIX constants), high bits only.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound
    }

    /// Up to 7 small numbers, equal ones likely.
    pub fn numbers(&mut self) -> Vec<i32> {
        let len = self.below(8);
        (0..len).map(|_| self.below(5) as i32 - 2).collect()
    }
}

/// A bit pattern that is often near a bound of the type.
pub fn edges(random: &mut Random) -> u128 {
    let wide = (0..4).fold(0u128, |acc, _| (acc << 32) | random.next() as u128);
    let shifted = wide >> random.below(128);
    let near = (1u128 << random.below(128))
        .wrapping_add(random.below(3) as u128)
        .wrapping_sub(1);
    match random.below(4) {
        0 => near,
        1 => near.wrapping_neg(),
        2 => shifted,
        _ => shifted.wrapping_neg(),
    }
}

/// Two iterators give the same items under the same calls of `next` and `nth`, past the end too.
pub fn forward<T: PartialEq + Debug>(
    make: impl Fn() -> (Box<dyn Iterator<Item = T>>, Box<dyn Iterator<Item = T>>),
) {
    for seed in 0..12 {
        let mut random = Random::new(seed);
        let (mut expected, mut got) = make();
        for _ in 0..14 {
            if seed == 0 || random.below(3) > 0 {
                assert_eq!(expected.next(), got.next());
            } else {
                let n = random.below(4);
                assert_eq!(expected.nth(n), got.nth(n));
            }
        }
    }
}

/// An iterator from both ends, as an object.
pub trait Ends<T>: DoubleEndedIterator<Item = T> {}
impl<T, I: DoubleEndedIterator<Item = T>> Ends<T> for I {}

/// As `forward`, from both ends.
pub fn both_ends<T: PartialEq + Debug>(make: impl Fn() -> (Box<dyn Ends<T>>, Box<dyn Ends<T>>)) {
    for seed in 0..24 {
        let mut random = Random::new(seed);
        let (mut expected, mut got) = make();
        for _ in 0..14 {
            match if seed == 0 {
                0
            } else if seed == 1 {
                1
            } else {
                random.below(6)
            } {
                0 | 4 => assert_eq!(expected.next(), got.next()),
                1 | 5 => assert_eq!(expected.next_back(), got.next_back()),
                2 => {
                    let n = random.below(4);
                    assert_eq!(expected.nth(n), got.nth(n));
                }
                _ => {
                    let n = random.below(4);
                    assert_eq!(expected.nth_back(n), got.nth_back(n));
                }
            }
        }
    }
}

/// An iterator of known length from both ends, as an object.
pub trait Exact<T>: DoubleEndedIterator<Item = T> + ExactSizeIterator {}
impl<T, I: DoubleEndedIterator<Item = T> + ExactSizeIterator> Exact<T> for I {}

/// As `both_ends`, comparing the lengths left at each step.
pub fn exact<T: PartialEq + Debug>(make: impl Fn() -> (Box<dyn Exact<T>>, Box<dyn Exact<T>>)) {
    for seed in 0..24 {
        let mut random = Random::new(seed);
        let (mut expected, mut got) = make();
        for _ in 0..14 {
            assert_eq!(expected.len(), got.len());
            match if seed == 0 {
                0
            } else if seed == 1 {
                1
            } else {
                random.below(6)
            } {
                0 | 4 => assert_eq!(expected.next(), got.next()),
                1 | 5 => assert_eq!(expected.next_back(), got.next_back()),
                2 => {
                    let n = random.below(4);
                    assert_eq!(expected.nth(n), got.nth(n));
                }
                _ => {
                    let n = random.below(4);
                    assert_eq!(expected.nth_back(n), got.nth_back(n));
                }
            }
        }
    }
}
