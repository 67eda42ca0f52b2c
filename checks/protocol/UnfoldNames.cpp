// Unfolder: which object is meant, and what it is.
#include "model/ApiTable.h"
#include "protocol/Unfold.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool Unfolder::Name::operator<(const Name &O) const {
  if (Root != O.Root)
    return Root < O.Root;
  return std::lexicographical_compare(
      Path.begin(), Path.end(), O.Path.begin(), O.Path.end(),
      [](const Symbol *A, const Symbol *B) { return A->Id < B->Id; });
}

bool Unfolder::Name::startsWith(const Name &O) const {
  return Root == O.Root && Path.size() >= O.Path.size() &&
         llvm::ArrayRef(Path).take_front(O.Path.size()) == llvm::ArrayRef(O.Path);
}

const Symbol *Unfolder::Name::leaf(const Unfolder &U) const {
  return Path.empty() ? U.Roots[Root].S : Path.back();
}

int Unfolder::root(const Symbol *S, const Place &At, bool Outside) {
  auto [It, New] =
      KnownRoots.try_emplace({At.In ? At.In->Id : ~0u, S, At.At}, static_cast<int>(Roots.size()));
  if (New) {
    Roots.emplace_back();
    Roots.back().S = S;
    Roots.back().Declared = At;
    Roots.back().Outside = Outside;
  }
  return It->second;
}

/// By what a reference or pointer member was bound to.
Unfolder::Name Unfolder::renamed(Name N) const {
  constexpr unsigned MaxRounds = 4; // references to references; a circle ends here too
  for (unsigned Round = 0; N && Round != MaxRounds; ++Round) {
    const Name *From = nullptr, *To = nullptr;
    for (const auto &[Alias, Meant] : Aliases)
      if (N.startsWith(Alias) && (!From || Alias.Path.size() > From->Path.size())) {
        From = &Alias;
        To = &Meant;
      }
    if (!From || !*To)
      return From ? Name() : N;
    Name Result = *To;
    Result.Path.append(N.Path.begin() + From->Path.size(), N.Path.end());
    N = std::move(Result);
  }
  return N;
}

Unfolder::Name Unfolder::name(const Object &O, const Place &At) {
  Name N;
  if (!O)
    return N;
  const Symbol *R = O.root();
  switch (R->Where) {
  case Symbol::This:
    N = At.In->This;
    break;
  case Symbol::Global:
  case Symbol::Field:
    N.Root = root(R, {}, false);
    break;
  case Symbol::Temporary: {
    // A name may have been given to it, by which lambdas and later turns mean the same one.
    const Place *Where = &At;
    while (Where->In && R->Owner != Where->In->F->Id)
      Where = &Where->In->Lexical;
    if (!Where->In)
      Where = &At;
    N.Root = root(R, {Where->In, Where->In->Graph.ofVariable(Where->At, R)}, false);
    break;
  }
  case Symbol::Local:
  case Symbol::Param: {
    const Place *Where = &At;
    for (; Where->In; Where = &Where->In->Lexical) {
      if (auto Given = Where->In->Given.find(R); Given != Where->In->Given.end()) {
        N = Given->second;
        break;
      }
      if (R->Owner == Where->In->F->Id)
        break;
    }
    if (N)
      break;
    // A parameter of whoever runs the scope, or a variable of a function that is not at hand.
    const bool Own = R->Where == Symbol::Local ? !R->Indirect || R->Scalar || P.isMade(R)
                                               : R->Scalar && !R->Indirect;
    N.Root = Where->In ? root(R, {Where->In, Where->In->Graph.ofVariable(Where->At, R)}, !Own)
                       : root(R, {}, true);
    Roots[N.Root].PointsOut = R->Where == Symbol::Local && !P.isMade(R);
    break;
  }
  }
  if (N)
    N.Path.append(O.path().begin(), O.path().end());
  return renamed(std::move(N));
}

/// Code outside of the scope may act on it.
bool Unfolder::isOutside(const Name &N) const {
  const Root &R = Roots[N.Root];
  if (R.Outside || (R.PointsOut && (!N.Path.empty() || R.S->Kind != TypeKind::None)))
    return true;
  if (R.S->Where == Symbol::Global)
    return !R.S->Private ||
           !llvm::all_of(P.on(R.S), [&](const Site &Use) { return Followed.contains(Use.In); });
  // What belongs to a base class or an heir is used by functions that the scope does not have.
  if (R.Object && !N.Path.empty() && N.Path.front()->Class != S.Name)
    return true;
  return R.Object && llvm::any_of(N.Path, [](const Symbol *Field) {
           return !Field->Private || !Field->ClassKnown;
         });
}

/// \p S means one thing only, and always the same: a pointer is set once at most.
bool Unfolder::isOneThing(const Symbol *Sym) {
  if (Sym->Container)
    return false;
  if (Sym->Fixed || Sym->Direct || Sym->Where == Symbol::This || Sym->Where == Symbol::Temporary)
    return true;
  std::set<unsigned> Set;
  for (const Site &Use : P.on(Sym))
    if (Use.What->Immediate && Use.What->On.leaf() == Sym &&
        (Use.What->is(Role::Bind | Role::Overwrite | Role::Write) ||
         (Use.What->is(Role::Store) && !Use.What->Args.empty())))
      Set.insert(Use.What->At.getRawEncoding());
  return Set.size() <= 1;
}

void Unfolder::channel(Shared &V, const Symbol *Leaf) {
  const ApiType &T = *Leaf->Type;
  switch (T.Opens) {
  case ApiType::Unknown:
    V.Outside = true;
    break;
  case ApiType::Once:
    V.Is = Shared::Gate;
    V.Begins = Leaf->NeedsSeveral ? Leaf->Needs.value_or(0) : 1;
    break;
  case ApiType::Rounds:
    V.Is = Shared::Barrier;
    V.Begins = Leaf->Needs.value_or(0);
    break;
  case ApiType::EachSend:
    V.Is = Shared::Queue;
    V.Capacity = Leaf->Capacity;
    V.Begins = Leaf->Begins.value_or(0);
    // How much there is room for, or how much there is, is not known.
    V.AnyRoom = (T.Capacity || T.CapacityArg) && !Leaf->Capacity;
    break;
  }
}

Shared Unfolder::describe(const Name &N) {
  const Symbol *Leaf = N.leaf(*this);
  Shared V;
  V.What = Object(Roots[N.Root].S);
  for (const Symbol *Field : N.Path)
    V.What = V.What.field(Field);
  V.Outside = isOutside(N);
  llvm::SmallVector<const Symbol *, 4> Steps{Roots[N.Root].S};
  Steps.append(N.Path.begin(), N.Path.end());
  for (const Symbol *Step : llvm::ArrayRef(Steps).drop_back()) // elements are not told apart
    V.Outside |= !isOneThing(Step) || (Step->Direct && !Step->OfProject && !Step->Holds.empty());
  const bool Several = Leaf->Container;
  switch (Leaf->Kind) {
  case TypeKind::Mutex:
    V.Is = Shared::Mutex;
    V.Recursive = Leaf->Type->Recursive;
    V.Outside |= !isOneThing(Leaf);
    break;
  case TypeKind::Condition:
    V.Is = Shared::Condition;
    V.Outside |= !isOneThing(Leaf);
    break;
  case TypeKind::Channel:
    channel(V, Leaf);
    V.Outside |= Several || !isOneThing(Leaf);
    break;
  case TypeKind::Thread:
  case TypeKind::Group:
  case TypeKind::Future:
    V.Is = Shared::Thread;
    break;
  case TypeKind::Source:
    V.Is = Shared::Stop;
    V.Outside |= Several;
    break;
  case TypeKind::Token: // of a source that is not known
    V.Is = Shared::Stop;
    V.Outside = true;
    break;
  case TypeKind::Registration:
    V.Is = Shared::Callback;
    V.Outside |= Several;
    break;
  default:
    V.Is = Shared::Number;
    V.Initial = Leaf->Initial;
    V.Counts = Leaf->Scalar && N.Path.empty() && Roots[N.Root].S->Where != Symbol::Global;
    // What nobody changes once it is made is the same for all.
    if (V.Outside && Roots[N.Root].S->Where == Symbol::This && !N.Path.empty())
      V.Outside = !llvm::all_of(P.on(Leaf), [](const Site &Use) {
        return Use.In->IsConstructor || !Use.What->is(Role::Write | Role::Store | Role::Overwrite |
                                                      Role::Remove | Role::Transfer);
      });
  }
  return V;
}

int Unfolder::shared(const Name &N) {
  if (!N)
    return -1;
  auto [It, New] = Variables.try_emplace(N, static_cast<int>(S.Objects.size()));
  if (New)
    S.Objects.push_back(describe(N));
  return It->second;
}

/// The stop request that a token, a source or a thread stands for.
int Unfolder::stopOf(const Object &O, const Place &At) {
  const int V = shared(O, At);
  if (V < 0 || S.Objects[V].Is == Shared::Stop)
    return V;
  if (S.Objects[V].Is != Shared::Thread)
    return -1;
  auto [It, New] = StopOf.try_emplace(V, static_cast<int>(S.Objects.size()));
  if (New) {
    Shared Own;
    Own.Is = Shared::Stop;
    Own.What = S.Objects[V].What;
    Own.Outside = S.Objects[V].Outside;
    S.Objects[V].Follows = It->second;
    S.Objects.push_back(std::move(Own));
  }
  return It->second;
}

std::vector<unsigned> Unfolder::within(const Name &N) const {
  std::vector<unsigned> Found;
  for (const auto &[Each, V] : Variables)
    if (Each.startsWith(N)) {
      Found.push_back(V);
      if (auto Own = StopOf.find(V); Own != StopOf.end())
        Found.push_back(Own->second);
    }
  llvm::sort(Found);
  return Found;
}

/// The mutexes that a lock or guard stands for.
std::vector<int> Unfolder::mutexes(const Object &O, const Place &At) {
  Name N = name(O, At);
  if (!N)
    return {-1};
  if (N.leaf(*this)->Kind != TypeKind::Guard)
    return {shared(N)};
  Object Guard(Roots[N.Root].S);
  for (const Symbol *Field : N.Path)
    Guard = Guard.field(Field);
  std::vector<int> Result;
  Place Declared = Roots[N.Root].Declared.In ? Roots[N.Root].Declared : At;
  for (const Object &M : P.guarded(Guard))
    Result.push_back(shared(M, Declared));
  return Result.empty() ? std::vector<int>{-1} : Result;
}

int Unfolder::choice(const Formula &F, const Place &At, std::vector<unsigned> Reads) {
  // What reads the same is the same, wherever it is asked.
  std::string Key = F.Is == Formula::Unknown ? F.Text : dump(F);
  for (unsigned V : Reads)
    Key += " " + std::to_string(V);
  auto [It, New] = KnownChoices.try_emplace(Key, static_cast<int>(S.Objects.size()));
  if (New) {
    Shared C;
    C.Is = Shared::Choice;
    S.Objects.push_back(std::move(C));
    for (unsigned V : Reads)
      S.Objects[V].Choices.push_back(It->second);
  }
  return It->second;
}

Test Unfolder::test(const Formula &F, const Place &At) {
  Test T;
  T.Is = F.Is;
  T.Plus = F.Plus;
  T.Asks = F.Asks;
  T.Certain = F.Certain;
  auto unknown = [&] {
    for (const Test &Part : T.Parts)
      T.Certain |= Part.Certain;
    T.Is = Formula::Unknown;
    T.Asks = true; // may be another one each time
    T.Of = -1;
    return T;
  };
  for (const Formula &Part : F.Parts)
    T.Parts.push_back(test(Part, At));
  switch (F.Is) {
  case Formula::Number: {
    if (!F.Of)
      return T;
    T.Of = shared(F.Of, At);
    if (T.Of < 0 || S.Objects[T.Of].Outside ||
        !llvm::is_contained({Shared::Number, Shared::Thread}, S.Objects[T.Of].Is) ||
        (F.Of.root()->Where == Symbol::Temporary && !Assigned.contains(T.Of)))
      return unknown();
    return T;
  }
  case Formula::Stopped: {
    const int Channel = F.Of.kind() == TypeKind::Channel ? shared(F.Of, At) : -1;
    T.Of = Channel >= 0 ? Channel : stopOf(F.Of, At);
    return T.Of < 0 || S.Objects[T.Of].Outside ? unknown() : T;
  }
  case Formula::Self:
    T.Is = Formula::Number;
    T.Plus = Thread + 1; // 0 is nobody
    return T;
  case Formula::Runs:
    T.Of = shared(F.Of, At);
    T.Plus = Thread;
    return T.Of < 0 || S.Objects[T.Of].Outside ? unknown() : T;
  case Formula::Sum:
  case Formula::Difference:
  case Formula::Equal:
  case Formula::Less:
  case Formula::LessEqual: {
    std::vector<unsigned> Reads;
    for (const Test &Part : T.Parts) {
      if (!llvm::is_contained({Formula::Number, Formula::Sum, Formula::Difference}, Part.Is))
        return unknown();
      readsOf(Part, [&](unsigned V) { Reads.push_back(V); });
    }
    if (F.isNumber())
      return T;
    if (!Reads.empty())
      T.Of = choice(F, At, std::move(Reads));
    return T;
  }
  case Formula::Unknown: {
    bool Fresh = F.Asks || F.Reads.empty();
    for (const Object &O : F.Reads) {
      const int V = shared(O, At);
      if (V >= 0 && S.Objects[V].Is == Shared::Number && !S.Objects[V].Outside)
        T.Reads.push_back(V);
      else
        Fresh = true;
    }
    T.Asks = Fresh;
    if (!Fresh)
      T.Of = choice(F, At, T.Reads);
    return T;
  }
  default:
    return T;
  }
}

TestRef Unfolder::testOf(const FormulaRef &F, const Place &At) {
  return F ? std::make_shared<Test>(test(*F, At)) : nullptr;
}

void readsOf(const Test &T, llvm::function_ref<void(unsigned)> Visit) {
  if (T.Of >= 0)
    Visit(T.Of);
  for (unsigned V : T.Reads)
    Visit(V);
  for (const Test &Part : T.Parts)
    readsOf(Part, Visit);
}

} // namespace tether
