prelude
import Verify.Nat

/-!
Integers: a commutative ordered ring, with quotients and remainders.

The operations reduce at once to those of natural numbers, which the kernel computes by itself.
-/

set_option autoImplicit false
set_option linter.unusedSimpArgs false

noncomputable section

set_option genCtorIdx false in
inductive Int : Type where
  | ofNat (n : Nat) : Int
  | negSucc (n : Nat) : Int

instance instOfNat (n : Nat) : OfNat Int n where
  ofNat := Int.ofNat n
instance : Inhabited Int where
  default := 0

namespace Int

/-! ## Operations -/

def negOfNat (n : Nat) : Int := Nat.rec (motive := fun _ => Int) (ofNat 0) (fun k _ => negSucc k) n
/-- `m - n`. -/
def subNatNat (m n : Nat) : Int := Nat.rec (motive := fun _ => Int) (ofNat (m - n)) (fun k _ => negSucc k) (n - m)
@[extern "lean_int_neg"] protected def neg (a : Int) : Int :=
  Int.rec negOfNat (fun n => ofNat (Nat.succ n)) a
@[extern "lean_int_add"] protected def add (a b : Int) : Int :=
  Int.rec (fun m => Int.rec (fun n => ofNat (m + n)) (fun n => subNatNat m (Nat.succ n)) b)
    (fun m => Int.rec (fun n => subNatNat n (Nat.succ m)) (fun n => negSucc (Nat.succ (m + n))) b) a
@[extern "lean_int_mul"] protected def mul (a b : Int) : Int :=
  Int.rec (fun m => Int.rec (fun n => ofNat (m * n)) (fun n => negOfNat (m * Nat.succ n)) b)
    (fun m => Int.rec (fun n => negOfNat (Nat.succ m * n)) (fun n => ofNat (Nat.succ m * Nat.succ n)) b) a
@[extern "lean_int_sub"] protected def sub (a b : Int) : Int := Int.add a (Int.neg b)
@[extern "lean_nat_abs"] def natAbs (a : Int) : Nat := Int.rec (fun n => n) (fun n => Nat.succ n) a
/-- The number itself, or zero if it is negative. -/
def toNat (a : Int) : Nat := Int.rec (fun n => n) (fun _ => 0) a

end Int

instance Int.instNegInt : Neg Int where
  neg := Int.neg
instance Int.instAddInt : Add Int where
  add := Int.add
instance Int.instMulInt : Mul Int where
  mul := Int.mul
instance Int.instSubInt : Sub Int where
  sub := Int.sub

namespace Int

/-- The quotient that leaves a remainder that is not negative: for a positive divisor it is rounded
down. By zero it is zero. -/
@[extern "lean_int_ediv"] protected def ediv (a d : Int) : Int :=
  Int.rec (fun m => Int.rec (fun n => ofNat (m / n)) (fun n => negOfNat (m / Nat.succ n)) d)
    (fun m => Int.rec
      (fun n => Nat.rec (motive := fun _ => Int) (ofNat 0) (fun n _ => negSucc (m / Nat.succ n)) n)
      (fun n => ofNat (Nat.succ (m / Nat.succ n))) d) a
/-- The remainder, which is not negative; of a division by zero it is the dividend. -/
@[extern "lean_int_emod"] protected def emod (a d : Int) : Int :=
  Int.rec (fun m => ofNat (m % natAbs d)) (fun m => subNatNat (natAbs d) (Nat.succ (m % natAbs d))) a
protected def pow (b : Int) (n : Nat) : Int :=
  Int.rec (fun m => ofNat (m ^ n))
    (fun m => Nat.rec (motive := fun _ => Int) (ofNat (Nat.succ m ^ n)) (fun _ _ => negOfNat (Nat.succ m ^ n)) (n % 2)) b

inductive NonNeg : Int → Prop where
  | mk (n : Nat) : NonNeg (ofNat n)
protected def le (a b : Int) : Prop := NonNeg (b - a)
end Int

instance Int.instLEInt : LE Int where
  le := Int.le
protected def Int.lt (a b : Int) : Prop := a + 1 ≤ b
instance Int.instLTInt : LT Int where
  lt := Int.lt
instance Int.instDivInt : Div Int where
  div := Int.ediv
instance Int.instModInt : Mod Int where
  mod := Int.emod
instance Int.instNatPow : NatPow Int where
  pow := Int.pow

namespace Int

/-- The quotient, rounded down, whatever the signs; by zero it is zero. -/
def fdiv (a d : Int) : Int := Int.rec (fun n => a / ofNat n) (fun n => -a / ofNat (Nat.succ n)) d
/-- The remainder to `fdiv`, with the divisor's sign. -/
def fmod (a d : Int) : Int := a - d * fdiv a d

/-! ## Decisions -/

def isNonNeg (a : Int) : Bool := Int.rec (fun _ => true) (fun _ => false) a
theorem nonNeg_of {a : Int} (h : isNonNeg a = true) : NonNeg a := by
  cases a with
  | ofNat n => exact NonNeg.mk n
  | negSucc n => exact (Bool.false_ne_true h).elim
theorem isNonNeg_of {a : Int} (h : NonNeg a) : isNonNeg a = true := by
  cases h; rfl
def beq (a b : Int) : Bool :=
  Int.rec (fun m => Int.rec (fun n => Nat.beq m n) (fun _ => false) b)
    (fun m => Int.rec (fun _ => false) (fun n => Nat.beq m n) b) a
theorem eq_of_beq {a b : Int} (h : beq a b = true) : a = b := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n => exact congrArg ofNat (Nat.eq_of_beq_eq_true m n h)
    | negSucc n => exact (Bool.false_ne_true h).elim
  | negSucc m =>
    cases b with
    | ofNat n => exact (Bool.false_ne_true h).elim
    | negSucc n => exact congrArg negSucc (Nat.eq_of_beq_eq_true m n h)
theorem beq_of_eq {a b : Int} (h : a = b) : beq a b = true := by
  subst h
  cases a with
  | ofNat m => exact Nat.beq_refl m
  | negSucc m => exact Nat.beq_refl m
end Int

instance Int.instDecidableEq : DecidableEq Int := fun a b =>
  ⟨Int.beq a b, Bool.reflects_of _ Int.eq_of_beq Int.beq_of_eq⟩
instance Int.decLe (a b : Int) : Decidable (a ≤ b) :=
  ⟨Int.isNonNeg (b - a), Bool.reflects_of _ Int.nonNeg_of Int.isNonNeg_of⟩
instance Int.decLt (a b : Int) : Decidable (a < b) := Int.decLe (a + 1) b

namespace Int

/-! ## Each integer is a difference of natural numbers -/

theorem subNatNat_right (b k : Nat) : subNatNat (b + k) b = ofNat k := by
  unfold subNatNat
  rw [Nat.sub_eq_zero_of_le (Nat.le_add_right b k), Nat.add_sub_cancel_left]
  rfl
theorem subNatNat_left (a k : Nat) : subNatNat a (a + (k + 1)) = negSucc k := by
  unfold subNatNat
  rw [Nat.add_sub_cancel_left]
theorem ofNat_eq (n : Nat) : ofNat n = subNatNat n 0 := by
  have h := subNatNat_right 0 n
  rw [Nat.zero_add] at h
  exact h.symm
theorem negSucc_eq (n : Nat) : negSucc n = subNatNat 0 (n + 1) := by
  have h := subNatNat_left 0 n
  rw [Nat.zero_add] at h
  exact h.symm
theorem negOfNat_eq (n : Nat) : negOfNat n = subNatNat 0 n := by
  cases n with
  | zero => rfl
  | succ n => exact negSucc_eq n
theorem sub_cases (a b : Nat) : (∃ k, a = b + k) ∨ (∃ k, b = a + (k + 1)) :=
  (Nat.lt_or_ge a b).elim
    (fun h => Or.inr (match Nat.exists_add_of_le h with
      | ⟨k, e⟩ => ⟨k, e.trans (by rw [Nat.succ_add]; rfl)⟩))
    (fun h => Or.inl (Nat.exists_add_of_le h))
theorem subNatNat_congr {a b c d : Nat} (h : a + d = c + b) : subNatNat a b = subNatNat c d :=
  match sub_cases a b with
  | .inl ⟨k, e⟩ => by
    subst e
    have : c = d + k := Nat.add_left_cancel (c := b) (by rw [Nat.add_comm b c, ← h, Nat.add_assoc, Nat.add_comm k])
    rw [this, subNatNat_right, subNatNat_right]
  | .inr ⟨k, e⟩ => by
    subst e
    have : d = c + (k + 1) := Nat.add_left_cancel (c := a) (by rw [h, Nat.add_left_comm])
    rw [this, subNatNat_left, subNatNat_left]
theorem ind {P : Int → Prop} (h : ∀ a b : Nat, P (subNatNat a b)) (i : Int) : P i := by
  cases i with
  | ofNat n => rw [ofNat_eq]; exact h n 0
  | negSucc n => rw [negSucc_eq]; exact h 0 (n + 1)
theorem neg_subNatNat (a b : Nat) : -subNatNat a b = subNatNat b a :=
  match sub_cases a b with
  | .inl ⟨k, e⟩ => by
    subst e
    rw [subNatNat_right]
    refine (negOfNat_eq k).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm]
  | .inr ⟨k, e⟩ => by
    subst e
    rw [subNatNat_left, subNatNat_right]; rfl
theorem add_subNatNat (a b c d : Nat) : subNatNat a b + subNatNat c d = subNatNat (a + c) (b + d) :=
  match sub_cases a b, sub_cases c d with
  | .inl ⟨k, e⟩, .inl ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_right]
    refine (ofNat_eq (k + l)).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc]
  | .inl ⟨k, e⟩, .inr ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_left]
    refine subNatNat_congr (a := k) (b := l + 1) ?_
    simp only [Nat.add_comm, Nat.add_left_comm, Nat.add_assoc]
  | .inr ⟨k, e⟩, .inl ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_left]
    refine subNatNat_congr (a := l) (b := k + 1) ?_
    simp only [Nat.add_comm, Nat.add_left_comm, Nat.add_assoc]
  | .inr ⟨k, e⟩, .inr ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_left, subNatNat_left]
    refine (negSucc_eq (k + l + 1)).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc]
theorem mul_subNatNat (a b c d : Nat) :
    subNatNat a b * subNatNat c d = subNatNat (a * c + b * d) (a * d + b * c) :=
  match sub_cases a b, sub_cases c d with
  | .inl ⟨k, e⟩, .inl ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_right]
    refine (ofNat_eq (k * l)).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc, Nat.left_distrib, Nat.right_distrib]
  | .inl ⟨k, e⟩, .inr ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_left]
    refine (negOfNat_eq (k * (l + 1))).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc, Nat.left_distrib, Nat.right_distrib]
  | .inr ⟨k, e⟩, .inl ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_right, subNatNat_left]
    refine (negOfNat_eq ((k + 1) * l)).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc, Nat.left_distrib, Nat.right_distrib]
  | .inr ⟨k, e⟩, .inr ⟨l, f⟩ => by
    subst e; subst f
    rw [subNatNat_left, subNatNat_left]
    refine (ofNat_eq ((k + 1) * (l + 1))).trans (subNatNat_congr ?_)
    simp only [Nat.zero_add, Nat.add_zero, Nat.add_comm, Nat.add_left_comm, Nat.add_assoc, Nat.left_distrib, Nat.right_distrib]

/-! ## The ring -/

theorem sub_eq_add_neg (a b : Int) : a - b = a + -b := rfl
theorem add_comm (a b : Int) : a + b = b + a := by
  induction a using ind with | h p q => ?_
  induction b using ind with | h r s => ?_
  rw [add_subNatNat, add_subNatNat, Nat.add_comm p, Nat.add_comm q]
theorem add_assoc (a b c : Int) : a + b + c = a + (b + c) := by
  induction a using ind with | h p q => ?_
  induction b using ind with | h r s => ?_
  induction c using ind with | h t u => ?_
  rw [add_subNatNat, add_subNatNat, add_subNatNat, add_subNatNat, Nat.add_assoc, Nat.add_assoc]
theorem zero_add (a : Int) : 0 + a = a := by
  induction a using ind with | h p q => ?_
  refine (add_subNatNat 0 0 p q).trans ?_
  rw [Nat.zero_add, Nat.zero_add]
theorem add_zero (a : Int) : a + 0 = a := by rw [add_comm, zero_add]
theorem add_left_neg (a : Int) : -a + a = 0 := by
  induction a using ind with | h p q => ?_
  rw [neg_subNatNat, add_subNatNat]
  refine subNatNat_congr (c := 0) (d := 0) ?_
  rw [Nat.add_zero, Nat.zero_add, Nat.add_comm]
theorem add_right_neg (a : Int) : a + -a = 0 := by rw [add_comm, add_left_neg]
theorem add_left_comm (a b c : Int) : a + (b + c) = b + (a + c) := by
  rw [← add_assoc, add_comm a b, add_assoc]
theorem mul_comm (a b : Int) : a * b = b * a := by
  induction a using ind with | h p q => ?_
  induction b using ind with | h r s => ?_
  rw [mul_subNatNat, mul_subNatNat]
  refine subNatNat_congr ?_
  simp only [Nat.add_comm, Nat.mul_comm, Nat.add_left_comm]
theorem mul_assoc (a b c : Int) : a * b * c = a * (b * c) := by
  induction a using ind with | h p q => ?_
  induction b using ind with | h r s => ?_
  induction c using ind with | h t u => ?_
  rw [mul_subNatNat, mul_subNatNat, mul_subNatNat, mul_subNatNat]
  refine subNatNat_congr ?_
  simp only [Nat.add_comm, Nat.mul_comm, Nat.add_left_comm, Nat.mul_left_comm, Nat.left_distrib,
    Nat.right_distrib, Nat.add_assoc, Nat.mul_assoc]
theorem mul_left_comm (a b c : Int) : a * (b * c) = b * (a * c) := by
  rw [← mul_assoc, mul_comm a b, mul_assoc]
theorem mul_add (a b c : Int) : a * (b + c) = a * b + a * c := by
  induction a using ind with | h p q => ?_
  induction b using ind with | h r s => ?_
  induction c using ind with | h t u => ?_
  rw [add_subNatNat, mul_subNatNat, mul_subNatNat, mul_subNatNat, add_subNatNat]
  refine subNatNat_congr ?_
  simp only [Nat.add_comm, Nat.mul_comm, Nat.add_left_comm, Nat.left_distrib,
    Nat.right_distrib, Nat.add_assoc]
theorem add_mul (a b c : Int) : (a + b) * c = a * c + b * c := by
  rw [mul_comm, mul_add, mul_comm c, mul_comm c]
theorem one_mul (a : Int) : 1 * a = a := by
  induction a using ind with | h p q => ?_
  refine (mul_subNatNat 1 0 p q).trans (subNatNat_congr ?_)
  simp only [Nat.one_mul, Nat.zero_mul, Nat.add_zero]
theorem mul_one (a : Int) : a * 1 = a := by rw [mul_comm, one_mul]
theorem zero_mul (a : Int) : 0 * a = 0 := by
  induction a using ind with | h p q => ?_
  refine (mul_subNatNat 0 0 p q).trans (subNatNat_congr (c := 0) (d := 0) ?_)
  simp only [Nat.zero_mul, Nat.add_zero]
theorem mul_zero (a : Int) : a * 0 = 0 := by rw [mul_comm, zero_mul]

theorem add_left_cancel {a b c : Int} (h : a + b = a + c) : b = c := by
  have k := congrArg (fun x => -a + x) h
  simp only [← add_assoc, add_left_neg, zero_add] at k
  exact k
theorem add_right_cancel {a b c : Int} (h : a + c = b + c) : a = b := by
  rw [add_comm a, add_comm b] at h
  exact add_left_cancel h
theorem neg_unique {a b : Int} (h : a + b = 0) : b = -a := add_left_cancel (h.trans (add_right_neg a).symm)
theorem neg_neg (a : Int) : - -a = a := (neg_unique (add_left_neg a)).symm
theorem neg_zero : -(0 : Int) = 0 := rfl
theorem neg_add (a b : Int) : -(a + b) = -a + -b :=
  (neg_unique (by rw [add_assoc, add_left_comm b, ← add_assoc, add_right_neg, add_right_neg, zero_add])).symm
theorem neg_mul (a b : Int) : -a * b = -(a * b) :=
  neg_unique (by rw [← add_mul, add_right_neg, zero_mul])
theorem mul_neg (a b : Int) : a * -b = -(a * b) := by rw [mul_comm, neg_mul, mul_comm]
theorem neg_mul_neg (a b : Int) : -a * -b = a * b := by rw [neg_mul, mul_neg, neg_neg]
theorem neg_eq_neg_one_mul (a : Int) : -a = -1 * a := ((neg_mul 1 a).trans (congrArg _ (one_mul a))).symm
theorem sub_self (a : Int) : a - a = 0 := add_right_neg a
theorem sub_zero (a : Int) : a - 0 = a := add_zero a
theorem zero_sub (a : Int) : 0 - a = -a := zero_add _
theorem neg_sub (a b : Int) : -(a - b) = b - a := by
  rw [sub_eq_add_neg, neg_add, neg_neg, add_comm]; rfl
theorem mul_sub (a b c : Int) : a * (b - c) = a * b - a * c := by
  rw [sub_eq_add_neg, mul_add, mul_neg]; rfl
theorem sub_mul (a b c : Int) : (a - b) * c = a * c - b * c := by
  rw [mul_comm, mul_sub, mul_comm c, mul_comm c]
theorem sub_add_cancel (a b : Int) : a - b + b = a := by
  rw [sub_eq_add_neg, add_assoc, add_left_neg, add_zero]
theorem add_sub_cancel (a b : Int) : a + b - b = a := by
  rw [sub_eq_add_neg, add_assoc, add_right_neg, add_zero]
theorem sub_eq_iff {a b c : Int} : a - b = c ↔ a = c + b :=
  ⟨fun h => by rw [← h, sub_add_cancel], fun h => by rw [h, add_sub_cancel]⟩
theorem sub_eq_zero {a b : Int} : a - b = 0 ↔ a = b :=
  ⟨fun h => by rw [sub_eq_iff.mp h, zero_add], fun h => by rw [h, sub_self]⟩

/-! ## The order -/

theorem le_def {a b : Int} : a ≤ b ↔ 0 ≤ b - a :=
  ⟨fun h => show NonNeg (b - a - 0) from (sub_zero (b - a)).symm ▸ h,
    fun h => show NonNeg (b - a) from sub_zero (b - a) ▸ (show NonNeg (b - a - 0) from h)⟩
theorem nonneg_iff {a : Int} : 0 ≤ a ↔ ∃ n, a = ofNat n :=
  ⟨fun h => by
      have k : NonNeg (a - 0) := h
      rw [sub_zero] at k
      cases k with
      | mk n => exact ⟨n, rfl⟩,
    fun ⟨n, e⟩ => by
      subst e
      show NonNeg (ofNat n - 0)
      rw [sub_zero]
      exact NonNeg.mk n⟩
theorem nonneg_of_isNonNeg {a : Int} (h : isNonNeg a = true) : 0 ≤ a := by
  cases a with
  | ofNat n => exact nonneg_iff.mpr ⟨n, rfl⟩
  | negSucc n => exact (Bool.false_ne_true h).elim
theorem ofNat_nonneg (n : Nat) : 0 ≤ ofNat n := nonneg_iff.mpr ⟨n, rfl⟩
theorem add_nonneg {a b : Int} (h : 0 ≤ a) (k : 0 ≤ b) : 0 ≤ a + b :=
  match nonneg_iff.mp h, nonneg_iff.mp k with
  | ⟨m, e⟩, ⟨n, f⟩ => nonneg_iff.mpr ⟨m + n, by rw [e, f]; rfl⟩
theorem mul_nonneg {a b : Int} (h : 0 ≤ a) (k : 0 ≤ b) : 0 ≤ a * b :=
  match nonneg_iff.mp h, nonneg_iff.mp k with
  | ⟨m, e⟩, ⟨n, f⟩ => nonneg_iff.mpr ⟨m * n, by rw [e, f]; rfl⟩
theorem nonneg_or (a : Int) : 0 ≤ a ∨ 0 ≤ -a - 1 := by
  cases a with
  | ofNat n => exact Or.inl (ofNat_nonneg n)
  | negSucc n =>
    refine Or.inr (nonneg_iff.mpr ⟨n, ?_⟩)
    exact sub_eq_iff.mpr rfl
theorem not_nonneg_both {a : Int} (h : 0 ≤ a) (k : 0 ≤ -a - 1) : False :=
  match nonneg_iff.mp (add_nonneg h k) with
  | ⟨n, e⟩ => by
    rw [sub_eq_add_neg, ← add_assoc, add_right_neg, zero_add] at e
    exact Int.noConfusion e
theorem sq_nonneg (a : Int) : 0 ≤ a * a := by
  cases a with
  | ofNat n => exact ofNat_nonneg (n * n)
  | negSucc n => exact ofNat_nonneg _
theorem le_refl (a : Int) : a ≤ a := le_def.mpr (by rw [sub_self]; exact ofNat_nonneg 0)
theorem le_of_eq {a b : Int} (h : a = b) : a ≤ b := h ▸ le_refl a
theorem le_trans {a b c : Int} (h : a ≤ b) (k : b ≤ c) : a ≤ c := le_def.mpr (by
  have s := add_nonneg (le_def.mp k) (le_def.mp h)
  rw [sub_eq_add_neg, sub_eq_add_neg, add_assoc, ← add_assoc (-b), add_left_neg, zero_add] at s
  exact s)
theorem lt_iff {a b : Int} : a < b ↔ a + 1 ≤ b := Iff.rfl
theorem lt_def {a b : Int} : a < b ↔ 0 ≤ b - a - 1 :=
  Iff.trans (le_def (a := a + 1) (b := b)) (by
    rw [sub_eq_add_neg, neg_add, ← add_assoc]; exact Iff.rfl)
theorem not_lt_of_le {a b : Int} (h : a ≤ b) (k : b < a) : False :=
  not_nonneg_both (le_def.mp h) (by rw [neg_sub]; exact lt_def.mp k)
theorem lt_or_le (a b : Int) : a < b ∨ b ≤ a :=
  (nonneg_or (a - b)).elim (fun h => Or.inr (le_def.mpr h))
    (fun h => Or.inl (lt_def.mpr (by rw [neg_sub] at h; exact h)))
theorem le_of_not_lt {a b : Int} (h : ¬a < b) : b ≤ a := (lt_or_le a b).elim (fun k => (h k).elim) (fun k => k)
theorem lt_of_not_le {a b : Int} (h : ¬a ≤ b) : b < a := (lt_or_le b a).elim (fun k => k) (fun k => (h k).elim)
theorem not_lt {a b : Int} : ¬a < b ↔ b ≤ a := ⟨le_of_not_lt, not_lt_of_le⟩
theorem not_le {a b : Int} : ¬a ≤ b ↔ b < a := ⟨lt_of_not_le, fun h k => not_lt_of_le k h⟩
theorem le_total (a b : Int) : a ≤ b ∨ b ≤ a :=
  (nonneg_or (b - a)).elim (fun h => Or.inl (le_def.mpr h)) (fun h => Or.inr (le_def.mpr (by
    rw [neg_sub] at h
    have k := add_nonneg h (ofNat_nonneg 1)
    have e : a - b - 1 + ofNat 1 = a - b := sub_add_cancel _ _
    rw [e] at k
    exact k)))
theorem le_of_lt {a b : Int} (h : a < b) : a ≤ b :=
  (le_total a b).elim (fun k => k) (fun k => (not_lt_of_le k h).elim)
theorem le_antisymm {a b : Int} (h : a ≤ b) (k : b ≤ a) : a = b :=
  match nonneg_iff.mp (le_def.mp h), nonneg_iff.mp (le_def.mp k) with
  | ⟨m, e⟩, ⟨n, f⟩ => by
    have s : ofNat (m + n) = 0 := by
      show ofNat m + ofNat n = 0
      rw [← e, ← f, ← neg_sub b a, add_right_neg]
    have z : m + n = 0 := Int.noConfusion s (fun x => x)
    have m0 : m = 0 := Nat.eq_zero_of_le_zero (z ▸ Nat.le_add_right m n)
    rw [m0] at e
    exact (sub_eq_zero.mp e).symm
theorem lt_of_le_of_lt {a b c : Int} (h : a ≤ b) (k : b < c) : a < c :=
  (lt_or_le a c).elim (fun x => x) (fun x => (not_lt_of_le (le_trans x h) k).elim)
theorem lt_of_lt_of_le {a b c : Int} (h : a < b) (k : b ≤ c) : a < c := le_trans h k
theorem lt_trans {a b c : Int} (h : a < b) (k : b < c) : a < c := lt_of_lt_of_le h (le_of_lt k)
theorem lt_irrefl (a : Int) (h : a < a) : False := not_lt_of_le (le_refl a) h
theorem ne_of_lt {a b : Int} (h : a < b) : a ≠ b := fun e => lt_irrefl b (e ▸ h)
theorem lt_or_gt_of_ne {a b : Int} (h : a ≠ b) : a < b ∨ b < a :=
  (lt_or_le a b).elim Or.inl (fun k => (lt_or_le b a).elim Or.inr (fun l => (h (le_antisymm l k)).elim))
theorem add_le_add {a b c d : Int} (h : a ≤ b) (k : c ≤ d) : a + c ≤ b + d := le_def.mpr (by
  have s := add_nonneg (le_def.mp h) (le_def.mp k)
  have e : b + d - (a + c) = b - a + (d - c) := by
    simp only [sub_eq_add_neg, neg_add, add_assoc, add_left_comm]
  rw [e]
  exact s)
theorem mul_le_mul_of_nonneg_left {a b c : Int} (h : a ≤ b) (k : 0 ≤ c) : c * a ≤ c * b := le_def.mpr (by
  rw [← mul_sub]; exact mul_nonneg k (le_def.mp h))
theorem neg_le_neg {a b : Int} (h : a ≤ b) : -b ≤ -a := le_def.mpr (by
  have e : -a - -b = b - a := by rw [sub_eq_add_neg, neg_neg, add_comm]; rfl
  rw [e]; exact le_def.mp h)
instance : Trans (α := Int) (β := Int) (γ := Int) LE.le LE.le LE.le where
  trans := le_trans
instance : Trans (α := Int) (β := Int) (γ := Int) LT.lt LE.le LT.lt where
  trans := lt_of_lt_of_le
instance : Trans (α := Int) (β := Int) (γ := Int) LE.le LT.lt LT.lt where
  trans := lt_of_le_of_lt

/-! ## Quotients and remainders -/

theorem ediv_add_emod (a d : Int) : d * (a / d) + a % d = a := by
  have pos : ∀ n : Nat, ofNat n * (a / ofNat n) + a % ofNat n = a := by
    intro n
    cases a with
    | ofNat m => exact congrArg ofNat (Nat.div_add_mod m n)
    | negSucc m =>
      cases n with
      | zero =>
        show ofNat 0 * ofNat 0 + subNatNat 0 (Nat.succ (m % 0)) = negSucc m
        rw [Nat.mod_zero]
        exact Int.zero_add _
      | succ n =>
        show ofNat (n + 1) * negSucc (m / (n + 1)) + subNatNat (n + 1) (m % (n + 1) + 1) = negSucc m
        rw [ofNat_eq, negSucc_eq, mul_subNatNat, add_subNatNat, negSucc_eq]
        refine subNatNat_congr ?_
        rw [Nat.mul_zero, Nat.zero_mul, Nat.mul_zero, Nat.add_zero, Nat.add_zero, Nat.zero_add, Nat.zero_add]
        have e : n + 1 + (m + 1) = (n + 1) * (m / (n + 1)) + m % (n + 1) + (n + 1) + 1 := by
          rw [Nat.div_add_mod]; simp only [Nat.add_comm, Nat.add_left_comm]
        rw [e, Nat.left_distrib, Nat.mul_one]
        simp only [Nat.zero_add, Nat.add_assoc, Nat.add_comm, Nat.add_left_comm]
  cases d with
  | ofNat n => exact pos n
  | negSucc n =>
    have q : a / negSucc n = -(a / ofNat (n + 1)) := by
      cases a with
      | ofNat m => rfl
      | negSucc m => rfl
    have r : a % negSucc n = a % ofNat (n + 1) := rfl
    rw [q, r, show negSucc n = -ofNat (n + 1) from rfl, neg_mul_neg]
    exact pos (n + 1)
theorem emod_eq (a d : Int) : a % d = a - d * (a / d) := by
  refine (sub_eq_iff.mpr ?_).symm
  rw [add_comm, ediv_add_emod]
theorem pos_cases {d : Int} (h : 0 < d) : ∃ n, d = ofNat (n + 1) := by
  cases d with
  | negSucc n => exact (Bool.false_ne_true (decide_eq_true (le_of_lt h))).elim
  | ofNat n =>
    cases n with
    | zero => exact (lt_irrefl 0 h).elim
    | succ n => exact ⟨n, rfl⟩
theorem ofNat_lt {m n : Nat} (h : m < n) : ofNat m < ofNat n :=
  match Nat.exists_add_of_le h with
  | ⟨k, e⟩ => lt_def.mpr (nonneg_iff.mpr ⟨k, by
    rw [sub_eq_iff, sub_eq_iff, e]
    show ofNat (Nat.succ m + k) = ofNat (k + 1 + m)
    rw [Nat.succ_add, Nat.add_right_comm, Nat.add_comm m]⟩)
theorem emod_nonneg (a : Int) {d : Int} (h : 0 < d) : 0 ≤ a % d :=
  match pos_cases h with
  | ⟨n, e⟩ => by
    subst e
    cases a with
    | ofNat m => exact ofNat_nonneg _
    | negSucc m =>
      show 0 ≤ subNatNat (n + 1) (m % (n + 1) + 1)
      exact match Nat.exists_add_of_le (Nat.mod_lt m (Nat.succ_pos n)) with
        | ⟨k, f⟩ => by
          rw [subNatNat_congr (c := k) (d := 0) (f.trans (Nat.add_comm _ _)), ← ofNat_eq]
          exact ofNat_nonneg k
theorem emod_lt (a : Int) {d : Int} (h : 0 < d) : a % d < d :=
  match pos_cases h with
  | ⟨n, e⟩ => by
    subst e
    cases a with
    | ofNat m => exact ofNat_lt (Nat.mod_lt m (Nat.succ_pos n))
    | negSucc m =>
      show subNatNat (n + 1) (m % (n + 1) + 1) < ofNat (n + 1)
      refine lt_def.mpr ?_
      rw [ofNat_eq, sub_eq_add_neg (subNatNat _ _) (subNatNat _ _), neg_subNatNat, add_subNatNat]
      have e : subNatNat (n + 1 + (m % (n + 1) + 1)) (0 + (n + 1)) = ofNat (m % (n + 1)) + 1 := by
        rw [Nat.zero_add, subNatNat_right]; rfl
      rw [e, add_sub_cancel]
      exact ofNat_nonneg _
end Int
