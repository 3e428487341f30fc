prelude

set_option genSizeOf false
set_option autoImplicit false
set_option backward.linearNoConfusionType false
set_option bootstrap.genMatcherCode false

universe u v w

unsafe axiom lcErased : Type
unsafe axiom lcAny : Type
unsafe axiom lcVoid : Type

@[reducible] def outParam (α : Sort u) : Sort u := α
@[inline] def id {α : Sort u} (a : α) : α := a
set_option checkBinderAnnotations false in
abbrev inferInstance {α : Sort u} [i : α] : α := i
def Function.const {α : Sort u} (β : Sort v) (a : α) : β → α := fun _ => a

set_option bootstrap.inductiveCheckResultingUniverse false in
inductive PUnit : Sort u where
  | unit : PUnit

abbrev Unit : Type := PUnit
@[match_pattern] abbrev Unit.unit : Unit := PUnit.unit

inductive True : Prop where
  | intro : True

inductive False : Prop

inductive Empty : Type

@[macro_inline] def False.elim {C : Sort u} (h : False) : C := h.rec

def Not (a : Prop) : Prop := a → False

inductive Eq {α : Sort u} : α → α → Prop where
  | refl (a : α) : Eq a a

@[simp] abbrev Eq.ndrec.{u1, u2} {α : Sort u2} {a : α} {motive : α → Sort u1} (m : motive a) {b : α} (h : Eq a b) : motive b :=
  h.rec m

set_option linter.defProp false in
@[match_pattern] def rfl {α : Sort u} {a : α} : Eq a a := Eq.refl a

theorem Eq.subst {α : Sort u} {motive : α → Prop} {a b : α} (h₁ : Eq a b) (h₂ : motive a) : motive b :=
  Eq.ndrec h₂ h₁
theorem Eq.symm {α : Sort u} {a b : α} (h : Eq a b) : Eq b a := h.rec (Eq.refl a)
theorem Eq.trans {α : Sort u} {a b c : α} (h₁ : Eq a b) (h₂ : Eq b c) : Eq a c := h₂.rec h₁
@[macro_inline] def cast {α β : Sort u} (h : Eq α β) (a : α) : β := h.rec a
theorem congrArg {α : Sort u} {β : Sort v} {a₁ a₂ : α} (f : α → β) (h : Eq a₁ a₂) : Eq (f a₁) (f a₂) := h.rec rfl
theorem congr {α : Sort u} {β : Sort v} {f₁ f₂ : α → β} {a₁ a₂ : α} (h₁ : Eq f₁ f₂) (h₂ : Eq a₁ a₂) : Eq (f₁ a₁) (f₂ a₂) :=
  h₁.rec (h₂.rec rfl)
theorem congrFun {α : Sort u} {β : α → Sort v} {f g : (x : α) → β x} (h : Eq f g) (a : α) : Eq (f a) (g a) := h.rec rfl

inductive HEq : {α : Sort u} → α → {β : Sort u} → β → Prop where
  | refl {α : Sort u} (a : α) : HEq a a
set_option linter.defProp false in
@[match_pattern] protected def HEq.rfl {α : Sort u} {a : α} : HEq a a := HEq.refl a
theorem eq_of_heq {α : Sort u} {a a' : α} (h : HEq a a') : Eq a a' :=
  have (α β : Sort u) (a : α) (b : β) (h₁ : HEq a b) : (h : Eq α β) → Eq (cast h a) b :=
    h₁.rec (fun _ => rfl)
  this α α a a' h rfl
theorem heq_of_eq {α : Sort u} {a a' : α} (h : Eq a a') : HEq a a' := h.rec (HEq.refl a)

structure And (a b : Prop) : Prop where
  intro ::
  left : a
  right : b
inductive Or (a b : Prop) : Prop where
  | inl (h : a) : Or a b
  | inr (h : b) : Or a b
structure Iff (a b : Prop) : Prop where
  intro ::
  mp : a → b
  mpr : b → a
inductive Exists {α : Sort u} (p : α → Prop) : Prop where
  | intro (w : α) (h : p w) : Exists p

structure Prod (α : Type u) (β : Type v) where
  mk ::
  fst : α
  snd : β
structure PProd (α : Sort u) (β : Sort v) where
  mk ::
  fst : α
  snd : β
structure MProd (α β : Type u) where
  fst : α
  snd : β
structure PLift (α : Sort u) : Type u where
  up ::
  down : α
structure ULift.{r, s} (α : Type s) : Type (max s r) where
  up ::
  down : α
set_option bootstrap.inductiveCheckResultingUniverse false in
structure PULift.{r, s} (α : Sort s) : Sort (max s r 1) where
  up ::
  down : α
structure Subtype {α : Sort u} (p : α → Prop) where
  val : α
  property : p val
inductive Sum (α : Type u) (β : Type v) where
  | inl (val : α) : Sum α β
  | inr (val : β) : Sum α β
inductive PSum (α : Sort u) (β : Sort v) where
  | inl (val : α) : PSum α β
  | inr (val : β) : PSum α β
structure PSigma {α : Sort u} (β : α → Sort v) where
  mk ::
  fst : α
  snd : β fst

set_option genCtorIdx false in
inductive Bool : Type where
  | false : Bool
  | true : Bool
export Bool (false true)


set_option genCtorIdx false in
inductive Nat : Type where
  | zero : Nat
  | succ (n : Nat) : Nat

class OfNat (α : Type u) (n : Nat) where
  ofNat : α
@[default_instance 100] instance instOfNatNat (n : Nat) : OfNat Nat n where
  ofNat := n

class inductive Nonempty (α : Sort u) : Prop where
  | intro (val : α) : Nonempty α
axiom Classical.choice {α : Sort u} : Nonempty α → α
axiom propext {a b : Prop} : (Iff a b) → Eq a b
class Inhabited (α : Sort u) where
  default : α
export Inhabited (default)

class CoeFun (α : Sort u) (γ : outParam (α → Sort v)) where
  coe : (f : α) → γ f
@[reducible] def Bool.Reflects (b : Bool) (p : Prop) : Prop := Bool.rec (Not p) p b

class Decidable (p : Prop) where
  intro ::
  decide : Bool
  reflects_decide : decide.Reflects p
export Decidable (decide)
@[match_pattern] def Decidable.isTrue {p : Prop} (h : p) : Decidable p := ⟨true, h⟩
@[match_pattern] def Decidable.isFalse {p : Prop} (h : Not p) : Decidable p := ⟨false, h⟩
export Decidable (isTrue isFalse)
abbrev DecidablePred {α : Sort u} (r : α → Prop) := (a : α) → Decidable (r a)
abbrev DecidableRel {α : Sort u} {β : Sort v} (r : α → β → Prop) := (a : α) → (b : β) → Decidable (r a b)
abbrev DecidableEq (α : Sort u) := (a b : α) → Decidable (Eq a b)

noncomputable def cond {α : Sort u} (c : Bool) (x y : α) : α := Bool.rec y x c
noncomputable def ite {α : Sort u} (c : Prop) [h : Decidable c] (t e : α) : α := Bool.rec e t h.decide
noncomputable def dite {α : Sort u} (c : Prop) [h : Decidable c] (t : c → α) (e : Not c → α) : α :=
  Bool.rec (motive := fun b => b.Reflects c → α) e t h.decide h.reflects_decide
@[macro_inline] def or (x y : Bool) : Bool := match x with | true => true | false => y
@[macro_inline] def and (x y : Bool) : Bool := match x with | false => false | true => y
@[inline] def not : Bool → Bool | true => false | false => true

@[extern "lean_nat_add"] def Nat.add (n m : Nat) : Nat := Nat.rec n (fun _ ih => Nat.succ ih) m
@[extern "lean_nat_mul"] def Nat.mul (n m : Nat) : Nat := Nat.rec Nat.zero (fun _ ih => Nat.add ih n) m
@[extern "lean_nat_pow"] def Nat.pow (n m : Nat) : Nat := Nat.rec (Nat.succ Nat.zero) (fun _ ih => Nat.mul ih n) m
noncomputable def Nat.pred (n : Nat) : Nat := Nat.rec Nat.zero (fun m _ => m) n
@[extern "lean_nat_sub"] def Nat.sub (n m : Nat) : Nat := Nat.rec n (fun _ ih => Nat.pred ih) m
@[extern "lean_nat_dec_eq"] def Nat.beq (n : Nat) : Nat → Bool :=
  Nat.rec (fun m => Nat.rec true (fun _ _ => false) m) (fun _ ih m => Nat.rec false (fun k _ => ih k) m) n
@[extern "lean_nat_dec_le"] def Nat.ble (n : Nat) : Nat → Bool :=
  Nat.rec (fun _ => true) (fun _ ih m => Nat.rec false (fun k _ => ih k) m) n


theorem Bool.false_ne_true (h : Eq false true) : False :=
  @Eq.rec Bool false (fun b _ => Bool.rec (motive := fun _ => Prop) True False b) True.intro true h

theorem Nat.eq_of_beq_eq_true (n : Nat) : (m : Nat) → Eq (Nat.beq n m) true → Eq n m :=
  Nat.rec (motive := fun n => (m : Nat) → Eq (Nat.beq n m) true → Eq n m)
    (fun m => Nat.rec (motive := fun m => Eq (Nat.beq Nat.zero m) true → Eq Nat.zero m)
      (fun _ => rfl) (fun _ _ h => False.elim (Bool.false_ne_true h)) m)
    (fun n ih m => Nat.rec (motive := fun m => Eq (Nat.beq (Nat.succ n) m) true → Eq (Nat.succ n) m)
      (fun h => False.elim (Bool.false_ne_true h)) (fun m _ h => congrArg Nat.succ (ih m h)) m) n

theorem Nat.beq_refl (n : Nat) : Eq (Nat.beq n n) true :=
  Nat.rec (motive := fun n => Eq (Nat.beq n n) true) rfl (fun _ ih => ih) n

theorem Bool.eq_false_or (b : Bool) : Or (Eq b true) (Eq b false) :=
  Bool.rec (motive := fun b => Or (Eq b true) (Eq b false)) (Or.inr rfl) (Or.inl rfl) b

theorem Bool.reflects_of {p : Prop} (b : Bool) (h₁ : Eq b true → p) (h₂ : p → Eq b true) : b.Reflects p :=
  Bool.rec (motive := fun b => (Eq b true → p) → (p → Eq b true) → Bool.Reflects b p)
    (fun _ h₂ hp => Bool.false_ne_true (h₂ hp)) (fun h₁ _ => h₁ rfl) b h₁ h₂

@[extern "lean_nat_dec_eq"] protected def Nat.decEq (n m : Nat) : Decidable (Eq n m) where
  decide := Nat.beq n m
  reflects_decide := Bool.reflects_of _ (Nat.eq_of_beq_eq_true n m) (fun h => h.rec (Nat.beq_refl n))
instance instDecidableEqNat : DecidableEq Nat := Nat.decEq

inductive Nat.le (n : Nat) : Nat → Prop where
  | refl : Nat.le n n
  | step {m : Nat} : Nat.le n m → Nat.le n (Nat.succ m)
class LE (α : Type u) where
  le : α → α → Prop
class LT (α : Type u) where
  lt : α → α → Prop
instance instLENat : LE Nat where
  le := Nat.le
def Nat.lt (n m : Nat) : Prop := Nat.le (Nat.succ n) m
instance instLTNat : LT Nat where
  lt := Nat.lt
class Add (α : Type u) where
  add : α → α → α
class HAdd (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hAdd : α → β → γ
@[default_instance] instance instHAdd {α : Type u} [Add α] : HAdd α α α where
  hAdd a b := Add.add a b
instance instAddNat : Add Nat where
  add := Nat.add

attribute [gen_constructor_elims] Bool
attribute [gen_constructor_elims] Nat

def Ne {α : Sort u} (a b : α) : Prop := Not (Eq a b)

set_option linter.defProp false in
@[macro_inline] def absurd {a : Prop} {b : Sort v} (h₁ : a) (h₂ : Not a) : b := (h₂ h₁).rec

theorem noConfusion_of_Nat {α : Sort u} (f : α → Nat) {a b : α} (h : Eq a b) :
    (Nat.beq (f a) (f b)).rec (motive := fun _ => Prop) False True :=
  have e : Eq (Nat.beq (f a) (f b)) true := h.rec (Nat.beq_refl (f a))
  @Eq.rec Bool true (fun x _ => Bool.rec (motive := fun _ => Prop) False True x) True.intro _ e.symm

attribute [match_pattern] Nat.add Add.add HAdd.hAdd

/-! ## Notation classes -/

class Sub (α : Type u) where
  sub : α → α → α
class Mul (α : Type u) where
  mul : α → α → α
class Div (α : Type u) where
  div : α → α → α
class Mod (α : Type u) where
  mod : α → α → α
class Neg (α : Type u) where
  neg : α → α
class Pow (α : Type u) (β : Type v) where
  pow : α → β → α
class NatPow (α : Type u) where
  pow : α → Nat → α
class Append (α : Type u) where
  append : α → α → α
class AndOp (α : Type u) where
  and : α → α → α
class OrOp (α : Type u) where
  or : α → α → α
class XorOp (α : Type u) where
  xor : α → α → α
class Complement (α : Type u) where
  complement : α → α
class ShiftLeft (α : Type u) where
  shiftLeft : α → α → α
class ShiftRight (α : Type u) where
  shiftRight : α → α → α
class Dvd (α : Type u) where
  dvd : α → α → Prop
class BEq (α : Type u) where
  beq : α → α → Bool
class HSub (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hSub : α → β → γ
class HMul (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hMul : α → β → γ
class HDiv (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hDiv : α → β → γ
class HMod (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hMod : α → β → γ
class HPow (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hPow : α → β → γ
class HAppend (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hAppend : α → β → γ
class HAnd (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hAnd : α → β → γ
class HOr (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hOr : α → β → γ
class HXor (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hXor : α → β → γ
class HShiftLeft (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hShiftLeft : α → β → γ
class HShiftRight (α : Type u) (β : Type v) (γ : outParam (Type w)) where
  hShiftRight : α → β → γ
@[default_instance] instance instHSub {α : Type u} [Sub α] : HSub α α α where
  hSub a b := Sub.sub a b
@[default_instance] instance instHMul {α : Type u} [Mul α] : HMul α α α where
  hMul a b := Mul.mul a b
@[default_instance] instance instHDiv {α : Type u} [Div α] : HDiv α α α where
  hDiv a b := Div.div a b
@[default_instance] instance instHMod {α : Type u} [Mod α] : HMod α α α where
  hMod a b := Mod.mod a b
@[default_instance] instance instHPow {α : Type u} {β : Type v} [Pow α β] : HPow α β α where
  hPow a b := Pow.pow a b
@[default_instance] instance instPowNat {α : Type u} [NatPow α] : Pow α Nat where
  pow a n := NatPow.pow a n
@[default_instance] instance instHAppendOfAppend {α : Type u} [Append α] : HAppend α α α where
  hAppend a b := Append.append a b
@[default_instance] instance instHAndOfAndOp {α : Type u} [AndOp α] : HAnd α α α where
  hAnd a b := AndOp.and a b
@[default_instance] instance instHOrOfOrOp {α : Type u} [OrOp α] : HOr α α α where
  hOr a b := OrOp.or a b
@[default_instance] instance instHXorOfXorOp {α : Type u} [XorOp α] : HXor α α α where
  hXor a b := XorOp.xor a b
@[default_instance] instance instHShiftLeftOfShiftLeft {α : Type u} [ShiftLeft α] : HShiftLeft α α α where
  hShiftLeft a b := ShiftLeft.shiftLeft a b
@[default_instance] instance instHShiftRightOfShiftRight {α : Type u} [ShiftRight α] : HShiftRight α α α where
  hShiftRight a b := ShiftRight.shiftRight a b
@[reducible] def GE.ge {α : Type u} [LE α] (a b : α) : Prop := LE.le b a
@[reducible] def GT.gt {α : Type u} [LT α] (a b : α) : Prop := LT.lt b a
@[reducible] def bne {α : Type u} [BEq α] (a b : α) : Bool := not (BEq.beq a b)

instance instSubNat : Sub Nat where
  sub := Nat.sub
instance instMulNat : Mul Nat where
  mul := Nat.mul
instance instNatPowNat : NatPow Nat where
  pow := Nat.pow

universe w₁
class Trans.{r₁, s₁, t₁, a₁, b₁, c₁} {α : Sort a₁} {β : Sort b₁} {γ : Sort c₁} (r : α → β → Sort r₁) (s : β → γ → Sort s₁)
    (t : outParam (α → γ → Sort t₁)) where
  trans : {a : α} → {b : β} → {c : γ} → r a b → s b c → t a c
instance instTransEqEq {α : Sort u} : Trans (α := α) (β := α) (γ := α) Eq Eq Eq where
  trans h₁ h₂ := h₁.trans h₂
instance instTransEq {α : Sort u} {γ : Sort w} (r : α → γ → Sort w₁) : Trans Eq r r where
  trans h₁ h₂ := h₁.symm.rec (motive := fun x _ => r x _) h₂
instance instTransEq_1 {α : Sort u} {β : Sort v} (r : α → β → Sort w₁) : Trans r Eq r where
  trans h₁ h₂ := h₂.rec (motive := fun x _ => r _ x) h₁

/-! ## Lists, options, text -/

inductive List (α : Type u) where
  | nil : List α
  | cons (head : α) (tail : List α) : List α
inductive Option (α : Type u) where
  | none : Option α
  | some (val : α) : Option α
export Option (none some)

structure Fin (n : Nat) where
  mk ::
  val : Nat
  isLt : LT.lt val n
structure BitVec (w : Nat) where
  ofFin ::
  toFin : Fin (HPow.hPow 2 w)
structure UInt8 where
  ofBitVec ::
  toBitVec : BitVec 8
structure UInt32 where
  ofBitVec ::
  toBitVec : BitVec 32
structure UInt64 where
  ofBitVec ::
  toBitVec : BitVec 64
structure USize where
  ofBitVec ::
  toBitVec : BitVec 64
structure Char where
  val : UInt32
structure Array (α : Type u) where
  mk ::
  toList : List α
structure ByteArray where
  data : Array UInt8
structure String where
  bytes : ByteArray
structure Substring.Raw where
  str : String
  startPos : Nat
  stopPos : Nat

inductive Except (ε : Type u) (α : Type v) where
  | error : ε → Except ε α
  | ok : α → Except ε α
inductive EStateM.Result (ε σ α : Type u) where
  | ok : α → σ → Result ε σ α
  | error : ε → σ → Result ε σ α

/-! ## What the elaborator needs of its own types: their names -/

namespace Lean
inductive Name where
  | anonymous : Name
  | str (pre : Name) (str : String)
  | num (pre : Name) (i : Nat)
unsafe axiom Syntax : Type
unsafe axiom ParserDescr : Type
unsafe axiom TrailingParserDescr : Type
unsafe axiom Macro.Context : Type
unsafe axiom Macro.State : Type
unsafe axiom Macro.Exception : Type
unsafe abbrev Macro : Type := Syntax → Macro.Context → Macro.State → EStateM.Result Macro.Exception Macro.State Syntax
end Lean

axiom sorryAx (α : Sort u) (synthetic : Bool) : α

structure NamedPattern (α : Type u) where
  x : α
abbrev namedPattern {α : Sort u} (x a : α) (_h : Eq x a) : α := a
