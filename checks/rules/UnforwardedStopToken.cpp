// unforwarded-stop-token: a call could be stopped by the token at hand, and does not get it.
#include "Registry.h"
#include "fix/Handles.h"
#include <set>

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
    std::set<unsigned> Seen;
    for (const auto &F : P.functions())
      for (const Unforwarded &U : findUnforwarded(P, *F)) {
        if (!Seen.insert(U.Call->At.getRawEncoding()).second)
          continue;
        Finding &Found = report(U.Call->At, message(U)).steps(U.Steps);
        if (U.Child) {
          Found.advice("link the source to the token with a callback that requests the stop")
              .fix(linkSource(P, *F, U, Given));
          continue;
        }
        Found.step(U.Slot->Declared, "this one takes a token")
            .advice(U.Slot->Why == TokenSlot::Never
                        ? "pass '" + U.Token->Name +
                              "', or give the token a name that says that it never stops"
                    : U.Direct ? "pass '" + U.Token->Name + "'"
                               : "let the functions in between take the token");
        Found.fix(U.Direct ? passToken(P, *F, U)
                           : refusal("the functions in between would need another parameter"));
      }
  }

private:
  Names Given; ///< by fixes

  static std::string message(const Unforwarded &U) {
    const std::string Token = "token '" + U.Token->Name + "'";
    if (U.Child)
      return "this work is given a token of " + quoted(U.Child) + ", and nothing links that to " +
             Token + ": it does not hear of a stop";
    if (!U.Direct)
      return Token + " does not reach a wait in this call that could take it";
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
};

REGISTER_CHECK(UnforwardedStopToken)

} // namespace
} // namespace tether
