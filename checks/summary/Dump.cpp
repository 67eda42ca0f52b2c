#include "summary/Dump.h"
#include "flow/HeldLocks.h"

namespace tether {

static void dump(const Event &E, llvm::raw_ostream &Out) {
  Out << spelling(E.Is);
  if (E.On)
    Out << " " << dump(E.On);
  if (E.is(Role::Wait | Role::Receive | Role::Send | Role::Join))
    Out << (E.Stoppable ? " stoppable" : E.Bounded ? " bounded" : "");
  if (E.Inferred)
    Out << " inferred";
  if (E.InLoop)
    Out << " in-loop";
  if (E.Discarded)
    Out << " discarded";
  for (const Object &O : E.Reads)
    Out << " reads:" << dump(O);
  for (const StateChange &C : E.EndedBy)
    Out << " ends:" << dump(C.What) << (C.Way == Change::Up ? "+" : "-");
  if (E.Way != Change::Unknown)
    Out << (E.Way == Change::Up ? " up" : " down");
  for (const Capture &C : E.This.Captures)
    Out << (C.ByReference ? " &" : " =") << dump(C.What)
        << (C.TokenOf ? "(token of " + dump(C.TokenOf) + ")" : "");
  for (const Value &V : E.Args)
    Out << " " << (V.What ? dump(V.What) : "?")
        << (V.TokenOf ? "(token of " + dump(V.TokenOf) + ")" : "");
  for (const Event &I : E.Inner) {
    Out << " {";
    dump(I, Out);
    Out << "}";
  }
  if (!E.Via.empty())
    Out << " (" << E.Via.front().Text << ")";
}

void dump(const Program &P, llvm::raw_ostream &Out) {
  for (const auto &F : P.functions()) {
    Out << (F->Class.empty() ? "" : F->Class + "::") << F->Name << ":\n";
    const HeldLocks Locks(*F);
    for (unsigned B = F->Blocks.size(); B-- > 0;) {
      const Block &Now = F->Blocks[B];
      if (Now.Events.empty() && Now.Next.empty())
        continue;
      Out << "  B" << B << " ->";
      for (const Edge &E : Now.Next)
        Out << " B" << E.To << (E.Decision.Text.empty() ? "" : " (" + E.Decision.Text + ")");
      Out << (Now.Leaves ? " leaves" : "") << "\n";
      for (unsigned I = 0; I != Now.Events.size(); ++I) {
        Out << "    ";
        dump(Now.Events[I], Out);
        for (const HeldLock &L : Locks.at({B, I}).Held)
          Out << " holding:" << dump(L.Mutex);
        Out << "\n";
      }
    }
  }
}

} // namespace tether
