prelude
import Verify.Nat

/-! What hardware designs are written with: bits, and words as natural numbers. -/

set_option autoImplicit false

/-- Bit `i` of a word, from 0 for the lowest. -/
noncomputable def bit (word i : Nat) : Bool := Nat.testBit word i
/-- Exclusive or. -/
noncomputable def exor (a b : Bool) : Bool := cond a (not b) b
/-- `a` if `c`, else `b`. -/
noncomputable def mux (c a b : Bool) : Bool := cond c a b
/-- The word with these bits, the lowest first. -/
noncomputable def ofBits (bits : List Bool) : Nat := List.rec 0 (fun b _ more => 2 * more + cond b 1 0) bits
