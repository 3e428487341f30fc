// Functions whose MIR shows every construct that the parser knows.
#![allow(dead_code, static_mut_refs, non_camel_case_types)]
#![feature(explicit_tail_calls, core_intrinsics, never_type, f16, f128)]
use std::arch::{asm, global_asm};
use std::fmt::{Debug, Display};
use std::ops::{Add as AddOp, Deref};

pub struct Not(pub u32);
pub struct Add(pub u32, pub u32);
pub struct Len(pub u8);
pub struct Unit;
pub struct r#struct {
    pub r#type: u8,
    pub größe: u16,
}
pub struct Pair<A, B> {
    pub a: A,
    pub b: B,
}
pub struct Grid<const N: usize, const SIGN: i8, const ON: bool, const C: char>(pub [u8; N]);
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Sign {
    Minus = -1,
    Zero = 0,
    Plus = 1,
}
pub enum Shape<T> {
    Empty,
    Dot(T),
    Line { from: T, to: T },
}
pub union Bits {
    pub i: u32,
    pub f: f32,
}
pub trait Named {
    const NAME: &'static str;
    const N: usize;
    type Out;
    fn name(&self) -> Self::Out;
    fn twice(&self) -> (Self::Out, Self::Out) {
        (self.name(), self.name())
    }
}
impl Named for u8 {
    const NAME: &'static str = "u8";
    const N: usize = 3;
    type Out = u16;
    fn name(&self) -> u16 {
        u16::from(*self)
    }
}
macro_rules! named { ($($t:ty),*) => { $(impl Named for $t { const NAME: &'static str = stringify!($t); const N: usize = 1; type Out = $t; fn name(&self) -> $t { *self } })* } }
named!(u16, u32, i64);
pub static TABLE: [u32; 4] = [1, 2, 3, 4];
pub static mut COUNTER: u64 = 0;
pub const LIMIT: usize = 1 << 4;
pub const ORIGIN: Pair<i8, bool> = Pair { a: -3, b: true };
thread_local! { static LOCAL: std::cell::Cell<u32> = const { std::cell::Cell::new(1) }; }
unsafe extern "C" {
    static environ: *const *const u8;
    fn abs(x: i32) -> i32;
}

pub fn tuple_structs(x: u32) -> (Not, Add, Len) {
    (Not(x), Add(x, x), Len(1))
}
pub fn operators(x: u32, y: u32) -> (u32, u32, bool, i32) {
    (!x, x.wrapping_add(y) % 7, x < y, -(y as i32))
}
pub fn literals() -> (
    char,
    char,
    char,
    &'static str,
    &'static [u8; 5],
    &'static std::ffi::CStr,
) {
    (
        '\'',
        '\u{1f600}',
        '\n',
        "a // scope 0 at x:1:1: 1:2\n\"{}\" }; é -> bb1",
        b"\x00\"\\\n~",
        c"hi",
    )
}
pub fn extremes() -> (u128, i128, usize, isize, i8, u64) {
    (
        u128::MAX,
        i128::MIN,
        usize::MAX,
        isize::MIN,
        i8::MIN,
        u64::MAX,
    )
}
pub fn floats() -> (f32, f64, f64, f32, f16, f128) {
    (
        1.5e-7,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f32::NAN,
        1.0,
        -2.5,
    )
}
pub fn fields(s: r#struct) -> (r#struct, u16) {
    let t = r#struct {
        r#type: s.r#type,
        größe: 4,
    };
    (t, s.größe)
}
pub fn const_args(g: Grid<4, -2, true, 'x'>) -> u8 {
    g.0[1]
}
pub fn signs(s: Sign) -> i32 {
    match s {
        Sign::Minus => -5,
        Sign::Zero => 0,
        Sign::Plus => 5,
    }
}
pub fn negative(x: i8) -> u8 {
    match x {
        -1 => 1,
        -128 => 2,
        7 => 3,
        _ => 4,
    }
}
pub fn letters(c: char) -> bool {
    matches!(c, 'a' | 'é')
}
pub fn shapes<T: Copy>(s: &mut Shape<T>, t: T) -> Option<T> {
    match s {
        Shape::Empty => {
            *s = Shape::Line { from: t, to: t };
            None
        }
        Shape::Dot(x) => Some(*x),
        Shape::Line { to, .. } => {
            let old = *to;
            *to = t;
            Some(old)
        }
    }
}
pub fn slices(x: &[u32]) -> u32 {
    match x {
        [] => 0,
        [a] => *a,
        [first, middle @ .., last] => *first + *last + middle.len() as u32,
    }
}
pub fn arrays(x: [Pair<u8, u8>; 5]) -> u8 {
    let [a, rest @ .., z] = &x;
    let [.., y, _] = &x;
    a.a + rest[1].b + z.b + y.a
}
pub fn suffix(x: &[u8]) -> &[u8] {
    match x {
        [_, rest @ ..] => rest,
        _ => x,
    }
}
pub fn prefix(x: &[u8]) -> &[u8] {
    match x {
        [rest @ .., _] => rest,
        _ => x,
    }
}
pub fn union_read(b: Bits) -> f32 {
    unsafe { b.f }
}
pub fn statics(i: usize) -> u64 {
    unsafe {
        COUNTER += 1;
        COUNTER + u64::from(TABLE[i])
    }
}
pub fn foreign(x: i32) -> bool {
    unsafe { abs(x) > 0 && !environ.is_null() }
}
pub fn local() -> u32 {
    LOCAL.with(|c| {
        c.set(c.get() + 1);
        c.get()
    })
}
pub fn pointers(x: *mut u32, y: *const u32) -> usize {
    unsafe {
        *x = *y;
        let p = &raw mut *x;
        let q = &raw const *y;
        p as usize - q as usize + p.offset_from(q) as usize
    }
}
pub fn function_values() -> (
    fn(u32, u32) -> Add,
    fn(&str) -> usize,
    fn() -> Unit,
    unsafe extern "C" fn(i32) -> i32,
) {
    fn unit() -> Unit {
        Unit
    }
    (Add, str::len, unit, abs)
}
pub fn higher(
    f: &dyn for<'a> Fn(&'a str) -> &'a str,
    g: fn(u8) -> u8,
    h: impl Fn(u8) -> u8 + Copy,
) -> u8 {
    let s = f("x");
    g(h(s.len() as u8))
}
pub fn closures(v: Vec<u32>, k: u32) -> Vec<u32> {
    let n = move |x: u32| x + k;
    let z = || 1;
    v.into_iter().map(n).map(|y| y + z()).collect()
}
pub fn boxed(x: Box<dyn Display + Send>, y: Box<[u8]>) -> String {
    let z: Box<dyn Debug> = Box::new(y);
    format!("{x} {z:?} {{}}")
}
pub fn impls<T: IntoIterator<Item = u8>>(t: T) -> impl Iterator<Item = u16> + use<T> {
    t.into_iter().map(u16::from)
}
pub fn projections<T: Named<Out = U>, U: AddOp<Output = U>>(t: &T) -> <U as AddOp>::Output {
    let (a, b) = t.twice();
    a + b
}
pub fn assoc<T: Named>() -> (usize, &'static str, [u8; 2]) {
    (T::N + u8::N, T::NAME, [7; 2])
}
pub fn repeat<const N: usize>(x: u8) -> [u8; N] {
    [x; N]
}
pub fn checked(a: i32, b: i32, i: usize, s: &[i32]) -> i32 {
    a / b + a % b + (a << b) + s[i]
}
pub fn never(x: Option<u8>) -> u8 {
    match x {
        Some(v) => v,
        None => panic!("no value: {}", 3),
    }
}
pub fn forever() -> ! {
    loop {}
}
pub fn questions(s: &str) -> Result<u8, std::num::ParseIntError> {
    let x: u8 = s.parse()?;
    Ok(x)
}
pub fn units() -> (Unit, Option<Unit>, Result<(), Unit>, ()) {
    (Unit, None, Err(Unit), ())
}
pub fn const_values() -> (Pair<i8, bool>, Option<&'static str>) {
    const { (ORIGIN, Some("k")) }
}
pub fn derefs(x: &std::rc::Rc<Pair<u8, Box<u16>>>) -> u16 {
    *x.deref().b + u16::from(x.a)
}
#[cfg(target_arch = "x86_64")]
pub fn assembly(mut x: u64, y: u64) -> u64 {
    let z: u64;
    unsafe {
        asm!("add {0}, {1}", "# mov rax, \"{{}}\"", inout(reg) x, in(reg) y, lateout("rax") z, out("rcx") _, options(nostack));
        asm!("nop /* {} {} */", const 5, sym abs);
        asm!("jmp {}", label { return 3; })
    }
    x + z
}
pub async fn later(x: u8) -> u8 {
    x + std::future::ready(1u8).await
}
pub fn futures() -> impl std::future::Future<Output = u8> {
    async { later(3).await }
}
pub fn tail(n: u64) -> u64 {
    if n == 0 { 0 } else { become tail(n - 1) }
}
pub fn intrinsics(a: *const u8, b: *mut u8, n: usize) -> u8 {
    unsafe {
        std::intrinsics::assume(n < 9);
        std::ptr::copy_nonoverlapping(a, b, n);
        std::hint::assert_unchecked(n > 1);
        std::intrinsics::discriminant_value(&Sign::Plus) as u8
    }
}
pub fn nested(t: &mut [[(u8, [u16; 3]); 2]], i: usize, j: usize) -> u16 {
    t[i][j].1[j] += 1;
    t[i][1].1[2]
}
pub fn labelled(n: u32) -> u32 {
    let mut s = 0;
    'outer: for i in 0..n {
        for j in (0..i).rev() {
            if j == 3 {
                continue 'outer;
            }
            if s > 99 {
                break 'outer;
            }
            s += j;
        }
    }
    s
}
global_asm!("fn_not_here: nop");
impl<T> Pair<T, T> {
    pub fn swap(self) -> Self {
        struct Inner<'a>(&'a u8);
        let _ = Inner(&1);
        Pair {
            a: self.b,
            b: self.a,
        }
    }
}
pub fn turbofish<F: Fn(u8) -> u8>(f: F, x: impl Debug) -> usize {
    let v = Vec::<F>::with_capacity(1);
    std::mem::drop(x);
    v.len() + std::mem::size_of::<fn(&u8) -> u8>() + usize::from(f(2))
}
pub fn items() -> (usize, Unit) {
    let length = str::len;
    let unit = Unit;
    (length("x"), unit)
}
pub fn replaced(x: &mut (Not, Len)) {
    x.0 = Not(7);
    *x = (Not(8), Len(9));
}
