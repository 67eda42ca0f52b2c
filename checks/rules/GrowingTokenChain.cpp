// growing-token-chain: one more object is linked to the token of before, again and again.
#include "Registry.h"
#include "fix/Chains.h"
#include "protocol/Reach.h"
#include <set>

namespace tether {
namespace {

class GrowingTokenChain final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "growing-token-chain",
      .Summary = "each turn of a loop, or each call, links one more object to a token and keeps it",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    if (!P.answer(hasTokens))
      return;
    for (const auto &F : P.functions())
      for (const Chain &C : findChains(P, *F)) {
        // Without a use, or where something cuts it, the chain may be what is wanted.
        if (!strict() && (!C.Used || C.SetElsewhere))
          continue;
        if (Seen.insert(C.Store->At.getRawEncoding()).second) // templates have it several times
          grows(P, *F, C);
      }
  }

private:
  void grows(const Program &P, const Function &F, const Chain &C) {
    const std::string Name = "'" + C.What.leaf()->Name + "'";
    const std::string Again = C.EachTurn   ? "turn of the loop"
                              : F.IsLambda ? "call of this lambda"
                                           : "call of '" + F.Name + "'";
    const std::string Before = C.EachTurn ? "turn" : "call";
    report(C.Store->At, "each " + Again + " links " + Name + " to the one of the " + Before +
                            " before: the chain of tokens grows")
        .step(C.Kept, C.In ? "the one before is kept here, in '" + C.In->Name + "'"
                           : "the one before is captured here")
        .advice("give the new one a variable of its own, which ends with the " + Before)
        .fix(cutChain(P, F, C, Given));
  }

  std::set<unsigned> Seen;
  Names Given; ///< by fixes
};

REGISTER_CHECK(GrowingTokenChain)

} // namespace
} // namespace tether
