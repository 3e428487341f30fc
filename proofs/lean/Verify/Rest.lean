prelude
import Verify.Data

/-! A sequence without its first element, as iterators leave it. -/

set_option autoImplicit false

noncomputable section
open Int Refute

theorem Seq.cut_none {α : Type} (xs : List α) : ∀ low high : Int, high ≤ 0 → Seq.cut xs low high = .nil := by
  induction xs with
  | nil => intro _ _ _; rfl
  | cons x xs ih =>
    intro low high h
    show (if low ≤ 0 ∧ 0 < high then List.cons x (Seq.cut xs (low - 1) (high - 1)) else Seq.cut xs (low - 1) (high - 1)) = .nil
    rw [if_neg (fun k => not_lt_of_le h k.right)]
    exact ih _ _ (Refute.proves [high] [.le (.var 0) (.num 0)] (.le (.sub (.var 0) (.num 1)) (.num 0))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) h)
theorem Seq.cut_all {α : Type} (xs : List α) :
    ∀ low high : Int, low ≤ 0 → Seq.len xs ≤ high → Seq.cut xs low high = xs := by
  induction xs with
  | nil => intro _ _ _ _; rfl
  | cons x xs ih =>
    intro low high l h
    have k : Seq.len xs + 1 ≤ high := h
    have n := Seq.len_nonneg xs
    show (if low ≤ 0 ∧ 0 < high then List.cons x (Seq.cut xs (low - 1) (high - 1)) else Seq.cut xs (low - 1) (high - 1)) = List.cons x xs
    rw [if_pos ⟨l, Refute.proves [high, Seq.len xs] [.le (.add (.var 1) (.num 1)) (.var 0), .le (.num 0) (.var 1)]
      (.lt (.num 0) (.var 0))
      (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 (.add (.add .one 1 .nil) 2 .nil)))) (by decide +kernel) k n⟩]
    rw [ih (low - 1) (high - 1)
      (Refute.proves [low] [.le (.var 0) (.num 0)] (.le (.sub (.var 0) (.num 1)) (.num 0))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) l)
      (Refute.proves [high, Seq.len xs] [.le (.add (.var 1) (.num 1)) (.var 0)] (.le (.var 1) (.sub (.var 0) (.num 1)))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) k)]

/-- The elements after the first. -/
theorem Seq.rest_eq {α : Type} (x : α) (xs : List α) :
    Seq.join (Seq.cut (.cons x xs) 0 0) (Seq.cut (.cons x xs) 1 (Seq.len (List.cons x xs))) = xs := by
  rw [Seq.cut_none (List.cons x xs) 0 0 (Int.le_refl 0)]
  show Seq.cut xs (1 - 1) (Seq.len xs + 1 - 1) = xs
  refine Seq.cut_all xs _ _ (Int.le_refl 0) ?_
  rw [Int.add_sub_cancel]
  exact Int.le_refl _
theorem Seq.len_rest {α : Type} (xs : List α) (h : 0 < Seq.len xs) :
    Seq.len (Seq.join (Seq.cut xs 0 0) (Seq.cut xs 1 (Seq.len xs))) = Seq.len xs - 1 := by
  cases xs with
  | nil => exact (Int.lt_irrefl 0 h).elim
  | cons x xs =>
    rw [Seq.rest_eq]
    exact (Int.add_sub_cancel (Seq.len xs) 1).symm
theorem Seq.read_rest {α : Type} (f : α → Int) (d : α) (xs : List α) (i : Int) (h : 0 ≤ i) :
    f (Seq.at d (Seq.join (Seq.cut xs 0 0) (Seq.cut xs 1 (Seq.len xs))) i) = f (Seq.at d xs (i + 1)) := by
  cases xs with
  | nil => rfl
  | cons x xs =>
    rw [Seq.rest_eq]
    show f (Seq.at d xs i) = f (if i + 1 = 0 then x else Seq.at d xs (i + 1 - 1))
    rw [if_neg (fun e => not_lt_of_le h (Int.lt_iff.mpr (Int.le_of_eq e))), Int.add_sub_cancel]
