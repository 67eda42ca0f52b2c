// tether init: what a project needs to use the checks, written where nothing stands yet and shown
// where something does.
#include "tool/driver/Verb.h"
#include "tool/engine/Project.h"
#include "tool/engine/WriteFile.h"
#include "tool/gate/Git.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus init(Invocation &);
Verb InitVerb("init", "set a project up: configuration, git hook, continuous integration", init);

cl::opt<std::string> Directory(cl::Positional, cl::desc("[DIRECTORY]"), cl::init("."),
                               cl::sub(InitVerb), cl::cat(ourOptions()));
cl::opt<bool> Hook("hook", cl::desc("Install a git hook that refuses commits with new findings"),
                   cl::sub(InitVerb), cl::cat(ourOptions()));
enum class Ci { None, Github, Gitlab };
cl::opt<Ci> CiFor("ci", cl::desc("Write a job for:"), cl::init(Ci::None),
                  cl::values(clEnumValN(Ci::Github, "github", "GitHub's workflows"),
                             clEnumValN(Ci::Gitlab, "gitlab", "GitLab's pipelines")),
                  cl::sub(InitVerb), cl::cat(ourOptions()));

constexpr llvm::StringRef Tidy = R"(# Checks of clang-tidy and Tether; 'tether list' shows ours.
Checks: '-*,tether-*'
)";

constexpr llvm::StringRef Clangd =
    R"(# tether-clangd shows the checks without any configuration; this
# tells it where the compile database is.
CompileFlags:
  CompilationDatabase: build
)";

constexpr llvm::StringRef PreCommit = R"(repos:
- repo: local
  hooks:
  - id: tether
    name: tether
    entry: tether check --diff=HEAD --quiet
    language: system
    types_or: [c, c++]
    pass_filenames: false
)";

constexpr llvm::StringRef GitHook = R"(#!/bin/sh
# tether: refuses a commit that introduces a finding; 'git commit --no-verify' gets past it. A
# file that cannot be analysed (3) is none.
tether check --diff=HEAD --quiet
status=$?
[ $status -eq 1 ] && echo "tether: the commit is refused; 'tether explain ID' says more about a check" >&2
[ $status -ne 1 ] && [ $status -ne 2 ]
)";

constexpr llvm::StringRef Github = R"(name: tether
on: pull_request
jobs:
  tether:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4
      with:
        fetch-depth: 0
    # Install Tether here, and what the project needs.
    - run: cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
    - run: tether check --diff=origin/${{ github.base_ref }} --format=github
)";

constexpr llvm::StringRef Gitlab = R"(tether:
  rules:
  - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    GIT_DEPTH: 0
  script:
  - cmake -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
  - git fetch origin "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"
  - tether check --diff=FETCH_HEAD --format=gitlab --output=tether.json
  artifacts:
    when: always
    reports:
      codequality: tether.json
)";

/// Leaves what is there: it is the user's.
llvm::Error provide(llvm::StringRef Root, llvm::StringRef Name, llvm::StringRef Text,
                    bool IsProgram = false) {
  const std::string Path = absolutePath(Name, Root);
  if (auto Old = llvm::MemoryBuffer::getFile(Path)) {
    if ((*Old)->getBuffer().contains("tether"))
      llvm::outs() << Name << ": mentions tether already, left as it is\n";
    else
      llvm::outs() << Name << ": is there already; what would be in it:\n\n" << Text << '\n';
    return llvm::Error::success();
  }
  if (std::error_code Why = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(Path)))
    return inputError(llvm::sys::path::parent_path(Path) + ": cannot write: " + Why.message());
  auto File = OutputFile::open(Path);
  if (!File)
    return File.takeError();
  if (llvm::Error E = File->commit(Text))
    return E;
  if (IsProgram)
    (void)llvm::sys::fs::setPermissions(Path, llvm::sys::fs::all_read | llvm::sys::fs::all_exe |
                                                  llvm::sys::fs::owner_write);
  llvm::outs() << Name << ": written\n";
  return llvm::Error::success();
}

ExitStatus init(Invocation &) {
  const std::string Root = absolutePath(Directory);
  if (!llvm::sys::fs::is_directory(Root))
    return fail(inputError(Directory + ": no such directory"));
  std::string HookFile;
  if (Hook) {
    auto Hooks = gitHooks(Root);
    if (!Hooks)
      return fail(inputError(Directory + ": --hook: " + llvm::toString(Hooks.takeError())));
    HookFile = relativeTo(Root, *Hooks + "/pre-commit");
  }
  struct Item {
    bool Wanted;
    llvm::StringRef Name, Text;
    bool IsProgram = false;
  };
  for (const Item &I :
       {Item{true, ".clang-tidy", Tidy}, Item{true, ".clangd", Clangd},
        Item{!Hook, ".pre-commit-config.yaml", PreCommit}, Item{Hook, HookFile, GitHook, true},
        Item{CiFor == Ci::Github, ".github/workflows/tether.yml", Github},
        Item{CiFor == Ci::Gitlab, ".gitlab-ci.yml", Gitlab}})
    if (I.Wanted)
      if (llvm::Error E = provide(Root, I.Name, I.Text, I.IsProgram))
        return fail(std::move(E));
  return Clean;
}

} // namespace
} // namespace tether::tool
