#include "protocol/Recalls.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace tether {

namespace {

/// A callable that is called under locks of the object whose method it is.
struct HeldCall {
  const Function *In;
  const Event *Call;
  std::vector<HeldLock> Holding;
};
using HeldCalls = std::map<std::string, std::vector<HeldCall>>; ///< by class

} // namespace

/// May call the callable that \p Param is: one of that type, or one of many.
static bool mayCall(const Event &Call, const Symbol &Param) {
  const Symbol *Called = Call.On.leaf();
  return Called->Container || Called->TypeId == Param.TypeId;
}

static HeldCalls findHeldCalls(const Program &P) {
  HeldCalls Found;
  for (const auto &F : P.functions()) {
    if (F->Class.empty() || F->IsLambda)
      continue;
    std::optional<HeldLocks> Locks;
    F->forEach([&](const Event &E, Position At) {
      // Of what is called in a function that is called, only that it may throw comes along.
      if (!E.is(Role::Invoke | Role::MayThrow) || !E.On || P.function(E.Callee))
        return;
      if (!Locks)
        Locks.emplace(*F);
      HeldCall Call{F.get(), &E, {}};
      for (const HeldLock &L : Locks->at(At).Held)
        if (!L.Doubtful && L.Mutex.root()->Where == Symbol::This && L.Mutex.isField() &&
            L.Mutex.kind() != TypeKind::Guard)
          Call.Holding.push_back(L);
      if (!Call.Holding.empty())
        Found[F->Class].push_back(std::move(Call));
    });
  }
  return Found;
}

/// \p Keeps hands the parameter on, into something that lives longer than the call.
static bool keeps(const Function &Keeps, const Symbol *Param) {
  bool Kept = false;
  Keeps.forEach([&](const Event &E, Position) { Kept |= E.transfers(Object(Param)); });
  return Kept;
}

std::vector<Recall> findRecalls(const Program &P) {
  std::vector<Recall> Found;
  const HeldCalls Calls = findHeldCalls(P);
  if (Calls.empty())
    return Found;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position) {
      const Function *To = E.is(Role::Call) && E.Immediate ? P.function(E.Callee) : nullptr;
      auto There = To ? Calls.find(To->Class) : Calls.end();
      const Object Owner = E.This.What ? E.This.What : E.Result;
      if (There == Calls.end() || !Owner)
        return;
      for (auto [Given, Param] : llvm::zip(E.Args, To->Params)) {
        const Function *Body = Given.Body ? P.function(Given.Body) : nullptr;
        if (!Body || !keeps(*To, Param))
          continue;
        for (const HeldCall &Call : There->second) {
          if (!mayCall(*Call.Call, *Param))
            continue;
          Recall R{Call.In, Call.Call, Call.Holding, Body, {}};
          for (HeldLock &L : R.Holding)
            L.Mutex = L.Mutex.rebased(P.thisObject(), Owner);
          R.Steps.push_back({E.At, "'" + To->Name + "' is given a callable here, and keeps it"});
          llvm::append_range(R.Steps, Call.Call->Via);
          R.Steps.push_back({Call.Call->At, "'" + Call.In->Name + "' calls it here"});
          Found.push_back(std::move(R));
        }
      }
    });
  return Found;
}

} // namespace tether
