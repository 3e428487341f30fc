prelude
import Verify.Division
import Verify.Machine

/-!
What is known of operations that are no polynomials: the lemmas of `proofs/certify/lemmas.py`.

They are named and stated as there; powers of two are written `Int.ofNat (2 ^ w)`, which the kernel
computes to the literals of the instances.
-/

set_option autoImplicit false

noncomputable section
namespace Facts
open Int Refute

theorem div_pos (a d : Int) (h : 0 < d) : d * (a / d) ≤ a ∧ a < d * (a / d) + d := ediv_bounds a d h
theorem mod_pos (a d : Int) (_ : 0 < d) : a % d = a - d * (a / d) := emod_eq a d
theorem fdiv_pos (a d : Int) (h : 0 < d) : d * fdiv a d ≤ a ∧ a < d * fdiv a d + d := Int.fdiv_pos a d h
theorem fdiv_neg (a d : Int) (h : d < 0) : a ≤ d * fdiv a d ∧ d * fdiv a d + d < a := Int.fdiv_neg a d h
theorem fdiv_zero (a d : Int) (h : d = 0) : fdiv a d = 0 := by rw [h]; exact Int.fdiv_zero a
theorem fmod_eq (a d : Int) : fmod a d = a - d * fdiv a d := rfl

/-! ## Wrapping -/

theorem two_pow_pos (w : Nat) : 0 < ofNat (2 ^ w) := ofNat_lt (Nat.two_pow_pos w)
theorem lt_of_le_pred {x m : Int} (h : x ≤ m - 1) : x < m :=
  Refute.proves [x, m] [.le (.var 0) (.sub (.var 1) (.num 1))] (.lt (.var 0) (.var 1))
    (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h
theorem le_pred_of_lt {x m : Int} (h : x < m) : x ≤ m - 1 :=
  Refute.proves [x, m] [.lt (.var 0) (.var 1)] (.le (.var 0) (.sub (.var 1) (.num 1)))
    (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h
theorem two_pow_half (w : Nat) (h : 0 < w) : ofNat (2 ^ w) = 2 * ofNat (2 ^ (w - 1)) := by
  cases w with
  | zero => exact (Nat.lt_irrefl 0 h).elim
  | succ w =>
    show ofNat (2 ^ w * 2) = ofNat (2 * 2 ^ w)
    rw [Nat.mul_comm]

theorem wrapU_eq (w : Nat) (x : Int) : wrapU w x = x - ofNat (2 ^ w) * (x / ofNat (2 ^ w)) := emod_eq _ _
theorem wrapS_eq (w : Nat) (x : Int) (_ : 0 < w) :
    wrapS w x = x - ofNat (2 ^ w) * ((x + ofNat (2 ^ (w - 1))) / ofNat (2 ^ w)) := by
  unfold wrapS
  rw [emod_eq]
  generalize (x + ofNat (2 ^ (w - 1))) / ofNat (2 ^ w) = q
  exact Term.ring [x, ofNat (2 ^ (w - 1)), ofNat (2 ^ w), q]
    (.sub (.sub (.add (.var 0) (.var 1)) (.mul (.var 2) (.var 3))) (.var 1))
    (.sub (.var 0) (.mul (.var 2) (.var 3))) (by decide +kernel)
theorem wrapU_range (w : Nat) (x : Int) : 0 ≤ wrapU w x ∧ wrapU w x ≤ ofNat (2 ^ w) - 1 :=
  ⟨emod_nonneg x (two_pow_pos w), le_pred_of_lt (emod_lt x (two_pow_pos w))⟩
theorem wrapS_range (w : Nat) (x : Int) (h : 0 < w) :
    -ofNat (2 ^ (w - 1)) ≤ wrapS w x ∧ wrapS w x ≤ ofNat (2 ^ (w - 1)) - 1 := by
  have l := emod_nonneg (x + ofNat (2 ^ (w - 1))) (two_pow_pos w)
  have u := emod_lt (x + ofNat (2 ^ (w - 1))) (two_pow_pos w)
  unfold wrapS
  revert l u
  generalize (x + ofNat (2 ^ (w - 1))) % ofNat (2 ^ w) = r
  rw [two_pow_half w h]
  intro l u
  exact ⟨Refute.proves [r, ofNat (2 ^ (w - 1))] [.le (.num 0) (.var 0)] (.le (.neg (.var 1)) (.sub (.var 0) (.var 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l,
    Refute.proves [r, ofNat (2 ^ (w - 1))] [.lt (.var 0) (.mul (.num 2) (.var 1))]
      (.le (.sub (.var 0) (.var 1)) (.sub (.var 1) (.num 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) u⟩
theorem wrapU_id (w : Nat) (x : Int) (l : 0 ≤ x) (u : x ≤ ofNat (2 ^ w) - 1) : wrapU w x = x :=
  emod_eq_of_lt l (lt_of_le_pred u)
theorem wrapS_id (w : Nat) (x : Int) (h : 0 < w) (l : -ofNat (2 ^ (w - 1)) ≤ x) (u : x ≤ ofNat (2 ^ (w - 1)) - 1) :
    wrapS w x = x := by
  unfold wrapS
  rw [emod_eq_of_lt, add_sub_cancel]
  · exact Refute.proves [x, ofNat (2 ^ (w - 1))] [.le (.neg (.var 1)) (.var 0)] (.le (.num 0) (.add (.var 0) (.var 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l
  · rw [two_pow_half w h]
    exact Refute.proves [x, ofNat (2 ^ (w - 1))] [.le (.var 0) (.sub (.var 1) (.num 1))]
      (.lt (.add (.var 0) (.var 1)) (.mul (.num 2) (.var 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) u

/-! ## Choices -/

theorem ite_cases (c : Prop) [Decidable c] (a b : Int) :
    (c ∧ (if c then a else b) = a) ∨ (¬c ∧ (if c then a else b) = b) :=
  (Decidable.em c).elim (fun h => Or.inl ⟨h, if_pos h⟩) (fun h => Or.inr ⟨h, if_neg h⟩)
theorem flag_range (c : Prop) [Decidable c] :
    (0 : Int) ≤ (if c then 1 else 0) ∧ (if c then 1 else 0) ≤ (1 : Int) := by
  cases Decidable.em c with
  | inl h => rw [if_pos h]; decide +kernel
  | inr h => rw [if_neg h]; decide +kernel
theorem iff_flag (c : Prop) [Decidable c] : c ↔ (if c then 1 else 0 : Int) = 1 := by
  cases Decidable.em c with
  | inl h => rw [if_pos h]; exact ⟨fun _ => rfl, fun _ => h⟩
  | inr h => rw [if_neg h]; exact ⟨fun k => (h k).elim, fun k => Int.noConfusion k (fun k => Nat.noConfusion k)⟩
theorem iff_ite (c a b : Prop) [Decidable c] : (if c then a else b) ↔ (c ∧ a) ∨ (¬c ∧ b) := by
  cases Decidable.em c with
  | inl h => rw [if_pos h]; exact ⟨fun k => Or.inl ⟨h, k⟩, fun k => k.elim And.right (fun k => (k.left h).elim)⟩
  | inr h => rw [if_neg h]; exact ⟨fun k => Or.inr ⟨h, k⟩, fun k => k.elim (fun k => (h k.left).elim) And.right⟩
theorem iff_bool_eq (a b : Prop) [Decidable a] : (a ↔ b) ↔ (a ∧ b) ∨ (¬a ∧ ¬b) :=
  ⟨fun h => (Decidable.em a).elim (fun k => Or.inl ⟨k, h.mp k⟩) (fun k => Or.inr ⟨k, fun l => k (h.mpr l)⟩),
    fun h => h.elim (fun k => ⟨fun _ => k.right, fun _ => k.left⟩)
      (fun k => ⟨fun l => (k.left l).elim, fun l => (k.right l).elim⟩)⟩

/-- A number is below a bound or not. -/
theorem either {p : Prop} (n k : Int) (below : n < k → p) (above : k ≤ n → p) : p :=
  (Int.lt_or_le n k).elim below above
/-- Between two successive numbers there is none. -/
theorem only {n k : Int} (least : k ≤ n) (most : n < k + 1) : n = k :=
  Int.le_antisymm
    (Refute.proves [n, k] [.lt (.var 0) (.add (.var 1) (.num 1))] (.le (.var 0) (.var 1))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) most) least

/-! ## Shifts -/

theorem within (w k : Nat) (h : k < w) : 0 ≤ ofNat k ∧ ofNat k < ofNat w := ⟨ofNat_nonneg k, ofNat_lt h⟩
theorem shlU_eq (w : Nat) (a : Int) (k : Nat) (h : k < w) : shlU w a (ofNat k) = wrapU w (a * ofNat (2 ^ k)) :=
  if_pos (within w k h)
theorem shlS_eq (w : Nat) (a : Int) (k : Nat) (h : k < w) : shlS w a (ofNat k) = wrapS w (a * ofNat (2 ^ k)) :=
  if_pos (within w k h)
theorem shr_eq (w : Nat) (a : Int) (k : Nat) (h : k < w) : shr w a (ofNat k) = a / ofNat (2 ^ k) :=
  if_pos (within w k h)
theorem shlU_at (w : Nat) (a n : Int) (k : Nat) (h : k < w) (e : n = ofNat k) :
    shlU w a n = wrapU w (a * ofNat (2 ^ k)) := by subst e; exact shlU_eq w a k h
theorem shlS_at (w : Nat) (a n : Int) (k : Nat) (h : k < w) (e : n = ofNat k) :
    shlS w a n = wrapS w (a * ofNat (2 ^ k)) := by subst e; exact shlS_eq w a k h
theorem shr_at (w : Nat) (a n : Int) (k : Nat) (h : k < w) (e : n = ofNat k) :
    shr w a n = a / ofNat (2 ^ k) := by subst e; exact shr_eq w a k h

/-! ## Complements -/

theorem bnotU_eq (w : Nat) (x : Int) : bnotU w x = ofNat (2 ^ w) - 1 - x := rfl
theorem bnotS_eq (x : Int) : bnotS x = -1 - x :=
  Term.ring [x] (.sub (.neg (.var 0)) (.num 1)) (.sub (.num (-1)) (.var 0)) (by decide +kernel)

/-! ## Powers -/

theorem pow_of_nat (b : Int) (k : Nat) : pow b (ofNat k) = b ^ k :=
  if_neg (fun h => not_lt_of_le (ofNat_nonneg k) h)
theorem pow_zero (b : Int) : pow b 0 = 1 := (pow_of_nat b 0).trans (Int.pow_zero b)
theorem pow_step (b m n : Int) (h : 0 ≤ n) (e : m = n + 1) : pow b m = b * pow b n :=
  match nonneg_iff.mp h with
  | ⟨k, f⟩ => by
    subst e; subst f
    rw [show ofNat k + 1 = ofNat (k + 1) from rfl, pow_of_nat, pow_of_nat, Int.mul_comm]
    exact Int.pow_succ b k
theorem pow_one (b : Int) : pow b 1 = b := by
  rw [pow_step b 1 0 (Int.le_refl 0) rfl, pow_zero, Int.mul_one]
/-- `b * b * … * b` with `k` factors. -/
def product (b : Int) (k : Nat) : Int :=
  Nat.rec 1 (fun k p => Nat.rec (motive := fun _ => Int) b (fun _ _ => p * b) k) k
theorem product_eq (b : Int) (k : Nat) : b ^ k = product b k := by
  induction k with
  | zero => exact Int.pow_zero b
  | succ k ih =>
    rw [Int.pow_succ, ih]
    cases k with
    | zero => exact Int.one_mul b
    | succ k => rfl
theorem pow_lit (b : Int) (k : Nat) : pow b (ofNat k) = product b k := (pow_of_nat b k).trans (product_eq b k)
theorem pow_at (b n : Int) (k : Nat) (e : n = ofNat k) : pow b n = b ^ k := by subst e; exact pow_of_nat b k
theorem pow_pos (b n : Int) (h : 0 < b) (k : 0 ≤ n) : 0 < pow b n :=
  match nonneg_iff.mp k, nonneg_iff.mp (Int.le_of_lt h) with
  | ⟨n, f⟩, ⟨m, g⟩ => by
    subst f; subst g
    rw [pow_of_nat]
    refine ofNat_lt (Nat.pow_pos ?_ n)
    cases m with
    | zero => exact (Int.lt_irrefl 0 h).elim
    | succ m => exact Nat.succ_pos m
end Facts
