#include "tool/gate/Git.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <optional>
#include <vector>

using llvm::Expected;
using llvm::StringRef;

namespace tether::tool {

/// What git prints; the error is the first line of what it complains of.
static Expected<std::string> git(StringRef Root, std::vector<StringRef> Args) {
  auto Program = llvm::sys::findProgramByName("git");
  if (!Program)
    return inputError("git is not in the PATH");
  llvm::SmallString<128> Out, Err;
  if (llvm::sys::fs::createTemporaryFile("tether", "out", Out) ||
      llvm::sys::fs::createTemporaryFile("tether", "err", Err))
    return inputError("no temporary file can be made");
  llvm::FileRemover RemoveOut(Out), RemoveErr(Err);
  std::vector<StringRef> All = {*Program, "-C", Root};
  llvm::append_range(All, Args);
  int Status = llvm::sys::ExecuteAndWait(*Program, All, std::nullopt,
                                         {StringRef(""), StringRef(Out), StringRef(Err)});
  auto Text = llvm::MemoryBuffer::getFile(Status ? Err : Out);
  if (!Text)
    return inputError("git: " + Text.getError().message());
  if (Status)
    return inputError((*Text)->getBuffer().ltrim().split('\n').first);
  return (*Text)->getBuffer().str();
}

Expected<std::string> gitDiff(StringRef Root, StringRef Revision) {
  auto Wrong = [&](const llvm::Twine &Why) {
    return inputError("--diff=" + Revision + ": " + Why);
  };
  if (!llvm::sys::findProgramByName("git"))
    return inputError("--diff needs git, which is not in the PATH; --diff-file takes any diff");
  if (auto Inside = git(Root, {"rev-parse", "--git-dir"}); !Inside) {
    llvm::consumeError(Inside.takeError());
    return Wrong(Root + " is in no git repository");
  }
  // Behind --end-of-options, "-x" is no option.
  auto Commit = git(Root, {"rev-parse", "--verify", "--quiet", "--end-of-options",
                           (Revision + "^{commit}").str()});
  if (!Commit) {
    llvm::consumeError(Commit.takeError());
    if (Revision != "HEAD")
      return Wrong("git knows no such revision in " + Root);
    Commit = git(Root, {"hash-object", "-t", "tree", "/dev/null"}); // before the first commit
    if (!Commit)
      return Wrong(llvm::toString(Commit.takeError()));
  }
  std::string From = StringRef(*Commit).trim().str();
  if (auto Base = git(Root, {"merge-base", From, "HEAD"}))
    From = StringRef(*Base).trim().str();
  else
    llvm::consumeError(Base.takeError());
  auto Diff = git(Root, {"diff", "--no-ext-diff", "--no-color", "--src-prefix=a/",
                         "--dst-prefix=b/", "-M", "--relative", From, "--"});
  if (!Diff)
    return Wrong(llvm::toString(Diff.takeError()));
  return Diff;
}

Expected<std::string> gitHooks(StringRef Root) {
  auto Path = git(Root, {"rev-parse", "--git-path", "hooks"});
  if (!Path)
    return Path.takeError();
  return absolutePath(StringRef(*Path).trim(), Root);
}

} // namespace tether::tool
