#include "tool/engine/Archive.h"
#include "llvm/ADT/StringExtras.h"

namespace tether::tool {
namespace {

// Numbers are written as "12 ", text as its length and its bytes. The members of each struct are
// listed once, by fields(), for both directions.

class Writer {
public:
  template <typename... Ts> void operator()(const Ts &...Values) { (put(Values), ...); }
  std::string Text;

private:
  void number(uint64_t N) { Text += llvm::utostr(N) + ' '; }
  template <typename T> void put(const T &Value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
      number(static_cast<uint64_t>(Value));
    else
      fields(*this, const_cast<T &>(Value)); // a writer changes nothing
  }
  void put(const std::string &S) {
    number(S.size());
    Text += S;
  }
  template <typename T> void put(const std::vector<T> &List) {
    number(List.size());
    for (const T &Element : List)
      put(Element);
  }
  template <typename T> void put(const std::optional<T> &Maybe) {
    number(Maybe.has_value());
    if (Maybe)
      put(*Maybe);
  }
};

class Reader {
public:
  explicit Reader(llvm::StringRef Text) : Rest(Text) {}
  template <typename... Ts> void operator()(Ts &...Values) { (get(Values), ...); }
  /// Everything was there, and nothing more.
  bool succeeded() const { return !Failed && Rest.empty(); }

private:
  uint64_t number() {
    uint64_t N = 0;
    if (Failed || Rest.consumeInteger(10, N) || !Rest.consume_front(" ")) {
      Failed = true;
      return 0;
    }
    return N;
  }
  template <typename T> void get(T &Value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
      Value = static_cast<T>(number());
    else
      fields(*this, Value);
  }
  void get(std::string &S) {
    uint64_t Length = number();
    if (Failed || Length > Rest.size()) {
      Failed = true;
      return;
    }
    S = Rest.take_front(Length).str();
    Rest = Rest.drop_front(Length);
  }
  template <typename T> void get(std::vector<T> &List) {
    for (uint64_t N = number(); N && !Failed; --N)
      get(List.emplace_back());
  }
  template <typename T> void get(std::optional<T> &Maybe) {
    if (number() && !Failed)
      get(Maybe.emplace());
  }

  llvm::StringRef Rest;
  bool Failed = false;
};

template <typename A> void fields(A &Ar, Position &P) {
  Ar(P.Offset, P.Line, P.Column, P.Character);
}
template <typename A> void fields(A &Ar, Place &P) { Ar(P.File, P.At, P.LineText); }
template <typename A> void fields(A &Ar, Edit &E) { Ar(E.File, E.Begin, E.End, E.Text); }
template <typename A> void fields(A &Ar, Note &N) { Ar(N.Where, N.Message, N.Edits); }
template <typename A> void fields(A &Ar, Suppression &S) { Ar(S.By, S.Reason); }
/// Only what the analysis of one file sets.
template <typename A> void fields(A &Ar, Finding &F) {
  Ar(F.Check, F.Message, F.IsError, F.Where, F.Length, F.Notes, F.Advice, F.Edits, F.Refused,
     F.Statement, F.Suppressed);
}
template <typename A> void fields(A &Ar, Mark &M) {
  Ar(M.Where, M.By, M.FirstLine, M.LastLine, M.Checks, M.Reason, M.Used);
}
template <typename A> void fields(A &Ar, Failure &F) { Ar(F.File, F.Message, F.Where); }
template <typename A> void fields(A &Ar, Remark &R) { Ar(R.Where, R.Message); }
template <typename A> void fields(A &Ar, FileResult &R) {
  Ar(R.Findings, R.Failed, R.Remarks, R.Marks, R.Files, R.Checks, R.OutsideUserCode, R.Scopes,
     R.ScopesGivenUp, R.Skipped, R.ParseTime, R.CheckTime);
}

} // namespace

std::string toText(const FileResult &R) {
  Writer W;
  W(R);
  return std::move(W.Text);
}

std::optional<FileResult> fromText(llvm::StringRef Text) {
  FileResult R;
  Reader Read(Text);
  Read(R);
  if (!Read.succeeded())
    return std::nullopt;
  return R;
}

} // namespace tether::tool
