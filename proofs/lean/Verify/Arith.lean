prelude
import Verify.Logic

/-!
Trusted: the arithmetic that the kernel computes by itself.

The kernel replaces these functions, which it knows by name, by its own arithmetic as soon as their
arguments are literals. That is sound only if the definitions say the same, so this file holds
nothing else, and the tests compare each definition with what the kernel computes.
`Nat.add`, `sub`, `mul`, `pow`, `beq` and `ble` are in `Verify.Core`.
-/

set_option autoImplicit false

/-- The remainder, counted up; of a division by zero it is the dividend. -/
@[extern "lean_nat_mod"] def Nat.mod (n d : Nat) : Nat :=
  Nat.rec Nat.zero (fun _ r => cond (Nat.beq (Nat.succ r) d) Nat.zero (Nat.succ r)) n

/-- The quotient, rounded down; by zero it is zero. -/
@[extern "lean_nat_div"] def Nat.div (n d : Nat) : Nat :=
  Nat.rec Nat.zero (fun m q => cond (Nat.beq (Nat.succ (Nat.mod m d)) d) (Nat.succ q) q) n

/-- The greatest common divisor; `gcd 0 n = n`. The first argument falls in each round. -/
@[extern "lean_nat_gcd"] def Nat.gcd (m n : Nat) : Nat :=
  Nat.rec (motive := fun _ => Nat → Nat → Nat) (fun _ n => n)
    (fun _ next m n => cond (Nat.beq m Nat.zero) n (next (Nat.mod n m) m)) m m n

/-- The logarithm, rounded down; of zero it is zero. -/
@[extern "lean_nat_log2"] def Nat.log2 (n : Nat) : Nat :=
  Nat.rec (motive := fun _ => Nat → Nat) (fun _ => Nat.zero)
    (fun _ next n => cond (Nat.ble 2 n) (Nat.succ (next (Nat.div n 2))) Nat.zero) n n

@[extern "lean_nat_shiftl"] def Nat.shiftLeft (n m : Nat) : Nat := Nat.mul n (Nat.pow 2 m)
@[extern "lean_nat_shiftr"] def Nat.shiftRight (n m : Nat) : Nat := Nat.div n (Nat.pow 2 m)

/-- Bit by bit, the lowest first: `bit` of the lowest bits, and the same of the halves. -/
noncomputable def Nat.bits (bit : Nat → Nat → Nat) (fuel : Nat) : Nat → Nat → Nat :=
  Nat.rec (motive := fun _ => Nat → Nat → Nat) (fun _ _ => Nat.zero)
    (fun _ next n m =>
      Nat.add (Nat.mul 2 (next (Nat.div n 2) (Nat.div m 2))) (bit (Nat.mod n 2) (Nat.mod m 2))) fuel

@[extern "lean_nat_land"] def Nat.land (n m : Nat) : Nat :=
  Nat.bits (fun a b => Nat.mul a b) (Nat.add n m) n m
@[extern "lean_nat_lor"] def Nat.lor (n m : Nat) : Nat :=
  Nat.bits (fun a b => Nat.sub (Nat.add a b) (Nat.mul a b)) (Nat.add n m) n m
@[extern "lean_nat_lxor"] def Nat.xor (n m : Nat) : Nat :=
  Nat.bits (fun a b => Nat.mod (Nat.add a b) 2) (Nat.add n m) n m
