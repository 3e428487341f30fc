prelude
import Verify.Nat

/-!
Clauses over the values of literals, and a checker of refutations by unit propagation with hints.

A literal is `2 * n` for variable `n` and `2 * n + 1` for its complement; variable 0 is false, so
that literal 0 is false and literal 1 true. Proofs are packed numbers, and nothing is believed of
them: whatever they unpack to, a clause that the checker accepts follows.
-/

set_option autoImplicit false

/-! ## Literals and clauses -/

/-- The value of a literal where variable `n` is `v n`. -/
noncomputable def lit (v : Nat → Bool) (l : Nat) : Bool := cond (Nat.beq (l % 2) 0) (v (l / 2)) (not (v (l / 2)))

/-- The complement of a literal. -/
noncomputable def neg (l : Nat) : Nat := cond (Nat.beq (Nat.mod l 2) 0) (Nat.succ l) (Nat.pred l)

theorem lit_even (v : Nat → Bool) (n : Nat) : lit v (2 * n) = v n := by
  have h := Nat.div_mod_unique (n := 2 * n) (d := 2) (q := n) (r := 0) rfl (Nat.succ_pos 1)
  unfold lit
  rw [h.left, h.right]
  rfl
theorem lit_odd (v : Nat → Bool) (n : Nat) : lit v (2 * n + 1) = not (v n) := by
  have h := Nat.div_mod_unique (n := 2 * n + 1) (d := 2) (q := n) (r := 1) rfl (Nat.le_refl 2)
  unfold lit
  rw [h.left, h.right]
  rfl
theorem parity (l : Nat) : l = 2 * (l / 2) ∨ l = 2 * (l / 2) + 1 := by
  have h := Nat.div_add_mod l 2
  have k := Nat.mod_two_lt l
  generalize l % 2 = r at h k
  cases r with
  | zero => exact Or.inl h.symm
  | succ r =>
    cases r with
    | zero => exact Or.inr h.symm
    | succ r => exact (Nat.not_succ_le_zero r (Nat.le_of_succ_le_succ (Nat.le_of_succ_le_succ k))).elim
theorem neg_even (n : Nat) : neg (2 * n) = 2 * n + 1 := by
  show cond (Nat.beq (2 * n % 2) 0) (2 * n + 1) (2 * n - 1) = 2 * n + 1
  have h := Nat.div_mod_unique (n := 2 * n) (d := 2) (q := n) (r := 0) rfl (Nat.succ_pos 1)
  rw [h.right]
  rfl
theorem neg_odd (n : Nat) : neg (2 * n + 1) = 2 * n := by
  show cond (Nat.beq ((2 * n + 1) % 2) 0) (2 * n + 1 + 1) (2 * n + 1 - 1) = 2 * n
  have h := Nat.div_mod_unique (n := 2 * n + 1) (d := 2) (q := n) (r := 1) rfl (Nat.le_refl 2)
  rw [h.right]
  rfl
theorem not_not (b : Bool) : not (not b) = b := by cases b <;> rfl
theorem lit_neg (v : Nat → Bool) (l : Nat) : lit v (neg l) = not (lit v l) := by
  cases parity l with
  | inl h => rw [h, neg_even, lit_odd, lit_even]
  | inr h => rw [h, neg_odd, lit_even, lit_odd, not_not]

/-- Some literal of the clause is true. -/
def holds (v : Nat → Bool) : List Nat → Prop
  | .nil => False
  | .cons l ls => lit v l = true ∨ holds v ls
/-- Every literal of the list is false. -/
def fails (v : Nat → Bool) : List Nat → Prop
  | .nil => True
  | .cons l ls => lit v l = false ∧ fails v ls

theorem holds_or_fails (v : Nat → Bool) (ls : List Nat) : holds v ls ∨ fails v ls := by
  induction ls with
  | nil => exact Or.inr trivial
  | cons l ls ih =>
    cases h : lit v l with
    | true => exact Or.inl (Or.inl h)
    | false => exact ih.elim (fun k => Or.inl (Or.inr k)) (fun k => Or.inr ⟨h, k⟩)

/-- The literal that is always true, as a clause. -/
noncomputable def top : List Nat := .cons 1 .nil
theorem lit_zero {v : Nat → Bool} (zero : v 0 = false) : lit v 0 = false := zero
theorem lit_one {v : Nat → Bool} (zero : v 0 = false) : lit v 1 = true := congrArg not zero
theorem holds_top {v : Nat → Bool} (zero : v 0 = false) : holds v top := Or.inl (lit_one zero)

/-! ## Unit propagation -/

noncomputable def member (x : Nat) (ls : List Nat) : Bool :=
  List.rec false (fun l _ ih => Bool.rec ih true (Nat.beq x l)) ls

theorem member_false {v : Nat → Bool} {x : Nat} {ls : List Nat} (h : member x ls = true) (k : fails v ls) :
    lit v x = false := by
  induction ls with
  | nil => exact (Bool.false_ne_true h).elim
  | cons l ls ih =>
    cases e : Nat.beq x l with
    | true => rw [Nat.eq_of_beq_eq_true x l e]; exact k.left
    | false =>
      have h : cond (Nat.beq x l) true (member x ls) = true := h
      rw [e] at h
      exact ih h k.right

/-- What is left of a clause where the literals `fs` are false: the one literal that must be true, 0
if there is none, 1 if there are several. `u` is the one found so far, or 0. -/
noncomputable def unit (fs : List Nat) (clause : List Nat) : Nat → Nat :=
  List.rec (motive := fun _ => Nat → Nat) (fun u => u)
    (fun l _ ih u => Bool.rec (Bool.rec 1 (ih l) (Nat.beq u 0)) (ih u) (member l fs)) clause

theorem unit_true {v : Nat → Bool} (zero : v 0 = false) {fs : List Nat} (f : fails v fs) (ls : List Nat) :
    ∀ u, holds v ls ∨ lit v u = true → lit v (unit fs ls u) = true := by
  induction ls with
  | nil => exact fun u h => h.elim False.elim (fun k => k)
  | cons l ls ih =>
    intro u h
    show lit v (cond (member l fs) (unit fs ls u) (cond (Nat.beq u 0) (unit fs ls l) 1)) = true
    cases m : member l fs with
    | true =>
      have no := member_false m f
      refine ih u (h.elim (fun k => k.elim (fun y => ?_) Or.inl) Or.inr)
      rw [no] at y
      exact (Bool.false_ne_true y).elim
    | false =>
      cases e : Nat.beq u 0 with
      | true =>
        refine ih l (h.elim (fun k => k.elim Or.inr Or.inl) (fun y => ?_))
        rw [Nat.eq_of_beq_eq_true u 0 e, lit_zero zero] at y
        exact (Bool.false_ne_true y).elim
      | false => exact lit_one zero

/-- Do the clauses `hints`, one after the other, become units and at last false where `fs` are false? -/
noncomputable def refutes (clause : Nat → List Nat) (hints : List Nat) : List Nat → Bool :=
  List.rec (motive := fun _ => List Nat → Bool) (fun _ => false)
    (fun h _ ih fs => (fun u => Bool.rec (ih (.cons (neg u) fs)) true (Nat.beq u 0)) (unit fs (clause h) 0)) hints

theorem refutes_sound {v : Nat → Bool} (zero : v 0 = false) {clause : Nat → List Nat}
    (all : ∀ h, holds v (clause h)) (hints : List Nat) :
    ∀ fs, refutes clause hints fs = true → fails v fs → False := by
  induction hints with
  | nil => exact fun _ h _ => Bool.false_ne_true h
  | cons h hs ih =>
    intro fs r f
    have t := unit_true zero f (clause h) 0 (Or.inl (all h))
    have r : cond (Nat.beq (unit fs (clause h) 0) 0) true (refutes clause hs (.cons (neg (unit fs (clause h) 0)) fs)) = true := r
    generalize unit fs (clause h) 0 = u at t r
    cases e : Nat.beq u 0 with
    | true =>
      rw [Nat.eq_of_beq_eq_true u 0 e, lit_zero zero] at t
      exact Bool.false_ne_true t
    | false =>
      rw [e] at r
      refine ih _ r ⟨?_, f⟩
      rw [lit_neg, t]
      rfl

/-! ## Proofs -/

/-- The numbers below 2^20 that are packed in one, up to the first that is 0. -/
noncomputable def unpack (packed : Nat) : List Nat :=
  Nat.rec (motive := fun _ => Nat → List Nat) (fun _ => .nil)
    (fun _ ih x => Bool.rec (.cons (Nat.mod x 0x100000) (ih (Nat.div x 0x100000))) .nil (Nat.beq (Nat.mod x 0x100000) 0))
    0x100000 packed

/-- Numbered clauses, each with hints from which it follows. `both middle` has those numbered below
`middle` on its left. -/
inductive Steps where
  | none : Steps
  | step (number clause hints : Nat) : Steps
  | both (middle : Nat) (left right : Steps) : Steps

namespace Steps

inductive Mem (number clause hints : Nat) : Steps → Prop where
  | here : Mem number clause hints (.step number clause hints)
  | left {m : Nat} {l r : Steps} : Mem number clause hints l → Mem number clause hints (.both m l r)
  | right {m : Nat} {l r : Steps} : Mem number clause hints r → Mem number clause hints (.both m l r)

/-- The clause with this number if that is below `limit`. -/
noncomputable def clause (s : Steps) (number limit : Nat) : List Nat :=
  Steps.rec top (fun n c _ => Bool.rec top (unpack c) (Nat.ble (Nat.succ n) limit))
    (fun m _ _ left right => Bool.rec left right (Nat.ble m number)) s

/-- Hints: `4 * i + 3` is the clause `i` of the steps, all others are numbers of `input`. -/
noncomputable def hinted (input : Nat → List Nat) (all : Steps) (limit h : Nat) : List Nat :=
  Bool.rec (input h) (all.clause (Nat.div h 4) limit) (Nat.beq (Nat.mod h 4) 3)

/-- Does every step of `s` follow from the input and from steps of `all` with smaller numbers? -/
noncomputable def follow (input : Nat → List Nat) (all s : Steps) : Bool :=
  Steps.rec true (fun n c h => refutes (hinted input all n) (unpack h) (.cons 0 (unpack c)))
    (fun _ _ _ left right => Bool.rec false right left) s

variable {v : Nat → Bool} {input : Nat → List Nat} {all : Steps}

theorem clause_holds (zero : v 0 = false) (number limit : Nat)
    (below : ∀ n c h, Mem n c h all → n < limit → holds v (unpack c)) : holds v (all.clause number limit) := by
  suffices ∀ s : Steps, (∀ n c h, Mem n c h s → Mem n c h all) → holds v (s.clause number limit) from
    this all (fun _ _ _ m => m)
  intro s
  induction s with
  | none => exact fun _ => holds_top zero
  | step n c h =>
    intro inside
    show holds v (cond (Nat.ble (n + 1) limit) (unpack c) top)
    cases e : Nat.ble (n + 1) limit with
    | true => exact below n c h (inside n c h .here) (Nat.le_of_ble e)
    | false => exact holds_top zero
  | both m l r left right =>
    intro inside
    show holds v (cond (Nat.ble m number) (r.clause number limit) (l.clause number limit))
    cases Nat.ble m number with
    | true => exact right (fun n c h k => inside n c h (.right k))
    | false => exact left (fun n c h k => inside n c h (.left k))

theorem follow_mem {n c h : Nat} {s : Steps} (f : follow input all s = true) (m : Mem n c h s) :
    refutes (hinted input all n) (unpack h) (.cons 0 (unpack c)) = true := by
  induction s with
  | none => exact nomatch m
  | step n' c' h' =>
    cases m
    exact f
  | both k l r left right =>
    have f : cond (follow input all l) (follow input all r) false = true := f
    cases e : follow input all l with
    | false => rw [e] at f; exact (Bool.false_ne_true f).elim
    | true =>
      rw [e] at f
      cases m with
      | left m => exact left e m
      | right m => exact right f m

/-- Whatever makes all input clauses true makes each clause of the steps true. -/
theorem sound (zero : v 0 = false) (true' : ∀ h, holds v (input h)) (f : follow input all all = true) :
    ∀ limit n c h, Mem n c h all → n < limit → holds v (unpack c) := by
  intro limit
  induction limit with
  | zero => exact fun n _ _ _ k => (Nat.not_succ_le_zero n k).elim
  | succ limit ih =>
    intro n c h m k
    refine (holds_or_fails v (unpack c)).elim (fun y => y) (fun no => ?_)
    refine (refutes_sound zero (fun x => ?_) (unpack h) (.cons 0 (unpack c)) (follow_mem f m) ⟨lit_zero zero, no⟩).elim
    show holds v (cond (Nat.beq (x % 4) 3) (all.clause (x / 4) n) (input x))
    cases Nat.beq (x % 4) 3 with
    | true => exact clause_holds zero _ _ (fun n' c' h' m' k' => ih n' c' h' m' (Nat.lt_of_lt_of_le k' (Nat.le_of_lt_succ k)))
    | false => exact true' x

/-- Each clause of the steps, whichever is asked for. -/
theorem clause_sound (zero : v 0 = false) (true' : ∀ h, holds v (input h)) (f : follow input all all = true)
    (number limit : Nat) : holds v (all.clause number limit) :=
  clause_holds zero number limit (fun n c h m _ => sound zero true' f (n + 1) n c h m (Nat.lt_succ_self n))

end Steps

/-! ## Formulas -/

/-- Clauses by number, as the steps of a proof without hints. -/
abbrev Cnf : Type := Steps

/-- The assignment makes every clause of the formula true. -/
def Cnf.satisfied (v : Nat → Bool) (cnf : Cnf) : Prop := ∀ n c h, Steps.Mem n c h cnf → holds v (unpack c)

/-- Is the proof one that the clauses of `cnf` (hints `4 * i + 1` mean its clause `i`) contradict each other? -/
noncomputable def Cnf.refuted (cnf : Cnf) (proof : Steps) (last : Nat) : Bool :=
  cond (Steps.follow (fun h => Steps.clause cnf (h / 4) (h / 4 + 1)) proof proof)
    (List.rec (motive := fun _ => Bool) true (fun _ _ _ => false) (proof.clause last (last + 1))) false

theorem Cnf.unsatisfiable {cnf : Cnf} {proof : Steps} {last : Nat} (c : cnf.refuted proof last = true) (v : Nat → Bool)
    (zero : v 0 = false) : ¬cnf.satisfied v := by
  intro all
  unfold Cnf.refuted at c
  cases f : Steps.follow (fun h => Steps.clause cnf (h / 4) (h / 4 + 1)) proof proof with
  | false => rw [f] at c; exact Bool.false_ne_true c
  | true =>
    rw [f] at c
    have k := Steps.clause_sound zero
      (fun h => Steps.clause_holds zero (h / 4) (h / 4 + 1) (fun n c h m _ => all n c h m)) f last (last + 1)
    generalize Steps.clause proof last (last + 1) = ls at c k
    cases ls with
    | nil => exact k
    | cons _ _ => exact Bool.false_ne_true c
