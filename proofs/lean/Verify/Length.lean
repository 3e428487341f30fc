prelude
import Verify.Bits

/-! How many binary digits a number has: as many as there are powers of two up to it. -/

set_option autoImplicit false

noncomputable section
namespace Facts
open Int Refute

theorem sumBelow_mono (n : Nat) {f g : Nat → Nat} (h : ∀ i, f i ≤ g i) : sumBelow n f ≤ sumBelow n g := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih => exact Nat.add_le_add ih (h n)
theorem sumBelow_extend {m n : Nat} (h : m ≤ n) (f : Nat → Nat) : sumBelow m f ≤ sumBelow n f := by
  induction h with
  | refl => exact Nat.le_refl _
  | step _ ih => exact Nat.le_trans ih (Nat.le_add_right _ _)
theorem le_sumBelow (n : Nat) {f : Nat → Nat} (h : ∀ i, i < n → 1 ≤ f i) : n ≤ sumBelow n f := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih =>
    exact Nat.add_le_add (ih (fun i k => h i (Nat.lt_trans k (Nat.lt_succ_self n)))) (h n (Nat.lt_succ_self n))
theorem sumBelow_first (n : Nat) (f : Nat → Nat) : sumBelow (n + 1) f = f 0 + sumBelow n (fun i => f (i + 1)) := by
  induction n with
  | zero => exact (Nat.zero_add (f 0))
  | succ n ih =>
    show sumBelow (n + 1) f + f (n + 1) = f 0 + (sumBelow n (fun i => f (i + 1)) + f (n + 1))
    rw [ih, Nat.add_assoc]

/-- The binary digits of `n`, but for those above the first `w`. -/
def digits (w n : Nat) : Nat := sumBelow w fun i => if 2 ^ i ≤ n then 1 else 0

theorem flag_mono {p q : Prop} [Decidable p] [Decidable q] (h : p → q) :
    (if p then 1 else 0 : Nat) ≤ (if q then 1 else 0) := by
  cases Decidable.em p with
  | inl k => rw [if_pos k, if_pos (h k)]; exact Nat.le_refl 1
  | inr k => rw [if_neg k]; exact Nat.zero_le _
theorem digits_mono (w : Nat) {m n : Nat} (h : m ≤ n) : digits w m ≤ digits w n :=
  sumBelow_mono w (fun _ => flag_mono (fun k => Nat.le_trans k h))
theorem digits_le (w k : Nat) {n : Nat} (h : n < 2 ^ k) : digits w n ≤ k := by
  induction w with
  | zero => exact Nat.zero_le k
  | succ w ih =>
    cases Nat.lt_or_ge w k with
    | inl l => exact Nat.le_trans (sumBelow_le (w + 1) (fun _ => flag_le _)) l
    | inr l =>
      show digits w n + (if 2 ^ w ≤ n then 1 else 0) ≤ k
      rw [if_neg (Nat.not_le_of_lt (Nat.lt_of_lt_of_le h (Nat.pow_le_pow_right (Nat.succ_pos 1) l)))]
      exact ih
theorem lt_digits {w k n : Nat} (h : 2 ^ k ≤ n) (l : k < w) : k + 1 ≤ digits w n :=
  Nat.le_trans
    (le_sumBelow (k + 1) (fun i b => by
      rw [if_pos (Nat.le_trans (Nat.pow_le_pow_right (Nat.succ_pos 1) (Nat.le_of_lt_succ b)) h)]
      exact Nat.le_refl 1))
    (sumBelow_extend l (fun i => if 2 ^ i ≤ n then 1 else 0))
theorem digits_half {w m n : Nat} (p : 0 < n) (h : 2 * m ≤ n) (b : n < 2 ^ w) : digits w m + 1 ≤ digits w n := by
  have one : 1 ≤ (if 2 ^ 0 ≤ n then 1 else 0 : Nat) := by
    rw [if_pos (show 2 ^ 0 ≤ n from p)]; exact Nat.le_refl 1
  have rest : digits w m ≤ sumBelow w (fun i => if 2 ^ (i + 1) ≤ n then 1 else 0) :=
    sumBelow_mono w (fun i => flag_mono (fun k => by
      rw [Nat.pow_succ, Nat.mul_comm]
      exact Nat.le_trans (Nat.mul_le_mul_left 2 k) h))
  have all : digits w m + 1 ≤ digits (w + 1) n := by
    rw [Nat.add_comm]
    exact Nat.le_trans (Nat.add_le_add one rest)
      (Nat.le_of_eq (sumBelow_first w (fun i => if 2 ^ i ≤ n then 1 else 0)).symm)
  have same : digits (w + 1) n = digits w n := by
    show digits w n + (if 2 ^ w ≤ n then 1 else 0) = digits w n
    rw [if_neg (Nat.not_le_of_lt b)]; rfl
  rw [← same]
  exact all

/-! ## Leading zeros -/

theorem clz_eq {w n : Nat} (h : n < 2 ^ w) : clz w (ofNat n) = ofNat w - ofNat (digits w n) := by
  show ofNat w - ofNat (digits w (n % 2 ^ w)) = _
  rw [Nat.mod_eq_of_lt h]
theorem below_top {w n : Nat} (h : ofNat n ≤ ofNat (2 ^ w) - 1) : n < 2 ^ w :=
  lt_of_ofNat_lt (Refute.proves [ofNat n, ofNat (2 ^ w)] [.le (.var 0) (.sub (.var 1) (.num 1))] (.lt (.var 0) (.var 1))
    (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h)
theorem le_of_ofNat_le {m n : Nat} (h : ofNat m ≤ ofNat n) : m ≤ n :=
  Nat.le_of_not_lt (fun k => not_lt_of_le h (ofNat_lt k))
theorem sub_le_sub (a : Int) {m n : Nat} (h : m ≤ n) : a - ofNat n ≤ a - ofNat m :=
  add_le_add (le_refl a) (neg_le_neg (ofNat_le h))

theorem clz_from (w : Nat) (x : Int) (k : Nat) (l : k < w) (h : ofNat (2 ^ k) ≤ x ∧ x ≤ ofNat (2 ^ w) - 1) :
    clz w x ≤ ofNat (w - (k + 1)) :=
  match nonneg_iff.mp (le_trans (ofNat_nonneg _) h.left) with
  | ⟨n, e⟩ => by
    subst e
    rw [clz_eq (below_top h.right), ofNat_sub l]
    exact sub_le_sub _ (lt_digits (le_of_ofNat_le h.left) l)
theorem clz_below (w : Nat) (x : Int) (k : Nat) (l : k ≤ w) (h : 0 ≤ x ∧ x < ofNat (2 ^ k)) :
    ofNat (w - k) ≤ clz w x :=
  match nonneg_iff.mp h.left with
  | ⟨n, e⟩ => by
    subst e
    have b := lt_of_ofNat_lt h.right
    rw [clz_eq (Nat.lt_of_lt_of_le b (Nat.pow_le_pow_right (Nat.succ_pos 1) l)), ofNat_sub l]
    exact sub_le_sub _ (digits_le w k b)
theorem clz_le (w : Nat) (x y : Int) (h : 0 ≤ x ∧ x ≤ y ∧ y ≤ ofNat (2 ^ w) - 1) : clz w y ≤ clz w x :=
  match nonneg_iff.mp h.left, nonneg_iff.mp (le_trans h.left h.right.left) with
  | ⟨m, e⟩, ⟨n, f⟩ => by
    subst e; subst f
    have b := below_top h.right.right
    have l := le_of_ofNat_le h.right.left
    rw [clz_eq b, clz_eq (Nat.lt_of_le_of_lt l b)]
    exact sub_le_sub _ (digits_mono w l)
theorem clz_half (w : Nat) (x y : Int) (h : 0 ≤ x ∧ 0 < y ∧ 2 * x ≤ y ∧ y ≤ ofNat (2 ^ w) - 1) :
    clz w y < clz w x :=
  match nonneg_iff.mp h.left, nonneg_iff.mp (le_of_lt h.right.left) with
  | ⟨m, e⟩, ⟨n, f⟩ => by
    subst e; subst f
    have b := below_top h.right.right.right
    have l : 2 * m ≤ n := le_of_ofNat_le h.right.right.left
    have half : m ≤ n := Nat.le_trans (Nat.le_of_eq (Nat.one_mul m).symm)
      (Nat.le_trans (Nat.mul_le_mul_right m (Nat.succ_pos 1)) l)
    rw [clz_eq b, clz_eq (Nat.lt_of_le_of_lt half b)]
    have d := ofNat_le (digits_half (lt_of_ofNat_lt h.right.left) l b)
    exact Refute.proves [ofNat w, ofNat (digits w m), ofNat (digits w n)]
      [.le (.add (.var 1) (.num 1)) (.var 2)] (.lt (.sub (.var 0) (.var 2)) (.sub (.var 0) (.var 1)))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) d
end Facts
