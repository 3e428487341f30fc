prelude
import Verify.Int

/-! The operators of machine integers and sequences that Rust functions are written in.

Every integer is an `Int`; the widths say what the operators mean, as in Rust's own types. All are
total: where Rust's operators would be undefined, checks come first. -/

set_option autoImplicit false
noncomputable section

/-- What `!b` stands for. -/
def Bool.not (b : Bool) : Bool := match b with
  | true => false
  | false => true

/-- `x` is a value of the unsigned type of `w` bits. -/
def U (w : Nat) (x : Int) : Prop := 0 ≤ x ∧ x < Int.ofNat (2 ^ w)
/-- `x` is a value of the signed type of `w` bits. -/
def S (w : Nat) (x : Int) : Prop := -Int.ofNat (2 ^ (w - 1)) ≤ x ∧ x < Int.ofNat (2 ^ (w - 1))

instance instDecidableU (w : Nat) (x : Int) : Decidable (U w x) := instDecidableAnd
instance instDecidableS (w : Nat) (x : Int) : Decidable (S w x) := instDecidableAnd

/-- The unsigned value of `w` bits that is congruent to `x` modulo `2 ^ w`. -/
def wrapU (w : Nat) (x : Int) : Int := x % Int.ofNat (2 ^ w)
/-- The signed value of `w` bits that is congruent to `x` modulo `2 ^ w`. -/
def wrapS (w : Nat) (x : Int) : Int :=
  (x + Int.ofNat (2 ^ (w - 1))) % Int.ofNat (2 ^ w) - Int.ofNat (2 ^ (w - 1))

/-- Power; 0 for a negative exponent. -/
def pow (b e : Int) : Int := if e < 0 then 0 else b ^ Int.toNat e

/-- Bitwise and, in two's complement. -/
def band : Int → Int → Int
  | .ofNat a, .ofNat b => .ofNat (Nat.land a b)
  | .ofNat a, .negSucc b => .ofNat (a - Nat.land a b)
  | .negSucc a, .ofNat b => .ofNat (b - Nat.land a b)
  | .negSucc a, .negSucc b => .negSucc (Nat.lor a b)
/-- Bitwise or, in two's complement. -/
def bor : Int → Int → Int
  | .ofNat a, .ofNat b => .ofNat (Nat.lor a b)
  | .ofNat a, .negSucc b => .negSucc (b - Nat.land a b)
  | .negSucc a, .ofNat b => .negSucc (a - Nat.land a b)
  | .negSucc a, .negSucc b => .negSucc (Nat.land a b)
/-- Bitwise exclusive or, in two's complement. -/
def bxor : Int → Int → Int
  | .ofNat a, .ofNat b => .ofNat (Nat.xor a b)
  | .ofNat a, .negSucc b => .negSucc (Nat.xor a b)
  | .negSucc a, .ofNat b => .negSucc (Nat.xor a b)
  | .negSucc a, .negSucc b => .ofNat (Nat.xor a b)
/-- Complement of an unsigned value of `w` bits. -/
def bnotU (w : Nat) (a : Int) : Int := Int.ofNat (2 ^ w) - 1 - a
/-- Complement of a signed value. -/
def bnotS (a : Int) : Int := -a - 1

/-- `a << n` in the unsigned type of `w` bits; 0 unless `0 ≤ n < w`. -/
def shlU (w : Nat) (a n : Int) : Int :=
  if 0 ≤ n ∧ n < Int.ofNat w then wrapU w (a * Int.ofNat (2 ^ Int.toNat n)) else 0
/-- `a << n` in the signed type of `w` bits; 0 unless `0 ≤ n < w`. -/
def shlS (w : Nat) (a n : Int) : Int :=
  if 0 ≤ n ∧ n < Int.ofNat w then wrapS w (a * Int.ofNat (2 ^ Int.toNat n)) else 0
/-- `a >> n` in a type of `w` bits; only the sign is left unless `0 ≤ n < w`. -/
def shr (w : Nat) (a n : Int) : Int :=
  if 0 ≤ n ∧ n < Int.ofNat w then a / Int.ofNat (2 ^ Int.toNat n) else if a < 0 then -1 else 0

/-- The sum of `f 0`, …, `f (n - 1)`. -/
def sumBelow (n : Nat) (f : Nat → Nat) : Nat := Nat.rec 0 (fun i sum => sum + f i) n
/-- The bits of `a` in a type of `w` bits, as a natural number. -/
def bitsOf (w : Nat) (a : Int) : Nat := Int.toNat (wrapU w a)
/-- Number of zero bits above the highest one bit. -/
def clz (w : Nat) (a : Int) : Int :=
  Int.ofNat w - Int.ofNat (sumBelow w fun i => if 2 ^ i ≤ bitsOf w a then 1 else 0)
/-- Number of zero bits below the lowest one bit. -/
def ctz (w : Nat) (a : Int) : Int :=
  Int.ofNat (sumBelow w fun i => if bitsOf w a % 2 ^ (i + 1) = 0 then 1 else 0)
/-- Number of one bits. -/
def popcount (w : Nat) (a : Int) : Int := Int.ofNat (sumBelow w fun i => bitsOf w a / 2 ^ i % 2)
/-- The bits in reverse order. -/
def bitrev (w : Nat) (a : Int) : Int :=
  Int.ofNat (sumBelow w fun i => bitsOf w a / 2 ^ i % 2 * 2 ^ (w - 1 - i))
/-- The bytes in reverse order. -/
def bswap (w : Nat) (a : Int) : Int :=
  Int.ofNat (sumBelow (w / 8) fun i => bitsOf w a / 2 ^ (8 * i) % 256 * 2 ^ (8 * (w / 8 - 1 - i)))

/-! Sequences: indices are `Int`; out of bounds, reading gives the default that is named. -/

/-- The length. -/
def Seq.len {α : Type} (xs : List α) : Int := List.rec 0 (fun _ _ n => n + 1) xs
/-- The element at index `i`, else `d`. -/
def Seq.at {α : Type} (d : α) (xs : List α) : Int → α :=
  List.rec (fun _ => d) (fun x _ rest i => if i = 0 then x else rest (i - 1)) xs
/-- The sequence with the element at index `i` replaced; itself if there is none. -/
def Seq.store {α : Type} (xs : List α) : Int → α → List α :=
  List.rec (fun _ _ => .nil)
    (fun x tail rest i v => if i = 0 then .cons v tail else .cons x (rest (i - 1) v)) xs
/-- `n` copies of `v`; none if `n` is negative. -/
def Seq.copies {α : Type} (v : α) (n : Int) : List α :=
  Nat.rec .nil (fun _ rest => .cons v rest) (Int.toNat n)
/-- One sequence after the other. -/
def Seq.join {α : Type} (xs ys : List α) : List α := List.rec ys (fun x _ rest => .cons x rest) xs
/-- The elements at indices from `low` up to, not including, `high`. -/
def Seq.cut {α : Type} (xs : List α) : Int → Int → List α :=
  List.rec (fun _ _ => .nil)
    (fun x _ rest low high =>
      if low ≤ 0 ∧ 0 < high then .cons x (rest (low - 1) (high - 1)) else rest (low - 1) (high - 1)) xs
/-- Every element satisfies `p`. -/
def Seq.Every {α : Type} (p : α → Prop) (xs : List α) : Prop := List.rec True (fun x _ rest => p x ∧ rest) xs
