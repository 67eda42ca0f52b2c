#include "tool/engine/Concern.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Serialization/PCHContainerOperations.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using llvm::StringRef;

namespace tether::tool {

std::string findWord(StringRef Text, const WordList &Words) {
  LangOptions Lang;
  Lang.CPlusPlus = Lang.CPlusPlus11 = true; // raw strings
  Lexer Lex(SourceLocation(), Lang, Text.begin(), Text.begin(), Text.end());
  Token T;
  bool InInclude = false; // the name of a header is no use of it
  for (bool More = true; More;) {
    More = !Lex.LexFromRawLexer(T);
    if (T.isAtStartOfLine()) {
      InInclude = false;
      if (T.is(tok::hash) && More) {
        More = !Lex.LexFromRawLexer(T);
        InInclude = T.is(tok::raw_identifier) && T.getRawIdentifier().starts_with("include");
      }
    }
    if (T.is(tok::raw_identifier) && !InInclude)
      if (auto It = Words.find(T.getRawIdentifier());
          It != Words.end() && It->second.Libraries.empty())
        return T.getRawIdentifier().str();
  }
  return "";
}

std::string mentions(StringRef Who, StringRef Word) {
  return (Who + " mentions '" + Word + "'").str();
}

namespace {

class TokenReader final : public PreprocessorFrontendAction {
public:
  TokenReader(const WordList &Words, std::string &Why) : Words(Words), Why(Why) {}

  void ExecuteAction() override {
    Preprocessor &PP = getCompilerInstance().getPreprocessor();
    PP.SetSuppressIncludeNotFoundError(true);
    const unsigned Before =
        PP.getDiagnostics().getClient()->getNumErrors(); // of other compilers' flags
    PP.EnterMainSourceFile();
    Token T;
    for (PP.Lex(T); T.isNot(tok::eof) && Why.empty(); PP.Lex(T))
      if (const IdentifierInfo *Word = T.getIdentifierInfo())
        look(*Word, T.getLocation(), PP);
    if (Why.empty())
      conclude(PP.getDiagnostics().getClient()->getNumErrors() != Before);
  }

private:
  enum class Whose { Project, Standard, Library };
  struct Header {
    Whose Is = Whose::Project;
    bool IsCxx = false;
    std::set<StringRef> Words; ///< of interest
  };

  Header &headerOf(SourceLocation Where, const SourceManager &SM) {
    const FileID Id = SM.getFileID(SM.getExpansionLoc(Where));
    if (Id != LastId) {
      LastId = Id;
      auto [It, New] = Headers.try_emplace(Id);
      Last = &It->second;
      if (New)
        Last->Is = whose(SM.getFilename(SM.getLocForStartOfFile(Id)), SM.isInSystemHeader(Where));
    }
    return *Last;
  }

  static Whose whose(StringRef Path, bool IsSystem) {
    if (!IsSystem)
      return Whose::Project;
    for (StringRef Part : llvm::split(Path, '/'))
      if (Part == "c++") // libstdc++ and libc++ alike
        return Whose::Standard;
    return Path.starts_with(TETHER_RESOURCE_DIR) ? Whose::Standard : Whose::Library;
  }

  void look(const IdentifierInfo &Word, SourceLocation Where, const Preprocessor &PP) {
    auto [It, New] = Known.try_emplace(&Word);
    if (New) { // seen for the first time: it may be the library's name
      auto Listed = Words.find(Word.getName());
      It->second = Listed == Words.end() ? nullptr : &Listed->second;
      Seen.insert(Word.getName());
    }
    Header &H = headerOf(Where, PP.getSourceManager());
    if (H.Is == Whose::Standard)
      return;
    H.IsCxx |=
        llvm::is_contained({tok::kw_class, tok::kw_template, tok::kw_namespace}, Word.getTokenID());
    if (!It->second)
      return;
    if (H.Is == Whose::Project && It->second->Libraries.empty())
      Why = mentions("with what it includes it", Word.getName());
    else
      H.Words.insert(Word.getName());
  }

  void conclude(bool HasErrors) {
    // What includes nothing is parsed in no time, and so one learns whether it compiles.
    if (Headers.size() < 2 || HasErrors)
      Why = "it has to be seen whether it compiles";
    for (const auto &[Id, H] : Headers)
      for (StringRef Word : H.Words) {
        const WordUse &Use = Words.find(Word)->second;
        if ((H.Is == Whose::Project || (H.IsCxx && Use.IsClass)) &&
            (Use.Libraries.empty() ||
             llvm::any_of(Use.Libraries, [&](StringRef Name) { return Seen.contains(Name); })))
          Why = mentions(
              H.Is == Whose::Project ? "with what it includes it" : "a header of a library", Word);
      }
  }

  const WordList &Words;
  std::string &Why;
  std::map<FileID, Header> Headers;
  FileID LastId;
  Header *Last = nullptr;
  llvm::DenseMap<const IdentifierInfo *, const WordUse *> Known;
  llvm::StringSet<> Seen; ///< all names
};

} // namespace

std::string whyParse(const std::vector<std::string> &Arguments, StringRef File,
                     const WordList &Words, FileManager &Files) {
  auto Text = Files.getVirtualFileSystem().getBufferForFile(File);
  if (!Text)
    return "it cannot be read";
  if (std::string Word = findWord((*Text)->getBuffer(), Words); !Word.empty())
    return mentions("it", Word);
  std::string Why;
  tooling::ToolInvocation Run(Arguments, std::make_unique<TokenReader>(Words, Why), &Files,
                              std::make_shared<PCHContainerOperations>());
  IgnoringDiagConsumer Silent;
  Run.setDiagnosticConsumer(&Silent);
  if (!Run.run() && Why.empty())
    Why = "it has to be seen whether it compiles";
  return Why;
}

} // namespace tether::tool
