prelude
import Verify.Syntax

/-! Propositional logic, decidability and what `rw`, `simp` and `decide` rest on. -/

set_option autoImplicit false
universe u v w


@[macro_inline] def Eq.mp {α β : Sort u} (h : α = β) (a : α) : β := h.rec a
@[macro_inline] def Eq.mpr {α β : Sort u} (h : α = β) (b : β) : α := h.symm.rec b
theorem Eq.mpr_prop {p q : Prop} (h₁ : p = q) (h₂ : q) : p := h₁.symm.rec h₂
theorem Eq.mpr_not {p q : Prop} (h₁ : p = q) (h₂ : ¬q) : ¬p := h₁.symm.rec h₂
theorem Iff.refl (a : Prop) : a ↔ a := ⟨fun h => h, fun h => h⟩
protected theorem Iff.rfl {a : Prop} : a ↔ a := Iff.refl a
theorem Iff.symm {a b : Prop} (h : a ↔ b) : b ↔ a := ⟨h.mpr, h.mp⟩
theorem Iff.trans {a b c : Prop} (h : a ↔ b) (k : b ↔ c) : a ↔ c := ⟨fun x => k.mp (h.mp x), fun x => h.mpr (k.mpr x)⟩
theorem trivial : True := ⟨⟩
theorem Ne.symm {α : Sort u} {a b : α} (h : a ≠ b) : b ≠ a := fun e => h e.symm
theorem Ne.elim {α : Sort u} {a b : α} (h : a ≠ b) : a = b → False := h

theorem eq_true {p : Prop} (h : p) : p = True := propext ⟨fun _ => trivial, fun _ => h⟩
theorem eq_false {p : Prop} (h : ¬p) : p = False := propext ⟨h, fun h' => h'.elim⟩
theorem eq_false' {p : Prop} (h : p → False) : p = False := eq_false h
theorem congrFun' {α : Sort u} {β : Sort v} {f g : α → β} (h : f = g) (a : α) : f a = g a := h.rec rfl
theorem of_eq_true {p : Prop} (h : p = True) : p := h.symm.rec trivial
theorem of_eq_false {p : Prop} (h : p = False) : ¬p := fun hp => h.rec (motive := fun q _ => q) hp
@[simp] theorem eq_self {α : Sort u} (a : α) : (a = a) = True := eq_true rfl
@[simp] theorem iff_self (p : Prop) : (p ↔ p) = True := eq_true Iff.rfl
theorem Eq.to_iff {a b : Prop} (h : a = b) : a ↔ b := h.rec Iff.rfl
theorem implies_congr {p₁ p₂ : Sort u} {q₁ q₂ : Sort v} (h₁ : p₁ = p₂) (h₂ : q₁ = q₂) : (p₁ → q₁) = (p₂ → q₂) :=
  h₁.rec (h₂.rec rfl)
theorem implies_dep_congr_ctx {p₁ p₂ q₁ : Prop} (h₁ : p₁ = p₂) {q₂ : p₂ → Prop} (h₂ : (h : p₂) → q₁ = q₂ h) : (p₁ → q₁) = ((h : p₂) → q₂ h) :=
  propext ⟨fun hl hp₂ => (h₂ hp₂).rec (motive := fun q _ => q) (hl (h₁.symm.rec (motive := fun q _ => q) hp₂)),
    fun hr hp₁ => have hp₂ := h₁.rec (motive := fun q _ => q) hp₁; (h₂ hp₂).symm.rec (motive := fun q _ => q) (hr hp₂)⟩
theorem implies_congr_ctx {p₁ p₂ q₁ q₂ : Prop} (h₁ : p₁ = p₂) (h₂ : p₂ → q₁ = q₂) : (p₁ → q₁) = (p₂ → q₂) :=
  implies_dep_congr_ctx h₁ h₂
theorem forall_congr {α : Sort u} {p q : α → Prop} (h : ∀ a, p a = q a) : (∀ a, p a) = (∀ a, q a) :=
  propext ⟨fun k a => (h a).rec (motive := fun x _ => x) (k a), fun k a => (h a).symm.rec (motive := fun x _ => x) (k a)⟩

theorem decide_eq_true {p : Prop} [inst : Decidable p] (h : p) : decide p = true :=
  match inst with
  | ⟨true, _⟩ => rfl
  | ⟨false, r⟩ => absurd h r
theorem decide_eq_false {p : Prop} [inst : Decidable p] (h : ¬p) : decide p = false :=
  match inst with
  | ⟨false, _⟩ => rfl
  | ⟨true, r⟩ => absurd r h
theorem of_decide_eq_true {p : Prop} [inst : Decidable p] (h : decide p = true) : p :=
  match inst, h with
  | ⟨true, r⟩, _ => r
  | ⟨false, _⟩, h => (Bool.false_ne_true h).elim
theorem of_decide_eq_false {p : Prop} [inst : Decidable p] (h : decide p = false) : ¬p :=
  match inst, h with
  | ⟨false, r⟩, _ => r
  | ⟨true, _⟩, h => (Bool.false_ne_true h.symm).elim

theorem Decidable.em (p : Prop) [inst : Decidable p] : p ∨ ¬p :=
  match inst with
  | ⟨true, r⟩ => Or.inl r
  | ⟨false, r⟩ => Or.inr r
theorem Decidable.byContradiction {p : Prop} [Decidable p] (h : ¬p → False) : p :=
  (Decidable.em p).rec (motive := fun _ => p) (fun hp => hp) (fun hn => (h hn).elim)
def decidable_of_iff (a : Prop) {b : Prop} (h : a ↔ b) [inst : Decidable a] : Decidable b where
  decide := inst.decide
  reflects_decide := Bool.reflects_of _ (fun e => h.mp (of_decide_eq_true e)) (fun hb => decide_eq_true (h.mpr hb))

instance : Decidable True := ⟨true, trivial⟩
instance : Decidable False := ⟨false, fun h => h⟩
instance instDecidableAnd {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ∧ q) where
  decide := and (decide p) (decide q)
  reflects_decide := Bool.reflects_of _
    (fun e => match hp : decide p, hq : decide q with
      | true, true => ⟨of_decide_eq_true hp, of_decide_eq_true hq⟩
      | false, _ => by rw [hp] at e; contradiction
      | true, false => by rw [hp, hq] at e; contradiction)
    (fun h => by rw [decide_eq_true h.left, decide_eq_true h.right]; rfl)
instance instDecidableOr {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ∨ q) where
  decide := or (decide p) (decide q)
  reflects_decide := Bool.reflects_of _
    (fun e => match hp : decide p with
      | true => Or.inl (of_decide_eq_true hp)
      | false => by rw [hp] at e; exact Or.inr (of_decide_eq_true e))
    (fun h => by
      cases h with
      | inl h => rw [decide_eq_true h]; rfl
      | inr h => rw [decide_eq_true h]; cases decide p <;> rfl)
instance instDecidableNot {p : Prop} [dp : Decidable p] : Decidable (¬p) where
  decide := not (decide p)
  reflects_decide := Bool.reflects_of _
    (fun e => match hp : decide p with
      | false => of_decide_eq_false hp
      | true => by rw [hp] at e; contradiction)
    (fun h => by rw [decide_eq_false h]; rfl)
instance instDecidableForall {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p → q) where
  decide := or (not (decide p)) (decide q)
  reflects_decide := Bool.reflects_of _
    (fun e hp => by rw [decide_eq_true hp] at e; exact of_decide_eq_true e)
    (fun h => match hp : decide p with
      | true => by rw [decide_eq_true (h (of_decide_eq_true hp))]; rfl
      | false => rfl)
instance instDecidableIff {p q : Prop} [Decidable p] [Decidable q] : Decidable (p ↔ q) :=
  decidable_of_iff ((p → q) ∧ (q → p)) ⟨fun h => ⟨h.left, h.right⟩, fun h => ⟨h.mp, h.mpr⟩⟩
instance instDecidableEqBool : DecidableEq Bool := fun a b =>
  match a, b with
  | true, true => ⟨true, rfl⟩
  | false, false => ⟨true, rfl⟩
  | true, false => ⟨false, fun h => Bool.false_ne_true h.symm⟩
  | false, true => ⟨false, fun h => Bool.false_ne_true h⟩
instance instDecidableNe {α : Sort u} (a b : α) [Decidable (a = b)] : Decidable (a ≠ b) := instDecidableNot

theorem if_pos {c : Prop} [inst : Decidable c] (hc : c) {α : Sort u} {t e : α} : (if c then t else e) = t :=
  match inst with
  | ⟨true, _⟩ => rfl
  | ⟨false, r⟩ => absurd hc r
theorem if_neg {c : Prop} [inst : Decidable c] (hc : ¬c) {α : Sort u} {t e : α} : (if c then t else e) = e :=
  match inst with
  | ⟨false, _⟩ => rfl
  | ⟨true, r⟩ => absurd r hc
theorem dif_pos {c : Prop} [inst : Decidable c] (hc : c) {α : Sort u} {t : c → α} {e : ¬c → α} : dite c t e = t hc :=
  match inst with
  | ⟨true, _⟩ => rfl
  | ⟨false, r⟩ => absurd hc r
theorem dif_neg {c : Prop} [inst : Decidable c] (hc : ¬c) {α : Sort u} {t : c → α} {e : ¬c → α} : dite c t e = e hc :=
  match inst with
  | ⟨false, _⟩ => rfl
  | ⟨true, r⟩ => absurd r hc

theorem And.imp {a b c d : Prop} (f : a → c) (g : b → d) (h : a ∧ b) : c ∧ d := ⟨f h.left, g h.right⟩
theorem Or.elim {a b c : Prop} (h : a ∨ b) (f : a → c) (g : b → c) : c := h.rec f g
theorem Exists.elim {α : Sort u} {p : α → Prop} {b : Prop} (h : ∃ x, p x) (f : ∀ a, p a → b) : b := h.rec f
theorem not_not_intro {p : Prop} (h : p) : ¬¬p := fun k => k h
theorem mt {a b : Prop} (h₁ : a → b) (h₂ : ¬b) : ¬a := fun ha => h₂ (h₁ ha)
@[simp] theorem and_true (p : Prop) : (p ∧ True) = p := propext ⟨And.left, fun h => ⟨h, trivial⟩⟩
@[simp] theorem true_and (p : Prop) : (True ∧ p) = p := propext ⟨And.right, fun h => ⟨trivial, h⟩⟩
@[simp] theorem and_false (p : Prop) : (p ∧ False) = False := eq_false And.right
@[simp] theorem false_and (p : Prop) : (False ∧ p) = False := eq_false And.left
@[simp] theorem or_true (p : Prop) : (p ∨ True) = True := eq_true (Or.inr trivial)
@[simp] theorem true_or (p : Prop) : (True ∨ p) = True := eq_true (Or.inl trivial)
@[simp] theorem or_false (p : Prop) : (p ∨ False) = p := propext ⟨fun h => h.elim (fun x => x) False.elim, Or.inl⟩
@[simp] theorem false_or (p : Prop) : (False ∨ p) = p := propext ⟨fun h => h.elim False.elim (fun x => x), Or.inr⟩
@[simp] theorem not_true_eq_false : (¬True) = False := eq_false (fun h => h trivial)
@[simp] theorem not_false_eq_true : (¬False) = True := eq_true (fun h => h)
@[simp] theorem true_implies (p : Prop) : (True → p) = p := propext ⟨fun h => h trivial, fun h _ => h⟩
@[simp] theorem implies_true (α : Sort u) : (α → True) = True := eq_true (fun _ => trivial)
@[simp] theorem ite_true {α : Sort u} (a b : α) : (if True then a else b) = a := rfl
@[simp] theorem ite_false {α : Sort u} (a b : α) : (if False then a else b) = b := rfl
