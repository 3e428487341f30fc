"""Rust that replayed calls need: reading private fields, numbers in and out, panics caught."""

from __future__ import annotations

from typing import Final

SUPPORT_CRATE: Final = "verify_replay"

SUPPORT: Final = """\
//! Reads and writes values whose fields are private, and prints results as numbers.

/// Results, as numbers.
#[derive(Default)]
pub struct Output(Vec<String>);

impl Output {
    pub fn scalar<T: Scalar>(&mut self, value: &T) {
        self.0.push(value.number());
    }

    pub fn text(&self) -> String {
        self.0.join(" ")
    }
}

/// What is one number.
pub trait Scalar {
    fn number(&self) -> String;
}

macro_rules! numbers {
    ($($t:ty)*) => {
        $(impl Scalar for $t {
            fn number(&self) -> String {
                self.to_string()
            }
        })*
    };
}

numbers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl Scalar for bool {
    fn number(&self) -> String {
        u8::from(*self).to_string()
    }
}

impl Scalar for char {
    fn number(&self) -> String {
        u32::from(*self).to_string()
    }
}

/// A `T` from its only field that takes up room.
pub fn from_raw<R: Copy, T: Copy>(raw: R) -> T {
    const { assert!(size_of::<R>() == size_of::<T>()) };
    // SAFETY: `T` is as large as that field, and `raw` is a valid value of the field.
    unsafe { std::mem::transmute_copy(&raw) }
}

/// The only field of `value` that takes up room.
pub fn to_raw<T: Copy, R: Copy>(value: &T) -> R {
    const { assert!(size_of::<R>() == size_of::<T>()) };
    // SAFETY: as above.
    unsafe { std::mem::transmute_copy(value) }
}
"""
"""What every test may use."""

OPENING: Final = """
/// The standard library, for modules of crates that do without it.
pub use ::std;

/// Numbers from which arguments are read.
pub struct Input<'a>(std::str::SplitAsciiWhitespace<'a>);

impl<'a> Input<'a> {
    pub fn new(text: &'a str) -> Self {
        Input(text.split_ascii_whitespace())
    }

    pub fn scalar<T: Readable>(&mut self) -> T {
        T::read(self.0.next().expect("more numbers"))
    }

    pub fn sequence<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count: usize = self.scalar();
        (0..count).map(|_| item(self)).collect()
    }
}

/// What one number gives.
pub trait Readable {
    fn read(text: &str) -> Self;
}

macro_rules! readable {
    ($($t:ty)*) => {
        $(impl Readable for $t {
            fn read(text: &str) -> Self {
                text.parse().expect("an integer of this type")
            }
        })*
    };
}

readable!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

impl Readable for bool {
    fn read(text: &str) -> Self {
        text == "1"
    }
}

impl Readable for char {
    fn read(text: &str) -> Self {
        char::from_u32(u32::read(text)).expect("a code point")
    }
}

/// What a struct with private fields implements beside its definition.
pub trait Parts: Sized {
    fn read(input: &mut Input<'_>) -> Self;
    fn write(&self, output: &mut Output);
}

/// The value with these numbers.
pub fn parsed<T: Parts>(numbers: &str) -> T {
    T::read(&mut Input::new(numbers))
}

/// A call that a module inside a crate makes for the outside. `ID` tells cases apart; the
/// implementing type carries the types and constants at which a generic function is called.
pub trait Case<const ID: u64> {
    fn call(input: &mut Input<'_>, output: &mut Output);
}

macro_rules! constants {
    ($($name:ident $t:ty),*) => {
        $(
            /// Carries a constant.
            pub struct $name<const N: $t>;
        )*
    };
}

constants!(
    Const_bool bool, Const_char char,
    Const_u8 u8, Const_u16 u16, Const_u32 u32, Const_u64 u64, Const_u128 u128, Const_usize usize,
    Const_i8 i8, Const_i16 i16, Const_i32 i32, Const_i64 i64, Const_i128 i128, Const_isize isize
);

/// The results of case `ID` of `K` on the numbers in `input`, as numbers.
pub fn call<K: Case<ID>, const ID: u64>(input: &str) -> String {
    let mut output = Output::default();
    K::call(&mut Input::new(input), &mut output);
    output.text()
}

/// Answers each line of standard input (the index of a case, then numbers) with one line: `=` and
/// the results, or `!` and the message of the panic.
pub fn serve(cases: &[fn(&mut Input<'_>, &mut Output)]) {
    use std::io::Write;
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lines() {
        let line = line.expect("standard input is text");
        let answer = std::panic::catch_unwind(|| {
            let mut input = Input::new(&line);
            let mut output = Output::default();
            let case: usize = input.scalar();
            cases[case](&mut input, &mut output);
            output.text()
        });
        match answer {
            Ok(text) => writeln!(out, "= {text}"),
            Err(panic) => writeln!(out, "! {}", message(&*panic).replace('\\n', " ")),
        }
        .expect("standard output is open");
        out.flush().expect("standard output is open");
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => String::new(),
    }
}
"""
"""What calls through copies use besides."""

KEY: Final = """

/// Carries the types at which `verify` calls generic functions of this crate.
#[doc(hidden)]
pub struct VerifyReplayKey<T: ?Sized>(::core::marker::PhantomData<T>);
"""
"""What the root of each copied crate gets."""
