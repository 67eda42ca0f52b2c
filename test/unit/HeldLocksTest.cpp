// flow/HeldLocks: what is held at the calls of `here(N)`, as text.
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "summary/Program.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"
#include "gtest/gtest.h"

using namespace tether;
using namespace clang;

namespace {

/// For each write to the global `Here` in \p Body, in order of place: "held", then what may be held
/// besides.
std::string heldIn(const std::string &Body) {
  const std::string Code = R"(
#include <mutex>
#include <shared_mutex>
bool ask();
void unknown(std::unique_lock<std::mutex> &);
std::mutex A, B;
int Here;
void lockA() { A.lock(); }
void unlockA() { A.unlock(); }
void inside() { std::lock_guard L(B); Here = 0; }
void open(std::unique_lock<std::mutex> &L) { L.unlock(); Here = 0; L.lock(); }
struct Guard {
  Guard(std::mutex &M) : M(M) { M.lock(); }
  ~Guard() { M.unlock(); }
  std::mutex &M;
};
struct Holder {
  Holder(std::mutex &M) : L(M) {}
  std::unique_lock<std::mutex> L;
};
void f() {)" + Body + "}";
  std::unique_ptr<ASTUnit> Unit = tooling::buildASTFromCodeWithArgs(
      Code, {"-std=c++20", "-w"}, "input.cpp", TETHER_LLVM_BIN_DIR "/clang-tool");
  Program P(Unit->getASTContext(), ApiTable::builtin());
  std::map<unsigned, std::string> Places;
  for (const auto &F : P.functions()) {
    if (F->Name != "f")
      continue;
    const HeldLocks Locks(*F);
    F->forEach([&](const Event &E, Position At) {
      if (!E.is(Role::Write) || E.On.leaf()->Name != "Here")
        return;
      const LockSet Now = Locks.at(At);
      std::string Text;
      for (const HeldLock &L : Now.Held)
        Text += dump(L.Mutex);
      for (const char *Name : {"A", "B"})
        for (const Object &O : Now.Maybe)
          if (dump(O) == Name && !Now.holds(O))
            Text += std::string("?") + Name;
      const SourceLocation Where = E.Via.empty() ? E.At : E.Via.front().Where;
      Places[Where.getRawEncoding()] = Text + (Now.Unknown ? "+" : "");
    });
  }
  std::string Result;
  for (const auto &[Where, Text] : Places)
    Result += (Result.empty() ? "" : " ") + (Text.empty() ? "-" : Text);
  return Result;
}

TEST(HeldLocks, Plain) {
  EXPECT_EQ(heldIn("Here = 1; A.lock(); Here = 2; A.unlock(); Here = 3;"), "- A -");
  EXPECT_EQ(heldIn("std::lock(A, B); Here = 1; A.unlock(); Here = 2;"), "AB B");
}

TEST(HeldLocks, Guards) {
  EXPECT_EQ(heldIn("{ std::lock_guard L(A); Here = 1; } Here = 2;"), "A -");
  EXPECT_EQ(heldIn("std::scoped_lock L(A, B); Here = 1;"), "AB");
  EXPECT_EQ(heldIn("std::unique_lock L(A); L.unlock(); Here = 1; L.lock(); Here = 2;"), "- A");
  EXPECT_EQ(heldIn("std::unique_lock L(A, std::defer_lock); Here = 1; L.lock(); Here = 2;"), "- A");
  EXPECT_EQ(heldIn("A.lock(); { std::lock_guard L(A, std::adopt_lock); Here = 1; } Here = 2;"),
            "A -");
  EXPECT_EQ(heldIn("std::unique_lock L(A, std::try_to_lock); Here = 1;"), "?A");
  EXPECT_EQ(heldIn("std::shared_mutex S; std::shared_lock L(S); Here = 1;"), "S");
}

TEST(HeldLocks, Paths) {
  EXPECT_EQ(heldIn("if (ask()) A.lock(); Here = 1;"), "?A");
  EXPECT_EQ(heldIn("std::unique_lock L(A); if (ask()) L.unlock(); Here = 1;"), "?A");
  EXPECT_EQ(heldIn("while (ask()) { std::lock_guard L(A); Here = 1; } Here = 2;"), "A -");
  EXPECT_EQ(heldIn("std::lock_guard L(A); try { inside(); } catch (...) { Here = 1; } Here = 2;"),
            "AB A+ A+");
  EXPECT_EQ(heldIn("try { std::lock_guard L(A); inside(); } catch (...) { Here = 1; }"), "AB ?A+");
}

TEST(HeldLocks, Calls) {
  EXPECT_EQ(heldIn("lockA(); Here = 1; unlockA(); Here = 2;"), "A -");
  EXPECT_EQ(heldIn("std::lock_guard L(A); inside(); Here = 1;"), "AB A");
  EXPECT_EQ(heldIn("std::unique_lock L(A); open(L); Here = 1;"), "- A");
  EXPECT_EQ(heldIn("{ Guard L(A); Here = 1; } Here = 2;"), "A -");
  EXPECT_EQ(heldIn("{ Holder L(A); Here = 1; } Here = 2;"), "A -");
}

TEST(HeldLocks, HandedOn) {
  EXPECT_EQ(heldIn("std::unique_lock L(A); unknown(L); Here = 1;"), "?A+");
}

} // namespace
