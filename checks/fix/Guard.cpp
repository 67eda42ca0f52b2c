#include "fix/Guard.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;

namespace tether {

/// \p Text with \p Break in place of each end of a line and the indentation behind it.
static std::string broken(StringRef Text, StringRef Break) {
  llvm::SmallVector<StringRef> Lines;
  Text.split(Lines, '\n');
  std::string Result;
  for (StringRef L : Lines)
    Result += (Result.empty() ? "" : Break.str()) + L.ltrim().str();
  return Result;
}

GuardStyle::GuardStyle(StringRef Option) {
  Option = Option.trim();
  if (Option.consume_front("<")) {
    auto [Header, Rest] = Option.split('>');
    Own.Headers.push_back(Header.str());
    Option = Rest.trim();
  }
  Own.Text = Option.str();
}

void GuardStyle::add(Editor &E, const Program &P, const Function &F, clang::SourceLocation At,
                     StringRef Name, llvm::function_ref<std::string(StringRef)> Action,
                     Names &Given) const {
  if (!P.language().CPlusPlus)
    return E.refuse("C has no objects that settle something when they end");
  if (At.isMacroID())
    return E.refuse("it is written in a macro");
  const int S = F.Text.at(At);
  if (S != Layout::None && F.Text.Statements[S].Cased)
    return E.refuse("a label of the switch would jump over the guard");
  const std::string Last = Name.substr(Name.find_last_of(".>") + 1).str();
  if (Own) {
    const std::string Guard = Given.fresh(P, F, Last + "AtEnd");
    E.after(F, At, filled(Own.Text, {{"name", Guard}, {"action", broken(Action(Name), " ")}}));
    return E.require(Own, At);
  }
  std::string Capital = Last;
  Capital[0] = llvm::toUpper(Capital[0]);
  const std::string Class = Given.fresh(P, F, "Settle" + Capital);
  const std::string Guard = Given.fresh(P, F, Last + "AtEnd");
  std::string Body = Action("It");
  if (StringRef(Body).contains('\n'))
    Body = "{\n    " + llvm::join(llvm::split(Body, '\n'), "\n    ") + "\n  }";
  else
    Body = "{ " + Body + " }";
  E.after(F, At,
          "struct " + Class + " {\n  decltype(" + Name.str() + ") &It;\n  ~" + Class + "() " +
              Body + "\n} " + Guard + "{" + Name.str() + "};");
}

} // namespace tether
