prelude
import Verify.Classical

/-! What a call of a Rust function comes to, and what can be said of it. -/

set_option autoImplicit false
noncomputable section

/-- A call returns a value, panics, has undefined behaviour (or does what the front end does not
cover), or has used up the rounds that its loops were granted. -/
inductive Outcome (α : Type) where
  | ok (value : α)
  | panic (message : String)
  | undefined (message : String)
  | stuck

/-- Go on with the value, if there is one. -/
def Outcome.bind {α β : Type} (m : Outcome α) (k : α → Outcome β) : Outcome β :=
  match m with
  | .ok a => k a
  | .panic message => .panic message
  | .undefined message => .undefined message
  | .stuck => .stuck

/-- `m`, which is undefined unless `p` holds. -/
def Outcome.require {α : Type} (p : Prop) (m : Outcome α) : Outcome α :=
  @ite _ p (Classical.propDecidable p) m (.undefined "what is claimed here does not hold")

/-- A loop of at most `fuel` rounds: `body` is given the next round and the state. -/
def Outcome.loop {σ α : Type} (fuel : Nat) (body : (σ → Outcome α) → σ → Outcome α) : σ → Outcome α :=
  Nat.rec (fun _ => .stuck) (fun _ next => body next) fuel

/-- Weakest precondition: a returned value satisfies `P`, a panic happens only if `Q`, behaviour is
never undefined. Of calls that do not end nothing is said. -/
def Outcome.wp {α : Type} (m : Outcome α) (P : α → Prop) (Q : Prop) : Prop :=
  match m with
  | .ok a => P a
  | .panic _ => Q
  | .undefined _ => False
  | .stuck => True

theorem Outcome.wp_ite {α : Type} {c : Prop} [inst : Decidable c] {a b : Outcome α} {P : α → Prop} {Q : Prop}
    (ha : c → a.wp P Q) (hb : ¬c → b.wp P Q) : (if c then a else b).wp P Q :=
  match inst with
  | ⟨true, h⟩ => ha h
  | ⟨false, h⟩ => hb h

theorem Outcome.wp_mono {α : Type} {m : Outcome α} {P P' : α → Prop} {Q Q' : Prop}
    (hp : ∀ a, P a → P' a) (hq : Q → Q') (h : m.wp P Q) : m.wp P' Q' :=
  match m, h with
  | .ok a, h => hp a h
  | .panic _, h => hq h
  | .undefined _, h => h
  | .stuck, _ => trivial

/-- `wp_mono`, where what is known of the call comes first. -/
theorem Outcome.wp_call {α : Type} {m : Outcome α} {P P' : α → Prop} {Q Q' : Prop}
    (h : m.wp P Q) (hp : ∀ a, P a → P' a) (hq : Q → Q') : m.wp P' Q' := Outcome.wp_mono hp hq h

theorem Outcome.wp_bind {α β : Type} {m : Outcome α} {k : α → Outcome β} {P : β → Prop} {Q : Prop}
    (h : m.wp (fun a => (k a).wp P Q) Q) : (m.bind k).wp P Q :=
  match m, h with
  | .ok _, h => h
  | .panic _, h => h
  | .undefined _, h => h
  | .stuck, _ => trivial

/-- `wp_bind` for a condition on the value that implies what the rest needs. -/
theorem Outcome.wp_step {α β : Type} {m : Outcome α} {k : α → Outcome β} {P : β → Prop} {Q : Prop} {R : α → Prop}
    (h : m.wp R Q) (hk : ∀ a, R a → (k a).wp P Q) : (m.bind k).wp P Q :=
  Outcome.wp_bind (Outcome.wp_mono hk (fun q => q) h)

/-- What is required is shown, and known of what follows. -/
theorem Outcome.wp_require {α : Type} {p : Prop} {m : Outcome α} {P : α → Prop} {Q : Prop}
    (hp : p) (h : p → m.wp P Q) : (Outcome.require p m).wp P Q :=
  Eq.mpr_prop (congrArg (fun m => Outcome.wp m P Q) (@if_pos p (Classical.propDecidable p) hp _ m _)) (h hp)

/-- The second may be shown with the first. -/
theorem And.intro_with {p q : Prop} (h : p) (k : p → q) : p ∧ q := And.intro h (k h)

/-- A loop keeps what every round keeps, however many rounds it is granted. -/
theorem Outcome.wp_loop {σ α : Type} (Inv : σ → Prop) {body : (σ → Outcome α) → σ → Outcome α} {P : α → Prop} {Q : Prop}
    (round : ∀ again, (∀ s, Inv s → (again s).wp P Q) → ∀ s, Inv s → (body again s).wp P Q)
    (fuel : Nat) (s : σ) (h : Inv s) : (Outcome.loop fuel body s).wp P Q :=
  Nat.rec (motive := fun n => ∀ s, Inv s → (Outcome.loop n body s).wp P Q)
    (fun _ _ => trivial)
    (fun n ih s h => round (Outcome.loop n body) ih s h)
    fuel s h

/-- A loop does what its first round does, if it is granted one. -/
theorem Outcome.wp_round {σ α : Type} {body : (σ → Outcome α) → σ → Outcome α} {P : α → Prop} {Q : Prop}
    {fuel : Nat} {s : σ} (h : ∀ n, (body (Outcome.loop n body) s).wp P Q) : (Outcome.loop fuel body s).wp P Q :=
  Nat.rec (motive := fun n => (Outcome.loop n body s).wp P Q) trivial (fun n _ => h n) fuel

theorem Outcome.wp_ok {α : Type} {a : α} {P : α → Prop} {Q : Prop} (h : P a) : (Outcome.ok a).wp P Q := h
theorem Outcome.wp_panic {α : Type} {s : String} {P : α → Prop} {Q : Prop} (h : Q) : (Outcome.panic s).wp P Q := h
theorem Outcome.wp_undefined {α : Type} {s : String} {P : α → Prop} {Q : Prop} (h : False) :
    (Outcome.undefined s).wp P Q := h

/-! From here on it is known by these lemmas alone: Lean does not run a program to see through a goal. -/
attribute [irreducible] Outcome.wp

/-- Does the call return a value of which `test` holds? For tests by evaluation. -/
def Outcome.returns {α : Type} (m : Outcome α) (test : α → Bool) : Bool :=
  match m with
  | .ok a => test a
  | _ => false

/-- Does the call panic? -/
def Outcome.panics {α : Type} (m : Outcome α) : Bool :=
  match m with
  | .panic _ => true
  | _ => false

/-- Is the call's behaviour undefined? -/
def Outcome.isUndefined {α : Type} (m : Outcome α) : Bool :=
  match m with
  | .undefined _ => true
  | _ => false
