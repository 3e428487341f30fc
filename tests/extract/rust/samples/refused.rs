//! What the lifter does not cover, and must say so.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

pub enum List {
    Nil,
    Cons(u8, Box<List>),
}
pub fn cursor(list: &mut List) {
    let mut at = list;
    while let List::Cons(x, rest) = at {
        *x += 1;
        at = rest;
    }
}
pub struct Noisy<'a>(&'a mut u8);
impl Drop for Noisy<'_> {
    fn drop(&mut self) {
        *self.0 = 1;
    }
}
pub fn dropped(mut a: u8) -> u8 {
    {
        let _noisy = Noisy(&mut a);
    }
    a
}
pub fn cell(a: u8) -> u8 {
    let c = Cell::new(a);
    let shared = &c;
    shared.set(3);
    c.get()
}
static mut COUNT: u32 = 0;
pub fn changed_static() -> u32 {
    unsafe {
        COUNT += 1;
        COUNT
    }
}
static SHARED: AtomicU32 = AtomicU32::new(0);
pub fn atomic() -> u32 {
    SHARED.fetch_add(1, Ordering::SeqCst)
}
pub fn floats(a: f64, b: f64) -> f64 {
    a + b
}
pub union Either {
    pub word: u32,
    pub bytes: [u8; 4],
}
pub fn union_read(a: u32) -> [u8; 4] {
    let e = Either { word: a };
    unsafe { e.bytes }
}
pub fn transmuted(a: u32) -> [u8; 4] {
    unsafe { std::mem::transmute(a) }
}
pub fn offset(a: &[u8; 4]) -> u8 {
    let p = a.as_ptr();
    unsafe { *p.add(2) }
}
pub fn cast_pointer(a: &mut [u16; 2]) {
    let p = a as *mut [u16; 2] as *mut u8;
    unsafe { *p = 7 };
}
pub fn array_of_borrows(a: &mut u8, b: &mut u8, i: usize) {
    let refs = [a, b];
    *refs[i] = 1;
}
pub fn boxed_trait(x: u8) -> u32 {
    let f: Box<dyn Fn(u8) -> u32> = Box::new(|y| y as u32);
    f(x)
}
pub fn half_covered(a: u8, b: f32) -> u8 {
    if a < 10 { a } else { (b * 2.0) as u8 }
}
// Text is its bytes, and a `String` no vector of them: these are about characters.
pub fn string_push(mut a: String) -> usize {
    a.push('é');
    a.len()
}
pub fn string_pop(mut a: String) -> Option<char> {
    a.pop()
}
pub fn string_insert(mut a: String) -> String {
    a.insert(0, 'é');
    a
}
pub fn string_remove(mut a: String) -> char {
    a.remove(0)
}
pub fn string_truncate(mut a: String) -> String {
    a.truncate(1);
    a
}
pub fn string_extend(mut a: String) -> String {
    a.extend(['é']);
    a
}
pub fn string_part(a: &String) -> &str {
    &a[1..]
}
macro_rules! added {
    ($x:expr, $by:expr) => {
        (|v: u32| v.wrapping_add($by))($x)
    };
}
pub fn one_of_two_closures(x: u32) -> u32 {
    added!(x, 1) ^ added!(x, 2)
}
