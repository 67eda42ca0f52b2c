// unforwarded-stop-token: a call could be stopped by the token at hand, and does not get it.
#include "Registry.h"
#include "fix/Tokens.h"
#include "protocol/Reach.h"

namespace tether {
namespace {

class UnforwardedStopToken final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "unforwarded-stop-token",
      .Summary = "a call that can take the stop token at hand does not get it",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    if (!P.answer(hasTokens))
      return;
    std::set<unsigned> Seen;
    for (const auto &F : P.functions())
      for (const Unforwarded &U : findUnforwarded(P, *F)) {
        if (!Seen.insert(U.Call->where().getRawEncoding()).second)
          continue;
        Finding &Found = report(U.Call->where(), message(U)).steps(U.Steps);
        if (U.Why == Unforwarded::Bundle && U.Other.isLocal())
          Found.step(U.Other.root()->At, quoted(U.Other) + " is made here");
        if (U.Slot)
          Found.step(U.Slot->Declared, "this one takes a token");
        Found.advice(advice(U));
        Found.fix(forwardToken(P, *F, U, Given));
      }
  }

private:
  Names Given; ///< by fixes

  static std::string message(const Unforwarded &U) {
    const std::string Token = "token '" + spelled(U.Token) + "'";
    switch (U.Why) {
    case Unforwarded::Direct:
      break;
    case Unforwarded::Behind:
      return Token + " does not reach a wait in this call that could take it";
    case Unforwarded::Child:
      return "this work is given a token of " + quoted(U.Other) + ", and nothing links that to " +
             Token + ": it does not hear of a stop";
    case Unforwarded::Bundle:
      return "this is given " + (U.Other.isLocal() ? quoted(U.Other) : "an object") +
             " without a token, though " + Token + " is at hand: it does not hear of a stop";
    case Unforwarded::Replaced:
      return Token + " is replaced here by one that never stops: what follows does not hear of a "
                     "stop";
    case Unforwarded::Task:
      return "this work is given " +
             std::string(U.Other ? "a token that nobody stops" : "no token") +
             ": the task was started without " + Token;
    case Unforwarded::OwnToken:
      return "this call does not get the token of " + quoted(U.Token) + " that it runs in";
    }
    switch (U.Slot->Why) {
    case TokenSlot::Default:
      return "this call does not get " + Token + ": its default is a token that never stops";
    case TokenSlot::Overload:
      return "this call does not get " + Token + ", though an overload takes one";
    case TokenSlot::Never:
      return "this call gets a token that never stops, though " + Token + " is at hand";
    }
    llvm_unreachable("unknown kind of slot");
  }

  static std::string advice(const Unforwarded &U) {
    const std::string Name = "'" + spelled(U.Token) + "'";
    switch (U.Why) {
    case Unforwarded::Direct:
      return U.Slot->Why == TokenSlot::Never
                 ? "pass " + Name + ", or give the token a name that says that it never stops"
                 : "pass " + Name;
    case Unforwarded::Behind:
      return "let the functions in between take the token";
    case Unforwarded::Child:
      return "link the source to the token with a callback that requests the stop";
    case Unforwarded::Bundle:
      return "copy " + Name + " into it";
    case Unforwarded::Replaced:
      return "keep the token, and replace the rest";
    case Unforwarded::Task:
      return "let the task capture " + Name;
    case Unforwarded::OwnToken:
      return "let the task take the token of its thread, and pass it";
    }
    llvm_unreachable("unknown kind of defect");
  }
};

REGISTER_CHECK(UnforwardedStopToken)

} // namespace
} // namespace tether
