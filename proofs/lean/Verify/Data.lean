prelude
import Verify.Facts
import Verify.Outcome

/-! Sequences, choices and recursive functions of specifications: what proofs of claims use. -/

set_option autoImplicit false
noncomputable section

/-! ## Connectives -/

theorem not_congr {a b : Prop} (h : a ↔ b) : ¬a ↔ ¬b := ⟨fun k l => k (h.mpr l), fun k l => k (h.mp l)⟩
theorem and_congr {a b c d : Prop} (h : a ↔ c) (k : b ↔ d) : a ∧ b ↔ c ∧ d :=
  ⟨And.imp h.mp k.mp, And.imp h.mpr k.mpr⟩
theorem or_congr {a b c d : Prop} (h : a ↔ c) (k : b ↔ d) : a ∨ b ↔ c ∨ d :=
  ⟨fun o => o.elim (fun l => Or.inl (h.mp l)) (fun l => Or.inr (k.mp l)),
    fun o => o.elim (fun l => Or.inl (h.mpr l)) (fun l => Or.inr (k.mpr l))⟩
theorem imp_congr {a b c d : Prop} (h : a ↔ c) (k : b ↔ d) : (a → b) ↔ (c → d) :=
  ⟨fun f l => k.mp (f (h.mpr l)), fun f l => k.mpr (f (h.mp l))⟩

theorem decide_iff {a p : Prop} [Decidable a] (h : a ↔ p) : decide a = true ↔ p :=
  ⟨fun k => h.mp (of_decide_eq_true k), fun k => decide_eq_true (h.mpr k)⟩
theorem not_iff {x : Bool} {p : Prop} (h : x = true ↔ p) : (!x) = true ↔ ¬p :=
  match x, h with
  | true, h => ⟨fun k => (Bool.false_ne_true k).elim, fun k => (k (h.mp rfl)).elim⟩
  | false, h => ⟨fun _ k => Bool.false_ne_true (h.mpr k), fun _ => rfl⟩
theorem bool_eq_iff {x y : Bool} {p q : Prop} (h : x = true ↔ p) (k : y = true ↔ q) :
    x = y ↔ (p ∧ q) ∨ (¬p ∧ ¬q) :=
  match x, y, h, k with
  | true, true, h, k => ⟨fun _ => Or.inl ⟨h.mp rfl, k.mp rfl⟩, fun _ => rfl⟩
  | false, false, h, k =>
    ⟨fun _ => Or.inr ⟨fun l => Bool.false_ne_true (h.mpr l), fun l => Bool.false_ne_true (k.mpr l)⟩, fun _ => rfl⟩
  | true, false, h, k =>
    ⟨fun e => (Bool.false_ne_true e.symm).elim,
      fun o => o.elim (fun l => (Bool.false_ne_true (k.mpr l.right)).elim) (fun l => (l.left (h.mp rfl)).elim)⟩
  | false, true, h, k =>
    ⟨fun e => (Bool.false_ne_true e).elim,
      fun o => o.elim (fun l => (Bool.false_ne_true (h.mpr l.left)).elim) (fun l => (l.right (k.mp rfl)).elim)⟩

/-! ## Sequences -/

theorem Seq.len_nonneg {α : Type} (xs : List α) : 0 ≤ Seq.len xs := by
  induction xs with
  | nil => exact Int.le_refl 0
  | cons x xs ih => exact Int.add_nonneg ih (by decide +kernel)

/-- An element is as every element is; out of bounds, as the default is. -/
theorem Seq.every_at {α : Type} {p : α → Prop} {d : α} {xs : List α} (h : Seq.Every p xs) (hd : p d)
    (i : Int) : p (Seq.at d xs i) := by
  revert h i
  induction xs with
  | nil => intro h i; exact hd
  | cons x xs ih =>
    intro h i
    show p (if i = 0 then x else Seq.at d xs (i - 1))
    cases Decidable.em (i = 0) with
    | inl e => rw [if_pos e]; exact h.left
    | inr e => rw [if_neg e]; exact ih h.right (i - 1)

theorem Seq.every_store {α : Type} {p : α → Prop} {xs : List α} (h : Seq.Every p xs) (i : Int) {v : α}
    (hv : p v) : Seq.Every p (Seq.store xs i v) := by
  revert h i
  induction xs with
  | nil => intro h i; exact trivial
  | cons x xs ih =>
    intro h i
    show Seq.Every p (if i = 0 then .cons v xs else .cons x (Seq.store xs (i - 1) v))
    cases Decidable.em (i = 0) with
    | inl e => rw [if_pos e]; exact And.intro hv h.right
    | inr e => rw [if_neg e]; exact And.intro h.left (ih h.right (i - 1))

theorem Seq.len_store {α : Type} (xs : List α) (i : Int) (v : α) : Seq.len (Seq.store xs i v) = Seq.len xs := by
  revert i
  induction xs with
  | nil => intro i; rfl
  | cons x xs ih =>
    intro i
    show Seq.len (if i = 0 then .cons v xs else .cons x (Seq.store xs (i - 1) v)) = Seq.len xs + 1
    cases Decidable.em (i = 0) with
    | inl e => rw [if_pos e]; rfl
    | inr e => rw [if_neg e]; exact congrArg (fun n : Int => n + 1) (ih (i - 1))

/-- Reading what was written: at an index within bounds the new value, elsewhere the old one. -/
theorem Seq.at_store {α : Type} (d : α) (xs : List α) (i : Int) (v : α) (j : Int) (h : 0 ≤ i)
    (k : i < Seq.len xs) : Seq.at d (Seq.store xs i v) j = if j = i then v else Seq.at d xs j := by
  revert i j
  induction xs with
  | nil => intro i j h k; exact (Int.not_lt_of_le h k).elim
  | cons x xs ih =>
    intro i j h k
    show Seq.at d (if i = 0 then .cons v xs else .cons x (Seq.store xs (i - 1) v)) j =
      if j = i then v else if j = 0 then x else Seq.at d xs (j - 1)
    cases Decidable.em (i = 0) with
    | inl e =>
      subst e
      rw [if_pos rfl]
      show (if j = 0 then v else Seq.at d xs (j - 1)) = _
      cases Decidable.em (j = 0) with
      | inl f => rw [if_pos f, if_pos f]
      | inr f => rw [if_neg f, if_neg f, if_neg f]
    | inr e =>
      rw [if_neg e]
      show (if j = 0 then x else Seq.at d (Seq.store xs (i - 1) v) (j - 1)) = _
      have hp : 0 < i := (Int.lt_or_gt_of_ne e).elim (fun l => (Int.not_lt_of_le h l).elim) (fun l => l)
      have h' : 0 ≤ i - 1 := Facts.le_pred_of_lt hp
      have k' : i - 1 < Seq.len xs := Refute.proves [i, Seq.len xs] [.lt (.var 0) (.add (.var 1) (.num 1))]
        (.lt (.sub (.var 0) (.num 1)) (.var 1))
        (.linear (.add (.add .one 1 .nil) 0 (.add (.add .one 1 .nil) 1 .nil))) (by decide +kernel) k
      cases Decidable.em (j = 0) with
      | inl f =>
        have g : ¬j = i := fun c => e (c.symm.trans f)
        rw [if_pos f, if_neg g, if_pos f]
      | inr f =>
        rw [if_neg f, if_neg f, ih (i - 1) (j - 1) h' k']
        cases Decidable.em (j = i) with
        | inl g => rw [if_pos g, if_pos (congrArg (fun n : Int => n - 1) g)]
        | inr g =>
          have g' : ¬j - 1 = i - 1 := fun c => g (Int.add_right_cancel c)
          rw [if_neg g, if_neg g']

/-- `at_store` for an integer in the element. -/
theorem Seq.read_store {α : Type} (f : α → Int) (d : α) (xs : List α) (i : Int) (v : α) (j : Int) (h : 0 ≤ i)
    (k : i < Seq.len xs) : f (Seq.at d (Seq.store xs i v) j) = if j = i then f v else f (Seq.at d xs j) := by
  rw [Seq.at_store d xs i v j h k]
  cases Decidable.em (j = i) with
  | inl e => rw [if_pos e, if_pos e]
  | inr e => rw [if_neg e, if_neg e]

/-- The `n` elements from index `i` on. -/
def Seq.elements {α : Type} (d : α) (xs : List α) (n : Nat) : Int → List α :=
  Nat.rec (fun _ => .nil) (fun _ rest i => .cons (Seq.at d xs i) (rest (i + 1))) n

theorem Seq.elements_cons {α : Type} (d x : α) (xs : List α) (n : Nat) :
    ∀ i : Int, 0 ≤ i → Seq.elements d (.cons x xs) n (i + 1) = Seq.elements d xs n i := by
  induction n with
  | zero => intro i h; rfl
  | succ n ih =>
    intro i h
    have p : 0 < i + 1 := Int.add_le_add h (Int.le_refl 1)
    have e : ¬i + 1 = 0 := fun c => Int.ne_of_lt p c.symm
    show List.cons (if i + 1 = 0 then x else Seq.at d xs (i + 1 - 1)) (Seq.elements d (.cons x xs) n (i + 1 + 1)) =
      List.cons (Seq.at d xs i) (Seq.elements d xs n (i + 1))
    rw [if_neg e, Int.add_sub_cancel, ih (i + 1) (Int.add_nonneg h (by decide +kernel))]

/-- A sequence of known length is the list of its elements. -/
theorem Seq.of_len {α : Type} (d : α) (xs : List α) (n : Nat) (h : Seq.len xs = Int.ofNat n) :
    xs = Seq.elements d xs n 0 := by
  revert n h
  induction xs with
  | nil =>
    intro n h
    cases n with
    | zero => rfl
    | succ n => exact Int.noConfusion h (fun e => Nat.noConfusion e)
  | cons x xs ih =>
    intro n h
    cases n with
    | zero =>
      have k : (0 : Int) < Seq.len xs + 1 := Int.add_le_add (Seq.len_nonneg xs) (Int.le_refl 1)
      exact (Int.ne_of_lt k (show Seq.len xs + 1 = 0 from h).symm).elim
    | succ n =>
      have k : Seq.len xs = Int.ofNat n := Int.add_right_cancel (show Seq.len xs + 1 = Int.ofNat n + 1 from h)
      show List.cons x xs = List.cons x (Seq.elements d (.cons x xs) n (0 + 1))
      rw [Seq.elements_cons d x xs n 0 (Int.le_refl 0), ← ih n k]

/-! ## Recursive functions: as many rounds are granted as a measure says, and one more -/

theorem ite_congr {c : Prop} [Decidable c] {α : Type} {a a' b b' : α} (ha : c → a = a') (hb : ¬c → b = b') :
    (if c then a else b) = (if c then a' else b') := by
  cases Decidable.em c with
  | inl h => rw [if_pos h, if_pos h]; exact ha h
  | inr h => rw [if_neg h, if_neg h]; exact hb h

/-- Where the measure `a` falls to `b`, rounds that are enough for a call are enough for what it calls. -/
theorem Int.rounds_fall {a b : Int} {k : Nat} (h : 0 ≤ a ∧ b < a) (hk : Int.toNat (a + 1) < k + 1) :
    Int.toNat (b + 1) < k :=
  match Int.nonneg_iff.mp h.left with
  | ⟨n, e⟩ => by
    subst e
    have hn : n < k := Nat.le_of_succ_le_succ hk
    cases b with
    | ofNat m =>
      have hm : m < n := Nat.lt_of_not_le (fun c => match Nat.exists_add_of_le c with
        | ⟨j, f⟩ => by
          subst f
          exact Int.not_lt_of_le (Int.le_def.mpr (by
            show 0 ≤ Int.ofNat n + Int.ofNat j - Int.ofNat n
            rw [Int.add_comm, Int.add_sub_cancel]; exact Int.ofNat_nonneg j)) h.right)
      exact Nat.lt_of_le_of_lt hm hn
    | negSucc m =>
      cases m with
      | zero => exact Nat.lt_of_le_of_lt (Nat.zero_le n) hn
      | succ m => exact Nat.lt_of_le_of_lt (Nat.zero_le n) hn
