//! Readable Rust models of the parts of std that lifted programs use.
//!
//! The bodies of std are not available to the Rust front end and are full of raw pointers. Each
//! function here does what its std namesake does, in a small subset of safe Rust; the compiler
//! that compiles the user's crate compiles this one too, and its MIR is lifted in place of std's.
//! `models.toml` beside this crate says which std item is replaced by which model.
//!
//! # How a std item becomes a model
//!
//! * **Functions and inherent methods**: `core::option::Option::<T>::map_or::<U, F>` becomes
//!   [`option::map_or`]`::<T, U, F>`: the impl's parameters first, then the method's.
//! * **Provided trait methods**: `<I as Iterator>::map::<B, F>` becomes [`iter::map`]`::<I, B, F>`
//!   unless an impl overrides the method: `Self` first, the trait's parameters, the method's.
//! * **Types**: `core::slice::Iter<'_, T>` becomes [`slice::Iter`]`<'_, T>`, which implements the
//!   real `Iterator`; a trait method called on it is found like that of any other type.
//! * **Mirror traits**: Rust forbids `impl PartialEq for Vec<T>` outside std. A trait here that
//!   bears the name of a std trait ([`cmp::PartialEq`]) holds such impls; each counts as an impl
//!   of the std trait itself.
//! * **Primitives**: the functions in [`primitive`] work on whole sequences; the front end may give
//!   them their meaning itself, without a loop.
//!
//! `Option`, `Result`, `ControlFlow`, `Ordering` and `Vec` are types of the front end, as are the
//! methods of integers, conversions, and whatever works on plain data alike (`==`, `clone`); where
//! it knows an item by itself, that comes before the model. Generic arguments are those that the
//! MIR prints: `Option::<&u32>::copied` gives `&u32`, so [`option::copied`] takes the reference's
//! type as its parameter.
//!
//! # What holds of every model
//!
//! A model returns what std returns, panics exactly when std panics, and calls the closures and
//! trait methods that it is given in std's order and number. Panic messages are std's where they
//! are fixed texts; a message that would format a value (`expect`) is a fixed text here.
//!
//! Not modelled: capacity and allocation, drop order, addresses, `size_hint`, `Debug`/`Display`,
//! hashing, and whatever a module's own list of omissions names.
//!
//! # Names to write loop invariants with
//!
//! A loop in a model uses the same few names: `acc` for what is accumulated, `iter` for the
//! iterator being consumed, `i` for an index, `items` for a vector being built.

pub mod array;
pub mod boolean;
pub mod clone;
pub mod cmp;
pub mod iter;
pub mod itertools;
pub mod num;
pub mod ops;
pub mod option;
pub mod primitive;
pub mod result;
pub mod slice;
pub mod vec;
