prelude
import Verify.Poly

/-!
Certificates of integer goals and their checker, which is proved sound.

The language and its rules are those of `proofs/certify/certificate.py`. A certificate shows that
premises contradict each other; `Refute.sound` and `Refute.proves` make theorems of it.
-/

set_option autoImplicit false

noncomputable section
namespace Refute

inductive Formula : Type where
  | le (a b : Term)
  | lt (a b : Term)
  | eq (a b : Term)
  | ne (a b : Term)
  | tru
  | fls
  | and (f g : Formula)
  | or (f g : Formula)
  | not (f : Formula)
  | imp (f g : Formula)

/-- Multipliers with the numbers of the facts that they multiply. -/
inductive Combination : Type where
  | nil
  | add (m : Poly) (i : Nat) (rest : Combination)

inductive Cert : Type where
  | linear (ms : Combination)
  | split (t : Poly) (c₁ c₂ : Cert)
  | cases (i : Nat) (c₁ c₂ : Cert)
  | cut (i d : Nat) (c : Cert)
  | prod (i j : Nat) (c : Cert)
  | sq (p : Poly) (c : Cert)
  | comb (ms : Combination) (c : Cert)
  | equal (i j : Nat) (c : Cert)

inductive Fact : Type where
  | nonneg (p : Poly)
  | zero (p : Poly)
  | choice (f g : Formula)

/-! ## What they say -/

def Formula.denote (env : List Int) (f : Formula) : Prop :=
  Formula.rec (motive := fun _ => Prop) (fun a b => a.denote env ≤ b.denote env)
    (fun a b => a.denote env < b.denote env)
    (fun a b => a.denote env = b.denote env) (fun a b => a.denote env ≠ b.denote env) True False
    (fun _ _ f g => f ∧ g) (fun _ _ f g => f ∨ g) (fun _ f => ¬f) (fun _ _ f g => f → g) f

def Fact.denote (env : List Int) (f : Fact) : Prop :=
  Fact.rec (motive := fun _ => Prop) (fun p => 0 ≤ p.value env) (fun p => p.value env = 0)
    (fun f g => f.denote env ∨ g.denote env) f

/-! ## The checker -/

namespace Poly

/-- Is it a negative constant? -/
def isNegative (p : Poly) : Bool :=
  Poly.rec (motive := fun _ => Bool) false (fun m c p _ =>
    Mono.rec (motive := fun _ => Bool)
      (Poly.rec (motive := fun _ => Bool) (Int.rec (fun _ => false) (fun _ => true) c) (fun _ _ _ _ => false) p)
      (fun _ _ _ => false) m) p
/-- Is it a constant that is not negative? -/
def isFactor (p : Poly) : Bool :=
  Poly.rec (motive := fun _ => Bool) true (fun m c p _ =>
    Mono.rec (motive := fun _ => Bool)
      (Poly.rec (motive := fun _ => Bool) (Int.isNonNeg c) (fun _ _ _ _ => false) p)
      (fun _ _ _ => false) m) p
/-- Does `d` divide every coefficient? -/
def divisible (d : Nat) (p : Poly) : Bool :=
  Poly.rec true (fun _ c _ r => cond (Nat.beq (Int.natAbs c % d) 0) r false) p
/-- Does `d` divide every coefficient but the constant, which comes first? -/
def nearlyDivisible (d : Nat) (p : Poly) : Bool :=
  Poly.rec (motive := fun _ => Bool) true (fun m c p _ =>
    Mono.rec (motive := fun _ => Bool) (divisible d p) (fun _ _ _ => divisible d (add m c p)) m) p
/-- The coefficients divided by `d` and rounded down. -/
def divided (d : Nat) (p : Poly) : Poly := Poly.rec nil (fun m c _ r => push m (c / Int.ofNat d) r) p

end Poly

namespace Fact

def lookup (known : List Fact) (i : Nat) : Fact :=
  Nat.rec (motive := fun _ => List Fact → Fact)
    (fun known => List.rec (nonneg Poly.nil) (fun x _ _ => x) known)
    (fun _ next known =>
      List.rec (motive := fun _ => Fact) (nonneg Poly.nil) (fun _ rest _ => next rest) known) i known
/-- Fact `i` of `n`: the last one is first in the list. -/
def get (missing : Fact) (n : Nat) (known : List Fact) (i : Nat) : Fact :=
  cond (Nat.ble (i + 1) n) (lookup known (n - (i + 1))) missing
/-- Fact `i` as one of a combination. If it is not there, it is none that may be used. -/
abbrev literal : Nat → List Fact → Nat → Fact := get (choice .tru .tru)
/-- Fact `i` as one of cases. -/
abbrev alternative : Nat → List Fact → Nat → Fact := get (nonneg Poly.nil)
/-- Its polynomial `p`, if it is `p ≥ 0`. -/
def inequality (f : Fact) (go : Poly → Bool) : Bool :=
  Fact.rec (motive := fun _ => Bool) go (fun _ => false) (fun _ _ => false) f

end Fact

/-- How a checker goes on: with the number of facts and the facts, the last one first. -/
abbrev Next := Nat → List Fact → Bool

def Fact.put (f : Fact) (n : Nat) (known : List Fact) (go : Next) : Bool := go (n + 1) (f :: known)

/-- Appends what a formula, or if not `positive` its negation, flattens to. -/
def Formula.put (f : Formula) : (positive : Bool) → Nat → List Fact → Next → Bool :=
  have below (a b : Term) := Fact.put (.nonneg (Poly.minus b.poly a.poly))
  have strictly (a b : Term) := Fact.put (.nonneg (Poly.plus (Poly.const (-1)) (Poly.minus b.poly a.poly)))
  have same (a b : Term) := Fact.put (.zero (Poly.minus a.poly b.poly))
  have differ (a b : Term) := Fact.put (.choice (.lt a b) (.lt b a))
  have nothing : Nat → List Fact → Next → Bool := fun n known go => go n known
  have absurd := Fact.put (.nonneg (Poly.const (-1)))
  Formula.rec (motive := fun _ => Bool → Nat → List Fact → Next → Bool)
    (fun a b s => cond s (below a b) (strictly b a))
    (fun a b s => cond s (strictly a b) (below b a))
    (fun a b s => cond s (same a b) (differ a b))
    (fun a b s => cond s (differ a b) (same a b))
    (fun s => cond s nothing absurd)
    (fun s => cond s absurd nothing)
    (fun f g pf pg s => cond s (fun n known go => pf true n known fun n known => pg true n known go)
      (Fact.put (.choice (.not f) (.not g))))
    (fun f g pf pg s => cond s (Fact.put (.choice f g))
      (fun n known go => pf false n known fun n known => pg false n known go))
    (fun _ pf s => pf (cond s false true))
    (fun f g pf pg s => cond s (Fact.put (.choice (.not f) g))
      (fun n known go => pf true n known fun n known => pg false n known go)) f

/-- One summand of a combination more, if its multiplier is allowed. -/
def Fact.addTo (f : Fact) (m acc : Poly) (next : Poly → Bool) : Bool :=
  Fact.rec (motive := fun _ => Bool) (fun p => cond m.isFactor (next (Poly.plus acc (Poly.times m p))) false)
    (fun p => next (Poly.plus acc (Poly.times m p))) (fun _ _ => false) f
def Combination.sumFrom (n : Nat) (known : List Fact) (go : Poly → Bool) (ms : Combination) : Poly → Bool :=
  Combination.rec (motive := fun _ => Poly → Bool) go
    (fun m i _ next acc => (Fact.literal n known i).addTo m acc next) ms
/-- The combination, if each multiplier is allowed. -/
def Combination.sum (ms : Combination) (n : Nat) (known : List Fact) (go : Poly → Bool) : Bool :=
  ms.sumFrom n known go Poly.nil

def Cert.check (c : Cert) : Next :=
  Cert.rec (motive := fun _ => Next)
    (fun ms n known => ms.sum n known Poly.isNegative)
    (fun t _ _ c₁ c₂ n known => cond (Fact.put (.nonneg t) n known c₁)
      (Fact.put (.nonneg (Poly.plus (Poly.const (-1)) (Poly.neg t))) n known c₂) false)
    (fun i _ _ c₁ c₂ n known => Fact.rec (motive := fun _ => Bool) (fun _ => false) (fun _ => false)
      (fun f g => cond (f.put true n known c₁) (g.put true n known c₂) false) (Fact.alternative n known i))
    (fun i d _ c n known => (Fact.literal n known i).inequality fun p =>
      cond (Nat.ble 1 d) (cond (p.nearlyDivisible d) (Fact.put (.nonneg (p.divided d)) n known c) false) false)
    (fun i j _ c n known => (Fact.literal n known i).inequality fun p =>
      (Fact.literal n known j).inequality fun q => Fact.put (.nonneg (Poly.times p q)) n known c)
    (fun p _ c n known => Fact.put (.nonneg (Poly.times p p)) n known c)
    (fun ms _ c n known => ms.sum n known fun p => Fact.put (.nonneg p) n known c)
    (fun i j _ c n known => (Fact.literal n known i).inequality fun p =>
      (Fact.literal n known j).inequality fun q =>
        cond (Poly.plus p q).isNil (Fact.put (.zero p) n known c) false) c

def put (hyps : List Formula) : Nat → List Fact → Next → Bool :=
  List.rec (motive := fun _ => Nat → List Fact → Next → Bool) (fun n known go => go n known)
    (fun f _ next n known go => f.put true n known fun n known => next n known go) hyps

/-- Does the certificate show that the premises contradict each other? -/
def check (hyps : List Formula) (c : Cert) : Bool := put hyps 0 List.nil c.check

/-! ## It is sound -/

def Known (env : List Int) (known : List Fact) : Prop :=
  List.rec (motive := fun _ => Prop) True (fun f _ rest => f.denote env ∧ rest) known
/-- What goes on so comes to no false conclusion. -/
def Sound (env : List Int) (go : Next) : Prop := ∀ n known, Known env known → go n known = true → False
def Formula.says (env : List Int) (f : Formula) (s : Bool) : Prop := cond s (f.denote env) (¬f.denote env)

theorem Formula.em (env : List Int) (f : Formula) : f.denote env ∨ ¬f.denote env := by
  induction f with
  | le a b => exact Decidable.em (a.denote env ≤ b.denote env)
  | lt a b => exact Decidable.em (a.denote env < b.denote env)
  | eq a b => exact Decidable.em (a.denote env = b.denote env)
  | ne a b => exact Decidable.em (a.denote env ≠ b.denote env)
  | tru => exact Or.inl trivial
  | fls => exact Or.inr (fun h => h)
  | and f g hf hg =>
    cases hf with
    | inl hf => exact hg.elim (fun hg => Or.inl ⟨hf, hg⟩) (fun hg => Or.inr (fun h => hg h.right))
    | inr hf => exact Or.inr (fun h => hf h.left)
  | or f g hf hg =>
    cases hf with
    | inl hf => exact Or.inl (Or.inl hf)
    | inr hf => exact hg.elim (fun hg => Or.inl (Or.inr hg)) (fun hg => Or.inr (fun h => h.elim hf hg))
  | not f hf => exact hf.elim (fun hf => Or.inr (fun h => h hf)) Or.inl
  | imp f g hf hg =>
    cases hf with
    | inr hf => exact Or.inl (fun h => (hf h).elim)
    | inl hf => exact hg.elim (fun hg => Or.inl (fun _ => hg)) (fun hg => Or.inr (fun h => hg (h hf)))

theorem lookup_holds {env : List Int} {known : List Fact} (h : Known env known) (i : Nat) :
    (Fact.lookup known i).denote env := by
  induction i generalizing known with
  | zero =>
    cases known with
    | nil => exact Int.le_refl 0
    | cons f known => exact h.left
  | succ i ih =>
    cases known with
    | nil => exact Int.le_refl 0
    | cons f known => exact ih h.right
theorem get_holds {env : List Int} {missing : Fact} (m : missing.denote env) {known : List Fact}
    (h : Known env known) (n i : Nat) : (Fact.get missing n known i).denote env := by
  unfold Fact.get
  cases Nat.ble (i + 1) n with
  | true => exact lookup_holds h _
  | false => exact m
theorem literal_holds {env : List Int} {known : List Fact} (h : Known env known) (n i : Nat) :
    (Fact.literal n known i).denote env := get_holds (missing := .choice .tru .tru) (Or.inl trivial) h n i
theorem alternative_holds {env : List Int} {known : List Fact} (h : Known env known) (n i : Nat) :
    (Fact.alternative n known i).denote env := get_holds (missing := .nonneg Poly.nil) (Int.le_refl 0) h n i
theorem of_cond {a b : Bool} (h : cond a b false = true) : a = true ∧ b = true := by
  cases a with
  | true => exact ⟨rfl, h⟩
  | false => exact (Bool.false_ne_true h).elim
theorem of_inequality {env : List Int} {f : Fact} (hf : f.denote env) {go : Poly → Bool}
    (h : f.inequality go = true) : ∃ p, 0 ≤ p.value env ∧ go p = true := by
  cases f with
  | nonneg p => exact ⟨p, hf, h⟩
  | zero p => exact (Bool.false_ne_true h).elim
  | choice f g => exact (Bool.false_ne_true h).elim
theorem Fact.put_sound {env : List Int} {f : Fact} (hf : f.denote env) {n : Nat} {known : List Fact} {go : Next}
    (hk : Known env known) (hg : Sound env go) (h : f.put n known go = true) : False :=
  hg (n + 1) (f :: known) ⟨hf, hk⟩ h

theorem below_holds {env : List Int} {a b : Term} (h : a.denote env ≤ b.denote env) :
    (Fact.nonneg (Poly.minus b.poly a.poly)).denote env := by
  show 0 ≤ Poly.value env _
  rw [Poly.value_minus, denote_poly, denote_poly]
  exact Int.le_def.mp h
theorem strictly_holds {env : List Int} {a b : Term} (h : a.denote env < b.denote env) :
    (Fact.nonneg (Poly.plus (Poly.const (-1)) (Poly.minus b.poly a.poly))).denote env := by
  show 0 ≤ Poly.value env _
  rw [Poly.value_plus, Poly.value_const, Poly.value_minus, denote_poly, denote_poly, Int.add_comm]
  exact Int.lt_def.mp h
theorem same_holds {env : List Int} {a b : Term} (h : a.denote env = b.denote env) :
    (Fact.zero (Poly.minus a.poly b.poly)).denote env := by
  show Poly.value env _ = 0
  rw [Poly.value_minus, denote_poly, denote_poly]
  exact Int.sub_eq_zero.mpr h
theorem absurd_holds {env : List Int} (h : False) : (Fact.nonneg (Poly.const (-1))).denote env := h.elim

theorem Formula.put_sound {env : List Int} (f : Formula) : ∀ (s : Bool) (n : Nat) (known : List Fact) (go : Next),
    f.says env s → Known env known → Sound env go → f.put s n known go = true → False := by
  induction f with
  | le a b =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact Fact.put_sound (below_holds hs) hk hg h
    | false => exact Fact.put_sound (strictly_holds (Int.lt_of_not_le hs)) hk hg h
  | lt a b =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact Fact.put_sound (strictly_holds hs) hk hg h
    | false => exact Fact.put_sound (below_holds (Int.le_of_not_lt hs)) hk hg h
  | eq a b =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact Fact.put_sound (same_holds hs) hk hg h
    | false => exact Fact.put_sound (f := .choice (.lt a b) (.lt b a)) (Int.lt_or_gt_of_ne hs) hk hg h
  | ne a b =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact Fact.put_sound (f := .choice (.lt a b) (.lt b a)) (Int.lt_or_gt_of_ne hs) hk hg h
    | false => exact Fact.put_sound (same_holds (Decidable.byContradiction hs)) hk hg h
  | tru =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact hg n known hk h
    | false => exact hs trivial
  | fls =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact hs
    | false => exact hg n known hk h
  | and f g hf hg' =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact hf true n known _ hs.left hk (fun n known hk h => hg' true n known go hs.right hk hg h) h
    | false =>
      refine Fact.put_sound (f := .choice (.not f) (.not g)) ?_ hk hg h
      exact (f.em env).elim (fun k => Or.inr (fun l => hs ⟨k, l⟩)) Or.inl
  | or f g hf hg' =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact Fact.put_sound (f := .choice f g) hs hk hg h
    | false =>
      exact hf false n known _ (fun k => hs (Or.inl k)) hk
        (fun n known hk h => hg' false n known go (fun k => hs (Or.inr k)) hk hg h) h
  | not f hf =>
    intro s n known go hs hk hg h
    cases s with
    | true => exact hf false n known go hs hk hg h
    | false => exact hf true n known go ((f.em env).elim (fun k => k) (fun k => (hs k).elim)) hk hg h
  | imp f g hf hg' =>
    intro s n known go hs hk hg h
    cases s with
    | true =>
      refine Fact.put_sound (f := .choice (.not f) g) ?_ hk hg h
      exact (f.em env).elim (fun k => Or.inr (hs k)) Or.inl
    | false =>
      have hf' : f.says env true := (f.em env).elim (fun k => k) (fun k => (hs (fun l => (k l).elim)).elim)
      exact hf true n known _ hf' hk
        (fun n known hk h => hg' false n known go (fun k => hs (fun _ => k)) hk hg h) h

namespace Poly

theorem mul_ediv_of_natAbs {c : Int} {d : Nat} (h : Int.natAbs c % d = 0) :
    Int.ofNat d * (c / Int.ofNat d) = c := by
  have r : c % Int.ofNat d = 0 := by
    cases c with
    | ofNat n => exact congrArg Int.ofNat h
    | negSucc n =>
      cases Nat.cond_cases n d with
      | inl k =>
        show Int.subNatNat d (Nat.succ (n % d)) = 0
        rw [k.left]
        exact Int.subNatNat_right d 0
      | inr k => exact (Nat.succ_ne_zero _ (k.right.left.symm.trans h)).elim
  have e := Int.ediv_add_emod c (Int.ofNat d)
  rw [r, Int.add_zero] at e
  exact e
theorem nonneg_of_mul_nonneg {d : Nat} (hd : 0 < d) {x : Int} (h : 0 ≤ Int.ofNat d * x) : 0 ≤ x := by
  cases x with
  | ofNat n => exact Int.ofNat_nonneg n
  | negSucc n =>
    cases d with
    | zero => exact (Nat.lt_irrefl 0 hd).elim
    | succ d => exact (Bool.false_ne_true (decide_eq_true h)).elim
theorem nonneg_of_floor {d : Nat} (hd : 0 < d) {c x : Int} (h : 0 ≤ c + Int.ofNat d * x) :
    0 ≤ c / Int.ofNat d + x := by
  cases Int.nonneg_or (c / Int.ofNat d + x) with
  | inl k => exact k
  | inr k =>
    have l := Int.lt_def.mp (Int.emod_lt c (Int.ofNat_lt hd))
    rw [← Int.ediv_add_emod c (Int.ofNat d)] at h
    revert h k l
    generalize c / Int.ofNat d = q
    generalize c % Int.ofNat d = r
    intro h k l
    have s := Int.add_nonneg (Int.add_nonneg h (Int.mul_nonneg (Int.ofNat_nonneg d) k)) l
    have e : Int.ofNat d * q + r + Int.ofNat d * x + Int.ofNat d * (-(q + x) - 1) + (Int.ofNat d - r - 1) = -1 :=
      Term.ring [Int.ofNat d, q, r, x]
        (.add (.add (.add (.add (.mul (.var 0) (.var 1)) (.var 2)) (.mul (.var 0) (.var 3)))
          (.mul (.var 0) (.sub (.neg (.add (.var 1) (.var 3))) (.num 1))))
          (.sub (.sub (.var 0) (.var 2)) (.num 1))) (.num (-1)) (by decide +kernel)
    rw [e] at s
    exact (Bool.false_ne_true (decide_eq_true s)).elim
theorem zero_of_opposites {env : List Int} {p q : Poly} (h : (plus p q).isNil = true) (hp : 0 ≤ p.value env)
    (hq : 0 ≤ q.value env) : p.value env = 0 := by
  have e := (value_plus env p q).symm.trans (value_of_isNil h)
  rw [Int.neg_unique e] at hq
  refine Int.le_antisymm (Int.le_def.mpr ?_) hp
  rw [Int.zero_sub]
  exact hq

theorem negative_value {env : List Int} {p : Poly} (h : p.isNegative = true) (k : 0 ≤ p.value env) : False := by
  cases p with
  | nil => exact Bool.false_ne_true h
  | add m c p =>
    cases m with
    | var i m => exact Bool.false_ne_true h
    | one =>
      cases p with
      | add n d p => exact Bool.false_ne_true h
      | nil =>
        cases c with
        | ofNat n => exact Bool.false_ne_true h
        | negSucc n =>
          have k : 0 ≤ Int.negSucc n * 1 + 0 := k
          rw [Int.mul_one, Int.add_zero] at k
          exact Bool.false_ne_true (decide_eq_true k)
theorem factor_value {env : List Int} {p : Poly} (h : p.isFactor = true) : 0 ≤ p.value env := by
  cases p with
  | nil => exact Int.le_refl 0
  | add m c p =>
    cases m with
    | var i m => exact (Bool.false_ne_true h).elim
    | one =>
      cases p with
      | add n d p => exact (Bool.false_ne_true h).elim
      | nil =>
        show 0 ≤ c * 1 + 0
        rw [Int.mul_one, Int.add_zero]
        exact Int.le_def.mpr (by rw [Int.sub_zero]; exact Int.nonneg_of_isNonNeg h)

theorem divisible_value {env : List Int} {d : Nat} {p : Poly} (h : p.divisible d = true) :
    p.value env = Int.ofNat d * (p.divided d).value env := by
  induction p with
  | nil => exact (Int.mul_zero _).symm
  | add m c p ih =>
    have k := of_cond (show cond (Nat.beq (Int.natAbs c % d) 0) (p.divisible d) false = true from h)
    show c * m.value env + p.value env = Int.ofNat d * Poly.value env (push m (c / Int.ofNat d) (p.divided d))
    rw [value_push, Int.mul_add, ← ih k.right, ← Int.mul_assoc,
      mul_ediv_of_natAbs (Nat.eq_of_beq_eq_true _ _ k.left)]
theorem divided_value {env : List Int} {d : Nat} (hd : 0 < d) {p : Poly} (h : p.nearlyDivisible d = true)
    (k : 0 ≤ p.value env) : 0 ≤ (p.divided d).value env := by
  have exactly : ∀ {p : Poly}, p.divisible d = true → 0 ≤ p.value env → 0 ≤ (p.divided d).value env := by
    intro p h k
    rw [divisible_value h] at k
    exact nonneg_of_mul_nonneg hd k
  cases p with
  | nil => exact Int.le_refl 0
  | add m c p =>
    cases m with
    | var i m => exact exactly h k
    | one =>
      have k : 0 ≤ c * 1 + p.value env := k
      rw [divisible_value (p := p) h, Int.mul_one] at k
      show 0 ≤ Poly.value env (push Mono.one (c / Int.ofNat d) (p.divided d))
      rw [value_push]
      show 0 ≤ c / Int.ofNat d * 1 + _
      rw [Int.mul_one]
      exact nonneg_of_floor hd k
end Poly

theorem Combination.sum_sound {env : List Int} {known : List Fact} (hk : Known env known) (n : Nat)
    {go : Poly → Bool} (hg : ∀ p, 0 ≤ p.value env → go p = true → False) (ms : Combination)
    (h : ms.sum n known go = true) : False := by
  have step : ∀ (ms : Combination) (acc : Poly), 0 ≤ acc.value env → ms.sumFrom n known go acc = true → False := by
    intro ms
    induction ms with
    | nil => intro acc ha h; exact hg acc ha h
    | add m i ms ih =>
      intro acc ha h
      have h : (Fact.literal n known i).addTo m acc (ms.sumFrom n known go) = true := h
      have hf := literal_holds hk n i
      revert hf h
      cases Fact.literal n known i with
      | nonneg p =>
        intro h hf
        have k := of_cond (show cond m.isFactor _ false = true from h)
        refine ih _ ?_ k.right
        rw [Poly.value_plus, Poly.value_times]
        exact Int.add_nonneg ha (Int.mul_nonneg (Poly.factor_value k.left) hf)
      | zero p =>
        intro h hf
        refine ih _ ?_ h
        have hf : p.value env = 0 := hf
        rw [Poly.value_plus, Poly.value_times, hf, Int.mul_zero, Int.add_zero]
        exact ha
      | choice f g => intro h _; exact Bool.false_ne_true h
  exact step ms Poly.nil (Int.le_refl 0) h

theorem Cert.check_sound (env : List Int) (c : Cert) : Sound env c.check := by
  induction c with
  | linear ms =>
    intro n known hk h
    exact Combination.sum_sound hk n (fun p hp hn => Poly.negative_value hn hp) ms h
  | split t c₁ c₂ h₁ h₂ =>
    intro n known hk h
    have k := of_cond h
    cases Int.nonneg_or (t.value env) with
    | inl ht => exact Fact.put_sound (f := .nonneg t) ht hk h₁ k.left
    | inr ht =>
      refine Fact.put_sound (f := .nonneg (Poly.plus (Poly.const (-1)) (Poly.neg t))) ?_ hk h₂ k.right
      show 0 ≤ Poly.value env _
      rw [Poly.value_plus, Poly.value_const, Poly.value_neg, Int.add_comm]
      exact ht
  | cases i c₁ c₂ h₁ h₂ =>
    intro n known hk h
    have hf := alternative_holds hk n i
    have h : Fact.rec (motive := fun _ => Bool) (fun _ => false) (fun _ => false)
      (fun f g => cond (f.put true n known c₁.check) (g.put true n known c₂.check) false)
      (Fact.alternative n known i) = true := h
    revert h hf
    cases Fact.alternative n known i with
    | nonneg p => intro _ h; exact Bool.false_ne_true h
    | zero p => intro _ h; exact Bool.false_ne_true h
    | choice f g =>
      intro hf h
      have k := of_cond h
      exact hf.elim (fun hf => f.put_sound true n known _ hf hk h₁ k.left)
        (fun hf => g.put_sound true n known _ hf hk h₂ k.right)
  | cut i d c hc =>
    intro n known hk h
    exact match of_inequality (literal_holds hk n i) h with
      | ⟨p, hp, h⟩ => by
        have k := of_cond h
        have l := of_cond k.right
        exact Fact.put_sound (f := .nonneg (p.divided d)) (Poly.divided_value (Nat.le_of_ble k.left) l.left hp)
          hk hc l.right
  | prod i j c hc =>
    intro n known hk h
    exact match of_inequality (literal_holds hk n i) h with
      | ⟨p, hp, h⟩ => match of_inequality (literal_holds hk n j) h with
        | ⟨q, hq, h⟩ => by
          refine Fact.put_sound (f := .nonneg (Poly.times p q)) ?_ hk hc h
          show 0 ≤ Poly.value env _
          rw [Poly.value_times]
          exact Int.mul_nonneg hp hq
  | sq p c hc =>
    intro n known hk h
    refine Fact.put_sound (f := .nonneg (Poly.times p p)) ?_ hk hc h
    show 0 ≤ Poly.value env _
    rw [Poly.value_times]
    exact Int.sq_nonneg _
  | comb ms c hc =>
    intro n known hk h
    exact Combination.sum_sound hk n
      (fun p hp h => Fact.put_sound (f := .nonneg p) hp hk hc h) ms h
  | equal i j c hc =>
    intro n known hk h
    exact match of_inequality (literal_holds hk n i) h with
      | ⟨p, hp, h⟩ => match of_inequality (literal_holds hk n j) h with
        | ⟨q, hq, h⟩ => by
          have k := of_cond h
          refine Fact.put_sound (f := .zero p) (Poly.zero_of_opposites k.left hp hq) hk hc k.right

def All (env : List Int) (hyps : List Formula) : Prop :=
  List.rec (motive := fun _ => Prop) True (fun f _ rest => f.denote env ∧ rest) hyps
/-- `h₁ → h₂ → … → p`. -/
def Implies (env : List Int) (hyps : List Formula) (p : Prop) : Prop :=
  List.rec (motive := fun _ => Prop) p (fun f _ rest => f.denote env → rest) hyps

theorem curry {env : List Int} {p : Prop} {hyps : List Formula} (h : All env hyps → p) : Implies env hyps p := by
  induction hyps with
  | nil => exact h trivial
  | cons f hyps ih => exact fun hf => ih (fun k => h ⟨hf, k⟩)
theorem put_sound {env : List Int} {go : Next} (hg : Sound env go) (hyps : List Formula) (h : All env hyps) :
    Sound env (fun n known => put hyps n known go) := by
  induction hyps with
  | nil => exact hg
  | cons f hyps ih => exact fun n known hk k => f.put_sound true n known _ h.left hk (ih h.right) k

/-- A checked certificate makes a contradiction of its premises. -/
theorem sound (env : List Int) (hyps : List Formula) (c : Cert) (h : check hyps c = true) :
    Implies env hyps False :=
  curry (fun k => put_sound (c.check_sound env) hyps k 0 List.nil trivial h)
/-- A checked certificate whose last premise is the goal's negation proves the goal. -/
theorem proves (env : List Int) (hyps : List Formula) (goal : Formula) (c : Cert)
    (h : put hyps 0 List.nil (fun n known => (Formula.not goal).put true n known c.check) = true) :
    Implies env hyps (goal.denote env) :=
  curry (fun k => (goal.em env).elim (fun g => g) (fun g =>
    (put_sound (fun n known hk l => (Formula.not goal).put_sound true n known _ g hk (c.check_sound env) l)
      hyps k 0 List.nil trivial h).elim))

end Refute
