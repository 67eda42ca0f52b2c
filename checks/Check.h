// What a rule is: facts about itself, its options, and one function that turns a program's events
// into findings. A rule is one .cpp in rules/, in an anonymous namespace, registered at its end.
#ifndef TETHER_CHECK_H
#define TETHER_CHECK_H

#include "report/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tether {

class Program;

enum class FixKind { None, Sometimes, Always };

/// An option of a check, declared once; the key in `.clang-tidy` is "tether-<id>.<Name>".
struct OptionInfo {
  llvm::StringRef Name;
  llvm::StringRef Default;
  llvm::StringRef Doc;
};

/// Of checks whose fixes write objects that settle something at the end of their block.
inline constexpr OptionInfo ScopeGuardOption = {
    "ScopeGuard", "",
    "how fixes write a scope guard: a declaration with {name} and {action}, its header in angle "
    "brackets in front; by default a struct of their own"};

/// What a rule says about itself. Lists, pages, SARIF rules and option tables derive from this.
struct CheckInfo {
  llvm::StringRef Id;
  llvm::StringRef Summary; ///< one line, no period
  FixKind Fix = FixKind::None;
  llvm::ArrayRef<OptionInfo> Options = {};
};

/// Options that every check has.
llvm::ArrayRef<OptionInfo> commonOptions();

class Check {
public:
  virtual ~Check() = default;
  virtual const CheckInfo &info() const = 0;
  /// Looks at one translation unit and reports what is wrong in it.
  virtual void check(const Program &P) = 0;

  llvm::StringMap<std::string> Options; ///< the value of each declared option, set before check()
  std::vector<Finding> Findings;

protected:
  llvm::StringRef option(llvm::StringRef Name) const { return Options.find(Name)->second; }
  /// True when the option is a list separated by ';' that has \p Word.
  bool lists(llvm::StringRef Name, llvm::StringRef Word) const {
    llvm::SmallVector<llvm::StringRef> Words;
    option(Name).split(Words, ';', -1, /*KeepEmpty=*/false);
    return llvm::is_contained(Words, Word);
  }
  bool flag(llvm::StringRef Name) const { return option(Name) == "true" || option(Name) == "1"; }
  /// True when doubt is to be reported as well.
  bool strict() const { return flag("Strict"); }

  Finding &report(clang::SourceLocation Where, std::string Message) {
    Findings.push_back({});
    Findings.back().Where = Where;
    Findings.back().Message = std::move(Message);
    return Findings.back();
  }
};

} // namespace tether

#endif
