#include "fix/Text.h"
#include "fix/Editor.h"
#include "protocol/Stops.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

static bool isPlain(SourceRange R) {
  return R.isValid() && R.getBegin().isFileID() && R.getEnd().isFileID();
}

StringRef textOf(const Program &P, SourceRange R) {
  if (!isPlain(R))
    return {};
  return Lexer::getSourceText(CharSourceRange::getTokenRange(R), P.sources(), P.language());
}

std::vector<Token> tokensOf(const Program &P, SourceRange R) {
  std::vector<Token> Tokens;
  if (!isPlain(R) || P.sources().getFileID(R.getBegin()) != P.sources().getFileID(R.getEnd()))
    return Tokens;
  auto [File, Offset] = P.sources().getDecomposedLoc(R.getBegin());
  StringRef Code = P.sources().getBufferData(File);
  Lexer Lex(P.sources().getLocForStartOfFile(File), P.language(), Code.begin(),
            Code.begin() + Offset, Code.end());
  Token T;
  do {
    Lex.LexFromRawLexer(T);
    if (T.is(tok::eof) || R.getEnd() < T.getLocation())
      break;
    Tokens.push_back(T);
  } while (true);
  return Tokens;
}

StringRef spelling(const Program &P, const Token &T) {
  return {P.sources().getCharacterData(T.getLocation()), T.getLength()};
}

SourceLocation endOf(const Program &P, SourceLocation Last) {
  return Lexer::getLocForEndOfToken(Last, 0, P.sources(), P.language());
}

SourceLocation endOfStatement(const Program &P, SourceLocation Last) {
  auto Next = Lexer::findNextToken(Last, P.sources(), P.language());
  return endOf(P, Next && Next->is(tok::semi) ? Next->getLocation() : Last);
}

Line lineOf(const Program &P, SourceLocation At) {
  const SourceManager &SM = P.sources();
  auto [File, Offset] = SM.getDecomposedLoc(At);
  StringRef Text = SM.getBufferData(File);
  size_t Start = Text.take_front(Offset).rfind('\n');
  Start = Start == StringRef::npos ? 0 : Start + 1;
  return {Text.substr(Start).take_until([](char C) { return C == '\n' || C == '\r'; }),
          SM.getLocForStartOfFile(File).getLocWithOffset(static_cast<int>(Start)),
          static_cast<unsigned>(Offset - Start)};
}

std::string indentStep(const Program &P, SourceLocation At) {
  StringRef Text = P.sources().getBufferData(P.sources().getFileID(At));
  // The first indented line says it.
  for (size_t I = Text.find('\n'); I != StringRef::npos; I = Text.find('\n', I + 1)) {
    StringRef Line = Text.substr(I + 1).take_until([](char C) { return C == '\n'; });
    StringRef Indent = Line.take_while([](char C) { return C == ' ' || C == '\t'; });
    StringRef Word = Line.drop_front(Indent.size());
    if (Indent.empty() || Word.empty() || Word.starts_with("*") || Word.starts_with("/"))
      continue;
    return Indent.starts_with("\t") ? "\t" : Indent.size() >= 4 ? "    " : "  ";
  }
  return "  ";
}

bool endsLine(const Program &P, SourceLocation At) {
  Line L = lineOf(P, At);
  StringRef Rest = L.Text.drop_front(L.Column).trim();
  return Rest.empty() || Rest.starts_with("//");
}

/// \p Word stands somewhere in \p Text.
static bool hasWord(StringRef Text, StringRef Word) {
  auto isPart = [](char C) { return llvm::isAlnum(C) || C == '_'; };
  for (size_t I = Text.find(Word); I != StringRef::npos; I = Text.find(Word, I + 1))
    if ((I == 0 || !isPart(Text[I - 1])) &&
        (I + Word.size() == Text.size() || !isPart(Text[I + Word.size()])))
      return true;
  return false;
}

/// \p Wish with the first number that makes it none of the \p Taken ones.
static std::string numbered(const std::string &Wish, llvm::function_ref<bool(StringRef)> Taken) {
  std::string Name = Wish;
  for (unsigned N = 2; Taken(Name); ++N)
    Name = Wish + std::to_string(N);
  return Name;
}

std::string freshWord(const Program &P, SourceLocation InFileOf, const std::string &Wish) {
  StringRef Text = P.sources().getBufferData(P.sources().getFileID(InFileOf));
  return numbered(Wish, [&](StringRef Name) { return hasWord(Text, Name); });
}

std::string Names::fresh(const Program &P, const Function &F, const std::string &Wish) {
  StringRef Text = textOf(P, {F.At, F.End});
  std::string Name = numbered(
      Wish, [&](StringRef Name) { return hasWord(Text, Name) || Used.count({F.Id, Name.str()}); });
  Used.insert({F.Id, Name});
  return Name;
}

std::string filled(StringRef Text, std::vector<std::pair<StringRef, std::string>> Values) {
  std::string Result = Text.str();
  for (const auto &[Key, Value] : Values) {
    const std::string Place = ("{" + Key + "}").str();
    for (size_t I = Result.find(Place); I != std::string::npos;
         I = Result.find(Place, I + Value.size()))
      Result.replace(I, Place.size(), Value);
  }
  return Result;
}

std::optional<MethodCall> methodCall(const Program &P, SourceRange Call) {
  std::vector<Token> Tokens = tokensOf(P, Call);
  if (Tokens.size() < 5 || Tokens.back().isNot(tok::r_paren))
    return std::nullopt;
  unsigned Depth = 0;
  size_t I = Tokens.size();
  do {
    --I;
    Depth += Tokens[I].is(tok::r_paren);
    Depth -= Tokens[I].is(tok::l_paren);
  } while (Depth && I);
  if (I < 3 || Tokens[I - 1].isNot(tok::raw_identifier) ||
      !Tokens[I - 2].isOneOf(tok::period, tok::arrow))
    return std::nullopt;
  MethodCall Found;
  Found.Object = textOf(P, {Call.getBegin(), Tokens[I - 2].getLocation()}).str();
  Found.Name = {Tokens[I - 1].getLocation(), Tokens[I - 1].getLocation()};
  Found.Dot = Tokens[I - 2].getLocation();
  Found.Arguments = {Tokens[I].getLocation(), Tokens.back().getLocation()};
  return Found;
}

std::optional<std::vector<SourceRange>> argumentsIn(const Program &P, SourceRange Parentheses) {
  std::vector<Token> Tokens = tokensOf(P, Parentheses);
  std::vector<SourceRange> Found;
  if (Tokens.size() < 2)
    return std::nullopt;
  unsigned Depth = 0;
  bool Angle = false, Comma = false;
  SourceLocation Begin, Last;
  for (size_t I = 1; I + 1 < Tokens.size(); ++I) {
    const Token &T = Tokens[I];
    if (Begin.isInvalid())
      Begin = T.getLocation();
    if (T.is(tok::comma) && Depth == 0) {
      Found.push_back({Begin, Last});
      Begin = SourceLocation();
      Comma |= Angle;
      Angle = false;
    }
    Angle |= T.is(tok::less) && Depth == 0;
    Depth += T.isOneOf(tok::l_paren, tok::l_brace, tok::l_square);
    Depth -= T.isOneOf(tok::r_paren, tok::r_brace, tok::r_square);
    Last = T.getLocation();
  }
  if (Begin.isValid())
    Found.push_back({Begin, Last});
  if (Comma)
    return std::nullopt;
  return Found;
}

/// \p Global is declared in front of \p F, which is no member of a class, in its file and in a
/// scope that is still open there; and nothing else goes by its name.
static bool isAroundOf(const Program &P, const Symbol &Global, const Function &F) {
  const SourceManager &SM = P.sources();
  auto hides = [&](const Symbol *S) {
    return S != &Global && S->Where == Symbol::Global && S->Name == Global.Name;
  };
  if (!outermost(P, &F)->Class.empty() || llvm::any_of(P.allSymbols(), hides) ||
      Global.At.isMacroID() || F.At.isMacroID() || F.Text.Statements.empty() ||
      SM.getFileID(Global.At) != SM.getFileID(F.At) || F.At < Global.At)
    return false;
  int Depth = 0;
  for (const Token &T : tokensOf(P, {Global.At, F.Text.Statements[0].At.getEnd()})) {
    Depth += T.is(tok::l_brace);
    Depth -= T.is(tok::r_brace);
    if (Depth < 0 || (T.is(tok::raw_identifier) && spelling(P, T) == Global.Name &&
                      T.getLocation() != Global.At && !(T.getLocation() < F.At)))
      return false;
  }
  return true;
}

std::optional<std::string> nameIn(const Object &O, const Function &F, const Program &P) {
  if (!O)
    return std::nullopt;
  std::string Name;
  const Symbol *Root = O.root();
  const Function *Outer = outermost(P, &F);
  if (Root->Where == Symbol::This) {
    // What a base class has may be private to it.
    if (O.path().empty() || Outer->Class != O.path().front()->Class)
      return std::nullopt;
  } else if (Root->Where == Symbol::Local || Root->Where == Symbol::Param) {
    if (Root->Owner != F.Id)
      return std::nullopt;
    Name = Root->Name;
  } else if (Root->Where == Symbol::Global && Root->Class.empty()) {
    // Where the function has named it already, the name is known to be in reach.
    bool Named = false;
    F.forEach(
        [&](const Event &E, Position) { Named |= E.Immediate && E.On && E.On.root() == Root; });
    if (!Named && !isAroundOf(P, *Root, F))
      return std::nullopt;
    Name = Root->Name;
  } else {
    return std::nullopt;
  }
  const Symbol *Before = Name.empty() ? nullptr : Root;
  for (const Symbol *S : O.path()) {
    if ((Before && Before->Container) || (S->Hidden && S->Class != Outer->Class))
      return std::nullopt;
    if (!Name.empty())
      Name += Before->Arrow ? "->" : ".";
    Name += S->Name;
    Before = S;
  }
  if (Name.empty() || !Before || Before->Container || Before->Name.empty())
    return std::nullopt;
  return Name;
}

std::optional<std::string> accessIn(const Object &O, const Function &F, const Program &P) {
  auto Name = nameIn(O, F, P);
  if (Name)
    *Name += O.leaf()->Arrow ? "->" : ".";
  return Name;
}

bool leavesUnused(const Program &P, const Function &F, SourceRange Part) {
  const std::vector<Token> Body = tokensOf(P, F.Text.Statements[0].At);
  return llvm::any_of(tokensOf(P, Part), [&](const Token &T) {
    if (T.isNot(tok::raw_identifier))
      return false;
    StringRef Name = spelling(P, T);
    const bool IsParam = llvm::any_of(F.Params, [&](auto *S) { return S->Name == Name; });
    const bool IsMember = !IsParam && llvm::any_of(P.allSymbols(), [&](const Symbol *S) {
      return S->Where == Symbol::Field && S->Name == Name && S->Class == F.Class;
    });
    const auto Others = llvm::count_if(Body, [&](const Token &Other) {
      const bool Outside =
          Other.getLocation() < Part.getBegin() || Part.getEnd() < Other.getLocation();
      return Outside && Other.is(tok::raw_identifier) && spelling(P, Other) == Name;
    });
    return !IsMember && Others < (IsParam ? 1 : 2); // that of its declaration is no use
  });
}

} // namespace tether
