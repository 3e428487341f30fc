//! One function for each construct that the lifter covers: each is run against its compilation.
#![allow(clippy::all)]

use std::cmp::Ordering;

// Integers ------------------------------------------------------------------------------------

pub fn add_u8(a: u8, b: u8) -> u8 {
    a + b
}
pub fn sub_i16(a: i16, b: i16) -> i16 {
    a - b
}
pub fn mul_i64(a: i64, b: i64) -> i64 {
    a * b
}
pub fn div_i8(a: i8, b: i8) -> i8 {
    a / b
}
pub fn rem_i32(a: i32, b: i32) -> i32 {
    a % b
}
pub fn rem_u128(a: u128, b: u128) -> u128 {
    a % b
}
pub fn neg_i8(a: i8) -> i8 {
    -a
}
pub fn shifts(a: u32, b: i32, n: u32) -> (u32, u32, i32, i32) {
    (a << n, a >> n, b << n, b >> n)
}
pub fn shift_by_signed(a: u64, n: i8) -> u64 {
    a << n
}
pub fn wrapping(a: i32, b: i32, n: u32) -> [i32; 8] {
    [
        a.wrapping_add(b),
        a.wrapping_sub(b),
        a.wrapping_mul(b),
        a.wrapping_neg(),
        a.wrapping_abs(),
        a.wrapping_shl(n),
        a.wrapping_shr(n),
        a.wrapping_pow(3),
    ]
}
pub fn wrapping_division(a: i8, b: i8) -> (i8, i8, i8, i8) {
    (a.wrapping_div(b), a.wrapping_rem(b), a.wrapping_div_euclid(b), a.wrapping_rem_euclid(b))
}
pub fn checked(a: i16, b: i16, n: u32) -> [Option<i16>; 9] {
    [
        a.checked_add(b),
        a.checked_sub(b),
        a.checked_mul(b),
        a.checked_div(b),
        a.checked_rem(b),
        a.checked_neg(),
        a.checked_abs(),
        a.checked_shl(n),
        a.checked_pow(2),
    ]
}
pub fn checked_euclid(a: i8, b: i8) -> (Option<i8>, Option<i8>) {
    (a.checked_div_euclid(b), a.checked_rem_euclid(b))
}
pub fn overflowing(a: u16, b: u16, n: u32) -> [(u16, bool); 6] {
    [
        a.overflowing_add(b),
        a.overflowing_sub(b),
        a.overflowing_mul(b),
        a.overflowing_neg(),
        a.overflowing_shl(n),
        a.overflowing_pow(3),
    ]
}
pub fn overflowing_signed(a: i8, b: i8) -> ((i8, bool), (i8, bool), (i8, bool)) {
    (a.overflowing_div(b), a.overflowing_rem(b), a.overflowing_abs())
}
pub fn saturating(a: i8, b: i8) -> [i8; 5] {
    [
        a.saturating_add(b),
        a.saturating_sub(b),
        a.saturating_mul(b),
        a.saturating_neg(),
        a.saturating_pow(3),
    ]
}
pub fn saturating_unsigned(a: u8, b: u8) -> (u8, u8, u8) {
    (a.saturating_add(b), a.saturating_sub(b), a.saturating_mul(b))
}
pub fn euclid(a: i16, b: i16) -> (i16, i16) {
    (a.div_euclid(b), a.rem_euclid(b))
}
pub fn bit_counts(a: u32, b: i64) -> [u32; 9] {
    [
        a.leading_zeros(),
        a.trailing_zeros(),
        a.count_ones(),
        a.count_zeros(),
        a.leading_ones(),
        a.trailing_ones(),
        b.leading_zeros(),
        b.count_ones(),
        b.trailing_zeros(),
    ]
}
pub fn bit_moves(a: u32, b: i16, n: u32) -> (u32, u32, u32, u32, i16, i16) {
    (
        a.rotate_left(n),
        a.rotate_right(n),
        a.swap_bytes(),
        a.reverse_bits(),
        b.rotate_left(n),
        b.swap_bytes(),
    )
}
pub fn bitwise(a: i32, b: i32, c: bool, d: bool) -> (i32, i32, i32, i32, bool, bool, bool) {
    (a & b, a | b, a ^ b, !a, c & d, c | d, c ^ d)
}
pub fn absolute(a: i32, b: i32) -> (u32, u32, i32, bool, bool) {
    (a.unsigned_abs(), a.abs_diff(b), a.signum(), a.is_positive(), a.is_negative())
}
pub fn abs_panics(a: i8) -> i8 {
    a.abs()
}
pub fn powers(a: u32, b: u8) -> (bool, u32, Option<u8>) {
    (a.is_power_of_two(), (a >> 4).next_power_of_two(), b.checked_next_power_of_two())
}
pub fn next_power_panics(a: u8) -> u8 {
    a.next_power_of_two()
}
pub fn logarithm(a: u32) -> u32 {
    a.ilog2()
}
pub fn rounding(a: u16, b: u16) -> (u16, u16) {
    (a.div_ceil(b), a.next_multiple_of(b))
}
pub fn bytes(a: u32, b: [u8; 8]) -> ([u8; 4], [u8; 4], u64, i64) {
    (a.to_le_bytes(), a.to_be_bytes(), u64::from_le_bytes(b), i64::from_be_bytes(b))
}
pub fn casts(a: i64, b: u64, c: i8, d: bool, e: char) -> (u8, i32, u64, i8, u32, u16, i128, u128) {
    (a as u8, b as i32, c as u64, b as i8, e as u32, d as u16, b as i128, c as u128)
}
pub fn byte_as_char(a: u8) -> char {
    a as char
}
pub fn conversions(a: u8, b: i64) -> (u32, i16, Option<u8>, Option<i32>) {
    (u32::from(a), a.into(), u8::try_from(b).ok(), i32::try_from(b).ok())
}
pub fn extremes(a: i32, b: i32) -> (i32, i32, i32, Ordering) {
    (a.min(b), std::cmp::max(a, b), a.clamp(-5, 9), a.cmp(&b))
}
pub fn clamp_panics(a: u8, low: u8, high: u8) -> u8 {
    a.clamp(low, high)
}
pub fn limits() -> (u8, i64, u32, usize) {
    (u8::MAX, i64::MIN, u64::BITS, usize::MAX)
}
pub fn compound(mut a: u32, b: u32) -> u32 {
    a += b;
    a ^= b << 3;
    a -= b;
    a %= 1000;
    a *= 3;
    a >>= 1;
    a |= 64;
    a
}
pub fn borrowed_operands(a: &u16, b: &u16) -> (u16, bool, Option<Ordering>) {
    (a + b, a < b, a.partial_cmp(b))
}
pub fn carrying(a: u64, b: u64, c: bool) -> (u64, bool) {
    let (x, first) = a.overflowing_add(b);
    let (y, second) = x.overflowing_add(c as u64);
    (y, first | second)
}

// Control -------------------------------------------------------------------------------------

pub fn ranges(a: u8) -> u32 {
    match a {
        0 => 1,
        1..=9 => 2,
        10 | 12 | 14 => 3,
        x if x % 2 == 1 => 4,
        200.. => 5,
        _ => 6,
    }
}
pub fn signed_ranges(a: i8) -> u8 {
    match a {
        i8::MIN..=-1 => 0,
        0 => 1,
        1.. => 2,
    }
}
pub fn chars(c: char) -> u8 {
    match c {
        'a'..='z' => 1,
        'A'..='Z' => 2,
        '0' => 3,
        _ => 4,
    }
}
pub fn labeled(n: u8, m: u8) -> u32 {
    let mut count = 0;
    'outer: for i in 0..n {
        for j in 0..m {
            if i == 7 && j == 3 {
                break 'outer;
            }
            if (i ^ j) & 3 == 3 {
                continue 'outer;
            }
            count += 1;
        }
    }
    count
}
pub fn loop_value(mut n: u32) -> u32 {
    let mut steps = 0;
    loop {
        if n <= 1 || steps == 20 {
            break steps;
        }
        n = if n % 2 == 0 { n / 2 } else { n.wrapping_mul(3).wrapping_add(1) };
        steps += 1;
    }
}
pub fn block_value(a: i32) -> i32 {
    let x = 'done: {
        if a < 0 {
            break 'done -1;
        }
        if a > 1000 {
            break 'done 1;
        }
        0
    };
    x * 2
}
pub fn factorial(n: u8) -> u64 {
    if n == 0 { 1 } else { n as u64 * factorial(n - 1) }
}
pub fn even(n: u8) -> bool {
    n == 0 || odd(n - 1)
}
pub fn odd(n: u8) -> bool {
    n != 0 && even(n - 1)
}
pub fn asserts(a: u8, b: u8) -> u8 {
    assert!(a < 200, "a is too large");
    assert_eq!(a % 2, b % 2);
    debug_assert!(b != 17);
    if a == b {
        unreachable!("equal");
    }
    a
}
pub fn let_else(a: Option<u8>) -> u8 {
    let Some(x) = a else { return 7 };
    x / 2
}

// Data ----------------------------------------------------------------------------------------

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Dot,
    Circle(u16),
    Box { low: Point, high: Point },
}
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    Low = -3,
    Middle = 10,
    High,
}
pub struct Pair<A, B>(pub A, pub B);

impl Point {
    pub const ORIGIN: Point = Point { x: 0, y: 0 };
    pub fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }
    pub fn shift(&mut self, by: i32) -> &mut Self {
        self.x += by;
        self
    }
    pub fn dot(self, other: &Point) -> i64 {
        self.x as i64 * other.x as i64 + self.y as i64 * other.y as i64
    }
    pub fn x_mut(&mut self) -> &mut i32 {
        &mut self.x
    }
}
impl std::ops::Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point { x: self.x.wrapping_add(other.x), y: self.y.wrapping_add(other.y) }
    }
}
impl std::ops::AddAssign<i32> for Point {
    fn add_assign(&mut self, by: i32) {
        self.y = self.y.wrapping_add(by);
    }
}
impl std::ops::Index<usize> for Point {
    type Output = i32;
    fn index(&self, i: usize) -> &i32 {
        match i {
            0 => &self.x,
            1 => &self.y,
            _ => panic!("no such coordinate"),
        }
    }
}
impl Default for Point {
    fn default() -> Self {
        Point { x: 1, y: 2 }
    }
}
impl From<(i32, i32)> for Point {
    fn from(p: (i32, i32)) -> Self {
        Point { x: p.0, y: p.1 }
    }
}

pub fn structs(p: Point, q: Point) -> (Point, bool, i32) {
    let mut r = p + q;
    r += 3;
    (Point { x: 5, ..r }, p == q, r[1])
}
pub fn indexed(p: Point, i: usize) -> i32 {
    p[i % 3]
}
pub fn enums(s: Shape) -> i64 {
    match s {
        Shape::Dot => 0,
        Shape::Circle(r) if r > 100 => r as i64,
        Shape::Circle(r) => -(r as i64),
        Shape::Box { low: Point { x, .. }, high } => x as i64 + high.y as i64,
    }
}
pub fn make_enum(a: u16, p: Point) -> Shape {
    match a % 3 {
        0 => Shape::Dot,
        1 => Shape::Circle(a),
        _ => Shape::Box { low: p, high: Point::ORIGIN },
    }
}
pub fn equal_enums(a: Shape, b: Shape) -> (bool, bool) {
    (a == b, a != Shape::Dot)
}
pub fn discriminants(a: Level) -> (i32, bool) {
    (a as i32, matches!(a, Level::High | Level::Low))
}
pub fn ordered(a: Level, b: Level) -> (bool, Ordering, Option<Ordering>) {
    (a < b, a.cmp(&b), a.partial_cmp(&b))
}
pub fn grow(s: &mut Shape) {
    match s {
        Shape::Dot => *s = Shape::Circle(1),
        Shape::Circle(r) => *r += 1,
        Shape::Box { high, .. } => high.x = high.x.wrapping_mul(2),
    }
}
pub fn chained(mut p: Point) -> Point {
    p.shift(1).shift(2);
    *p.x_mut() /= 2;
    p
}
pub fn generic_struct(p: Pair<u8, Pair<bool, i16>>) -> i16 {
    let Pair(a, Pair(b, c)) = p;
    if b { c / 2 } else { a as i16 }
}
pub fn tuples(t: (u8, (bool, i32)), mut u: (u16, u16)) -> (i32, u16) {
    u.0 /= 2;
    std::mem::swap(&mut u.0, &mut u.1);
    (if t.1.0 { t.1.1 } else { t.0 as i32 }, u.0)
}
pub fn defaults() -> (Point, u8, bool, Option<u8>, [u16; 3], (i8, bool)) {
    Default::default()
}
pub fn converted(a: i32, b: i32) -> Point {
    (a, b).into()
}

// Arrays and slices ---------------------------------------------------------------------------

pub fn array_index(a: [u16; 5], i: usize) -> u16 {
    a[i % 7]
}
pub fn array_update(mut a: [u16; 4], i: usize, v: u16) -> [u16; 4] {
    a[i % 5] = v;
    a[0] ^= 1;
    a
}
pub fn matrix(mut m: [[u8; 3]; 2], i: usize) -> [[u8; 3]; 2] {
    m[i % 2][i % 3] = 9;
    let row = m[1];
    m[0][2] = row[0];
    m
}
pub fn sum_slice(s: &[u8]) -> u32 {
    let mut total = 0;
    for x in s {
        total += *x as u32;
    }
    total
}
pub fn set_slice(s: &mut [u32], i: usize, v: u32) {
    s[i] = v;
}
pub fn subslices(s: &[u8], a: usize, b: usize) -> usize {
    let n = s.len() + 2;
    let t = &s[a % n..];
    let u = &t[..b % n];
    u.len() * 10 + s[1..].len()
}
pub fn inclusive(s: &[u8], a: usize, b: usize) -> usize {
    let n = s.len() + 2;
    s[a % n..=b % n].len()
}
pub fn nested_slices(s: &mut [u16], a: usize) {
    let n = s.len() + 1;
    let t = &mut s[a % n..];
    if let Some(x) = t.first_mut() {
        *x = 1;
    }
    if t.len() > 2 {
        let u = &mut t[1..];
        u[1] = u[0];
        u.swap(0, 1);
    }
}
pub fn split(s: &mut [u8], at: usize) {
    let n = s.len() + 2;
    let (left, right) = s.split_at_mut(at % n);
    for (a, b) in left.iter_mut().zip(right.iter()) {
        *a ^= *b;
    }
    if let [first, .., last] = right {
        std::mem::swap(first, last);
    }
}
pub fn slice_patterns(s: &[u8]) -> u8 {
    match s {
        [] => 0,
        [x] => *x,
        [1, rest @ ..] => rest[0],
        [first, middle @ .., last] => {
            if middle.is_empty() { *first } else { *last }
        }
    }
}
pub fn array_patterns(a: [u8; 4]) -> (u8, [u8; 2]) {
    let [first, rest @ .., last] = a;
    (first ^ last, rest)
}
pub fn increment_all(s: &mut [u8]) {
    for x in s.iter_mut() {
        *x = x.wrapping_add(1);
    }
}
pub fn increment_by_index(s: &mut [u8]) {
    for i in 0..s.len() {
        s[i] += 1;
    }
}
pub fn array_of_mut(mut a: [u8; 4]) -> [u8; 4] {
    for (i, x) in a.iter_mut().enumerate() {
        *x = x.wrapping_mul(i as u8);
    }
    a
}
pub fn copies(a: &mut [u8; 4], b: &[u8; 4], s: &[u8]) -> bool {
    a[..2].copy_from_slice(&b[2..]);
    if s.len() < 3 {
        a[1..3].copy_from_slice(s);
    }
    a == b
}
pub fn fill_part(s: &mut [u8], v: u8) {
    let n = s.len();
    s[n / 2..].fill(v);
    s.reverse();
}
pub fn last_two(s: &[u8]) -> Option<(&u8, &u8)> {
    let (last, rest) = s.split_last()?;
    Some((last, rest.last()?))
}
pub fn get_mut_opt(s: &mut [u8], i: usize) -> bool {
    if let Some(x) = s.get_mut(i % 6) {
        *x = 77;
        true
    } else {
        false
    }
}
pub fn equal_slices(a: &[u8], b: &[u8]) -> (bool, bool) {
    (a == b, a.starts_with(&b[..b.len() / 2]))
}
pub fn find_max(s: &[i16]) -> Option<i16> {
    let mut best = None;
    for &x in s {
        best = match best {
            None => Some(x),
            Some(y) if x > y => Some(x),
            other => other,
        };
    }
    best
}
pub fn bubble(mut a: [u8; 5]) -> [u8; 5] {
    for i in 0..a.len() {
        for j in 0..a.len() - 1 - i {
            if a[j] > a[j + 1] {
                a.swap(j, j + 1);
            }
        }
    }
    a
}
pub fn array_map(a: [u8; 3]) -> [u16; 3] {
    a.map(|x| x as u16 * 2)
}
pub fn array_from_fn(n: u8) -> [u8; 4] {
    std::array::from_fn(|i| n.wrapping_add(i as u8))
}
pub fn repeat_value(v: u8) -> [u8; 70] {
    [v; 70]
}

// Mutable references --------------------------------------------------------------------------

pub fn swap_values(a: &mut u32, b: &mut u32) {
    std::mem::swap(a, b);
}
pub fn replace_take(a: &mut u32, b: &mut Option<u8>) -> (u32, Option<u8>) {
    (std::mem::replace(a, 5), b.take())
}
pub fn volatile(x: u8) -> u8 {
    unsafe { std::ptr::read_volatile(&x) }
}
pub fn through_pointers(a: &mut u32, mut p: (u8, u16)) -> (u32, u8, u16) {
    let old = unsafe { std::ptr::read(a) };
    unsafe { std::ptr::write_volatile(a, old ^ 5) };
    let first = &raw mut p.0;
    unsafe {
        std::ptr::write(first, std::ptr::read(first) & 3);
        std::ptr::write(&mut p.1, 7);
    }
    (old, p.0, p.1)
}
pub fn take_vec(v: &mut Vec<u8>) -> usize {
    let w = std::mem::take(v);
    v.push(1);
    w.len()
}
fn pick<'a>(first: bool, a: &'a mut u8, b: &'a mut u8) -> &'a mut u8 {
    if first { a } else { b }
}
pub fn picked(first: bool, mut a: u8, mut b: u8) -> (u8, u8) {
    let chosen = pick(first, &mut a, &mut b);
    *chosen += 1;
    *chosen = chosen.wrapping_mul(3);
    (a, b)
}
pub fn rebound(c: bool, a: &mut u8, b: &mut u8) {
    let mut r = &mut *a;
    *r ^= 1;
    if c {
        r = b;
    }
    *r ^= 2;
}
pub fn element_refs(a: &mut [u8; 4], i: usize, j: usize) {
    let x = &mut a[i % 4];
    *x = x.wrapping_add(1);
    let y = &mut a[j % 4];
    *y = y.wrapping_mul(2);
}
pub fn moving_index(a: &mut [u8; 4]) {
    let mut i = 0;
    let x = &mut a[i];
    i = 2;
    *x = 9;
    a[i] = 8;
}
pub struct Holder<'a> {
    pub target: &'a mut u16,
    pub count: u8,
}
impl Holder<'_> {
    fn bump(&mut self) {
        *self.target ^= 0xff;
        self.count += 1;
    }
}
pub fn held(mut v: u16) -> (u16, u8) {
    let mut h = Holder { target: &mut v, count: 0 };
    h.bump();
    h.bump();
    *h.target |= 1;
    h.bump();
    let n = h.count;
    (v, n)
}
pub fn option_of_mut(a: Option<&mut u8>) -> u8 {
    match a {
        Some(x) => {
            *x ^= 5;
            *x
        }
        None => 0,
    }
}
pub fn call_option_of_mut(mut v: u8, some: bool) -> (u8, u8) {
    let r = option_of_mut(if some { Some(&mut v) } else { None });
    (r, v)
}
pub fn reference_to_reference(mut a: u8, mut b: u8) -> (u8, u8) {
    let mut r = &mut a;
    let rr = &mut r;
    **rr = 3;
    *rr = &mut b;
    **rr = 4;
    (a, b)
}
pub fn shared_then_changed(mut a: [u8; 3]) -> (u8, [u8; 3]) {
    let old = &a;
    let x = old[1];
    a[1] = 7;
    (x, a)
}
pub fn as_mut_option(mut o: Option<u8>) -> Option<u8> {
    if let Some(x) = o.as_mut() {
        *x |= 1;
    }
    if let Some(x) = &mut o {
        *x ^= 2;
    }
    o
}
pub fn get_or_insert(mut o: Option<u8>) -> (u8, Option<u8>) {
    let x = *o.get_or_insert(4);
    *o.as_mut().unwrap() ^= 1;
    (x, o)
}
fn both(a: &mut u8, b: u8) -> u8 {
    *a ^= b;
    *a
}
pub fn two_phase(mut a: u8) -> u8 {
    let b = both(&mut a, 3);
    a.wrapping_add(b)
}

// Closures ------------------------------------------------------------------------------------

fn apply<F: Fn(u8) -> u8>(f: F, x: u8) -> u8 {
    f(f(x))
}
fn apply_mut(f: &mut impl FnMut(u8), n: u8) {
    for i in 0..n % 5 {
        f(i);
    }
}
fn apply_once<F: FnOnce(u8) -> Option<u8>>(f: F) -> Option<u8> {
    f(9)
}
pub fn closures(a: u8, b: u8) -> (u8, u8) {
    let c = a ^ 1;
    (apply(|x| x.wrapping_add(c), b), apply(&|x: u8| x / 2, b))
}
pub fn closure_by_mut(n: u8) -> (u32, u8) {
    let mut total = 0u32;
    let mut last = 0;
    apply_mut(
        &mut |i| {
            total += i as u32;
            last = i;
        },
        n,
    );
    (total, last)
}
pub fn closure_moved(a: Option<u8>) -> Option<u8> {
    apply_once(move |x| a.map(|y| x ^ y))
}
/// Fields of one variable are captured one by one.
pub fn closure_of_fields(n: u8, t: u8) -> (u8, u8, u8) {
    let mut p = (n, t, 7);
    let odd = n % 2 == 1;
    let seen = odd.then(|| {
        p.1 = p.1.wrapping_add(1);
        p.0 ^= p.2;
        t
    });
    (p.0, p.1, seen.unwrap_or(9))
}
pub fn nested_closures(a: u8, b: u8) -> u8 {
    let outer = |x: u8| {
        let inner = |y: u8| y.wrapping_mul(a);
        inner(x) ^ inner(b)
    };
    outer(1) ^ outer(2)
}
fn half(x: u8) -> u8 {
    x / 2
}
pub fn function_values(a: u8, c: bool) -> (u8, Option<u8>) {
    (apply(half, a), if c { Some(a).map(half) } else { None })
}

// Option and Result ---------------------------------------------------------------------------

pub fn options(a: Option<u8>, b: Option<u8>) -> (bool, u8, Option<u8>, Option<u16>, Option<u8>) {
    (
        a.is_some(),
        a.unwrap_or(3),
        a.or(b),
        a.map(|x| x as u16 + 1),
        a.and_then(|x| b.filter(|y| *y > x)),
    )
}
pub fn unwraps(a: Option<u8>) -> u8 {
    a.unwrap()
}
pub fn expects(a: Result<u8, bool>) -> u8 {
    a.expect("wanted")
}
pub fn questions(a: Option<u8>, b: Option<u8>) -> Option<u8> {
    let x = a?;
    let y = b?;
    x.checked_add(y)
}
pub enum Problem {
    Small(u8),
    Large,
}
impl From<u8> for Problem {
    fn from(x: u8) -> Self {
        Problem::Small(x)
    }
}
fn small(a: u8) -> Result<u8, u8> {
    if a < 50 { Err(a) } else { Ok(a) }
}
pub fn question_converts(a: u8) -> Result<u8, Problem> {
    let x = small(a)?;
    if x > 200 {
        return Err(Problem::Large);
    }
    Ok(x + 1)
}
pub fn results(a: Result<u8, i8>, b: u8) -> (bool, Option<u8>, Result<u16, i8>, u8) {
    (a.is_ok(), a.ok(), a.map(|x| x as u16 * 2), a.unwrap_or_else(|e| e.unsigned_abs() ^ b))
}
pub fn ok_or(a: Option<u8>) -> Result<u8, u16> {
    a.ok_or(300).and_then(|x| if x == 0 { Err(1) } else { Ok(x - 1) })
}
pub fn map_err(a: Result<u8, u8>) -> Result<u8, u16> {
    a.map_err(|e| e as u16 + 1)
}

// Iterators -----------------------------------------------------------------------------------

pub fn sums(s: &[u8]) -> (u32, usize, Option<u8>, bool) {
    (
        s.iter().map(|x| *x as u32).sum(),
        s.iter().filter(|x| **x > 100).count(),
        s.iter().copied().max(),
        s.iter().all(|x| *x != 0),
    )
}
pub fn folded(s: &[u16]) -> u32 {
    s.iter().rev().fold(1u32, |a, x| a.wrapping_mul(31).wrapping_add(*x as u32))
}
pub fn found(s: &[u8]) -> (Option<usize>, Option<&u8>) {
    (s.iter().position(|x| *x % 5 == 0), s.iter().find(|x| **x > 128))
}
pub fn stepped(n: u8) -> u32 {
    let mut t = 0;
    for i in (0..n).step_by(3) {
        t += i as u32;
    }
    for i in (0..=n).rev() {
        t ^= i as u32;
    }
    t
}
pub fn zipped(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).map(|(x, y)| *x as u32 * *y as u32).sum()
}
pub fn chunked(s: &[u8], n: usize) -> Vec<u8> {
    s.chunks(n % 4).map(|c| c[0]).collect()
}
pub fn windowed(s: &[u8]) -> bool {
    s.windows(2).all(|w| w[0] <= w[1])
}
pub fn collected(s: &[u8]) -> Vec<u16> {
    s.iter().enumerate().skip(1).take(3).map(|(i, x)| i as u16 + *x as u16).collect()
}
pub fn chained_iterators(a: &[u8], b: u8) -> Vec<u8> {
    a.iter().cloned().chain(std::iter::once(b)).take_while(|x| *x != 9).collect()
}
pub fn chunks_changed(s: &mut [u8]) {
    for c in s.chunks_mut(3) {
        c[0] = c.len() as u8;
    }
    for c in s.chunks_exact_mut(2) {
        c.swap(0, 1);
    }
}
pub fn tried(s: &[u8]) -> Option<u8> {
    let mut t = 0u8;
    for x in s.iter() {
        t = t.checked_add(*x)?;
    }
    Some(t)
}

// Vectors, boxes and text ---------------------------------------------------------------------

pub fn vectors(mut v: Vec<u8>, i: usize) -> (Vec<u8>, Option<u8>, usize) {
    v.push(1);
    v.extend_from_slice(&[2, 3]);
    let last = v.pop();
    v.truncate(6);
    let n = v.len();
    v.insert(i % (n + 2), 8);
    v[0] = 5;
    (v, last, n)
}
pub fn vector_remove(mut v: Vec<u8>, i: usize) -> (u8, Vec<u8>) {
    let x = v.remove(i % 5);
    (x, v)
}
pub fn vector_iter(v: Vec<u8>) -> u32 {
    let mut t = 0;
    for x in v.iter() {
        t += *x as u32;
    }
    for x in v {
        t ^= x as u32;
    }
    t
}
pub fn vector_macro(n: u8) -> (Vec<u8>, Vec<u16>) {
    (vec![n; (n % 7) as usize], vec![1, n as u16, 3])
}
pub fn vector_of_vectors(mut v: Vec<Vec<u8>>) -> usize {
    if let Some(inner) = v.first_mut() {
        inner.push(4);
    }
    v.iter().map(|x| x.len()).sum()
}
pub fn change_vector(v: &mut Vec<u16>) {
    if v.is_empty() {
        v.resize(2, 7);
    } else {
        v.swap_remove(0);
    }
    for x in v.iter_mut() {
        *x |= 1;
    }
    v.retain(|x| *x < 40000);
}
/// Recursive data: replays cannot build it, so the functions below do.
pub mod lists {
    #[derive(Clone, PartialEq)]
    pub enum List {
        Nil,
        Cons(u8, Box<List>),
    }
    pub fn list_sum(l: &List) -> u32 {
        match l {
            List::Nil => 0,
            List::Cons(x, rest) => *x as u32 + list_sum(rest),
        }
    }
    pub fn list_len(mut l: &List) -> usize {
        let mut n = 0;
        while let List::Cons(_, rest) = l {
            n += 1;
            l = rest;
        }
        n
    }
    pub fn list_push(l: List, x: u8) -> List {
        List::Cons(x, Box::new(l))
    }
    pub fn list_pop(l: List) -> (Option<u8>, List) {
        match l {
            List::Nil => (None, List::Nil),
            List::Cons(x, rest) => (Some(x), *rest),
        }
    }
    pub fn list_bump(l: &mut List) {
        if let List::Cons(x, rest) = l {
            *x = x.wrapping_add(1);
            list_bump(rest);
        }
    }
    pub fn list_reverse(mut l: List) -> List {
        let mut out = List::Nil;
        while let List::Cons(x, rest) = l {
            out = List::Cons(x, Box::new(out));
            l = *rest;
        }
        out
    }
    pub fn list_equal(a: List, b: List) -> bool {
        a == b
    }
    pub fn list_take(l: &mut List) -> Option<u8> {
        match std::mem::replace(l, List::Nil) {
            List::Nil => None,
            List::Cons(x, rest) => {
                *l = *rest;
                Some(x)
            }
        }
    }

    pub fn list_of(s: &[u8]) -> List {
        let mut l = List::Nil;
        for x in s.iter().rev() {
            l = list_push(l, *x);
        }
        l
    }
    pub fn list_bytes(l: &List) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = l;
        while let List::Cons(x, rest) = at {
            out.push(*x);
            at = rest;
        }
        out
    }
}
use lists::*;
pub fn list_counts(s: &[u8]) -> (u32, usize) {
    let l = list_of(s);
    (list_sum(&l), list_len(&l))
}
pub fn list_changed(s: &[u8]) -> (Vec<u8>, Option<u8>, Vec<u8>) {
    let mut l = list_of(s);
    list_bump(&mut l);
    let taken = list_take(&mut l);
    let before = list_bytes(&l);
    (before, taken, list_bytes(&list_reverse(l)))
}
pub fn list_popped(s: &[u8]) -> (Option<u8>, Vec<u8>) {
    let (x, l) = list_pop(list_of(s));
    (x, list_bytes(&l))
}
pub fn list_compared(a: &[u8], b: &[u8]) -> (bool, bool) {
    let l = list_of(a);
    (list_equal(l.clone(), list_of(b)), list_equal(l.clone(), l))
}
pub fn boxes(a: Box<u8>, mut b: Box<Point>) -> (u8, Box<Point>) {
    b.x = *a as i32;
    *b += 1;
    (*a, b)
}
pub fn texts(c: bool) -> usize {
    let s = if c { "one" } else { "three" };
    s.len() + s.as_bytes()[1] as usize
}

pub fn owned_text(a: &str) -> (String, usize, bool) {
    let b = a.to_owned();
    let n = b.len();
    let same = b.as_str() == a && b.as_bytes().len() == n && !b.is_empty();
    (b, n, same)
}

// Generics, traits and constants --------------------------------------------------------------

pub trait Measure {
    const UNIT: u16;
    type Scale: Copy + Into<u32>;
    fn size(&self) -> u16;
    fn scale(&self) -> Self::Scale;
    fn scaled(&self) -> u32 {
        (self.size() as u32 + Self::UNIT as u32).wrapping_mul(self.scale().into())
    }
}
impl Measure for Point {
    const UNIT: u16 = 3;
    type Scale = u8;
    fn size(&self) -> u16 {
        self.x as u16
    }
    fn scale(&self) -> u8 {
        self.y as u8
    }
}
impl<T: Measure, const N: usize> Measure for [T; N] {
    const UNIT: u16 = T::UNIT + N as u16;
    type Scale = T::Scale;
    fn size(&self) -> u16 {
        self.iter().fold(0, |a, x| a ^ x.size())
    }
    fn scale(&self) -> T::Scale {
        self[N - 1].scale()
    }
    fn scaled(&self) -> u32 {
        Self::UNIT as u32
    }
}
fn total<T: Measure>(items: &[T]) -> u32 {
    let mut t = 0u32;
    for x in items {
        t = t.wrapping_add(x.scaled());
    }
    t
}
pub fn measured(a: Point, b: Point) -> (u32, u32, u16) {
    (total(&[a, b]), [[a, b], [b, a]].scaled(), <[Point; 2]>::UNIT)
}
fn largest<T: PartialOrd + Copy, const N: usize>(a: [T; N]) -> T {
    let mut m = a[0];
    for i in 1..N {
        if a[i] > m {
            m = a[i];
        }
    }
    m
}
pub fn generics(a: [u8; 3], b: [i32; 2]) -> (u8, i32) {
    (largest(a), largest(b))
}
fn swapped<A, B>(p: Pair<A, B>) -> Pair<B, A> {
    Pair(p.1, p.0)
}
pub fn generic_swap(a: u8, b: Option<i8>) -> (Option<i8>, u8) {
    let q = swapped(Pair(a, b));
    (q.0, q.1)
}
const fn table() -> [u32; 8] {
    let mut t = [0; 8];
    let mut i = 0;
    while i < 8 {
        t[i] = (i * i) as u32;
        i += 1;
    }
    t
}
const TABLE: [u32; 8] = table();
static NAMES: [&str; 3] = ["a", "bc", "def"];
pub fn looked_up(i: usize) -> (u32, usize) {
    (TABLE[i % 9], NAMES[i % 3].len())
}
pub fn const_generic(a: u8) -> u32 {
    fn power<const N: u32>(x: u8) -> u32 {
        let mut r = 1u32;
        for _ in 0..N {
            r = r.wrapping_mul(x as u32);
        }
        r
    }
    power::<3>(a) ^ power::<2>(a)
}
pub struct Counter {
    left: u8,
}
impl Iterator for Counter {
    type Item = u8;
    fn next(&mut self) -> Option<u8> {
        self.left = self.left.checked_sub(3)?;
        Some(self.left)
    }
}
pub fn own_iterator(n: u8) -> (u32, Option<u8>) {
    let mut t = 0;
    for x in (Counter { left: n }) {
        t += x as u32;
    }
    (t, Counter { left: n }.map(|x| x ^ 1).last())
}

// Evaluation order and aliasing ---------------------------------------------------------------

pub fn order(mut a: u8) -> (u8, u8, u8) {
    let mut next = || {
        a = a.wrapping_mul(5).wrapping_add(1);
        a
    };
    (next(), next(), next())
}
pub fn index_then_value(a: &mut [u8; 4], mut i: usize) {
    i %= 4;
    a[i] = {
        i = (i + 1) % 4;
        a[i]
    };
}
pub fn struct_update(p: &mut Point, q: &mut Point, c: bool) {
    let r = if c { &mut p.x } else { &mut q.y };
    *r = 1;
    std::mem::swap(p, q);
}
pub fn slice_field(t: &mut (u8, [u8; 4]), n: usize) -> u8 {
    let s = &mut t.1[n % 3..];
    s[0] = t.0;
    s[1] = 2;
    let before = s.len() as u8;
    t.0 = before;
    t.1[3]
}
pub fn loop_of_refs(a: &mut [u8; 3], b: &mut [u8; 3], n: u8) {
    let mut x = a;
    let mut y = b;
    for i in 0..n % 6 {
        x[(i % 3) as usize] = i;
        std::mem::swap(&mut x, &mut y);
    }
    y[0] = 99;
}

// Impls that one macro makes -------------------------------------------------------------------

pub trait Fill {
    fn fill(n: u8) -> Self;
}
macro_rules! fill {
    ($($n:expr => $t:ty),*) => {
        $(impl Fill for $t {
            fn fill(n: u8) -> Self {
                [n; $n]
            }
        })*
    };
}
fill!(1 => [u8; 1], 2 => [u8; 2], 3 => [u8; 3]);
pub fn filled(n: u8) -> ([u8; 1], [u8; 3], [u8; 2]) {
    (Fill::fill(n), Fill::fill(n), Fill::fill(n))
}

// Methods of constants ---------------------------------------------------------------------------

const TWELVE: u32 = 12;
pub fn of_constants(x: u16) -> (u32, u32, u32, bool, u32, i8, u32) {
    let low: i8 = -128;
    (
        TWELVE.rotate_right(3),
        TWELVE.leading_zeros() + u32::from(x & 1),
        TWELVE.next_power_of_two(),
        TWELVE.is_power_of_two(),
        TWELVE.ilog2(),
        low.wrapping_abs().rotate_left(1),
        (TWELVE + 1).swap_bytes() ^ u32::from(x),
    )
}

// Closures made at one place, by a macro ---------------------------------------------------------

macro_rules! added {
    ($x:expr, $by:expr) => {
        (|v: u32| v.wrapping_add($by))($x)
    };
}
pub fn adds_one(x: u32) -> u32 {
    added!(x, 1)
}
pub fn adds_two(x: u32) -> u32 {
    added!(x, 2)
}
