// The formats of build servers: GitHub's annotations, GitLab's code quality report, JUnit's XML.
#include "tool/output/Output.h"
#include "llvm/ADT/StringExtras.h"

using llvm::json::OStream;

namespace tether::tool {
namespace {

std::string lineText(const Place &P) {
  return P.At.Line ? P.File + ":" + llvm::utostr(P.At.Line) : P.File;
}

/// The finding with its steps, one a line.
std::string story(const Finding &F) {
  std::string Text = F.Message;
  for (const Note &N : F.Notes)
    Text += "\n" + lineText(N.Where) + ": " + N.Message;
  if (F.Introduced)
    Text += "\n" + lineText(F.Introduced->Where) + ": " + F.Introduced->Message;
  if (!F.Advice.empty())
    Text += "\n" + F.Advice;
  return Text;
}

// ---- GitHub -------------------------------------------------------------------------------------

/// A workflow command ends with its line, and a property of it with ':' or ','.
std::string forGithub(llvm::StringRef Text, bool IsProperty) {
  std::string Result;
  for (char C : Text)
    if (C == '%' || C == '\r' || C == '\n' || (IsProperty && (C == ':' || C == ',')))
      Result += "%" + llvm::utohexstr(static_cast<unsigned char>(C), false, 2);
    else
      Result += C;
  return Result;
}

void annotation(llvm::StringRef Level, const Place &P, llvm::StringRef Title,
                llvm::StringRef Message, llvm::raw_ostream &OS) {
  OS << "::" << Level << " file=" << forGithub(P.File, true);
  if (P.At.Line)
    OS << ",line=" << P.At.Line << ",col=" << P.At.Column;
  OS << ",title=" << forGithub(Title, true) << "::" << forGithub(Message, false) << '\n';
}

// ---- JUnit --------------------------------------------------------------------------------------

/// Text that XML can hold.
std::string xml(llvm::StringRef Text) {
  std::string Valid = llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
  llvm::erase_if(Valid, [](unsigned char C) { return C < ' ' && C != '\n' && C != '\t'; });
  std::string Result;
  llvm::raw_string_ostream OS(Result);
  llvm::printHTMLEscaped(Valid, OS);
  return Result;
}

} // namespace

void writeGithub(const Report &R, llvm::raw_ostream &OS) {
  for (const Finding &F : R.Findings)
    annotation(F.IsError ? "error" : "warning", F.Where, F.Check, story(F), OS);
  for (const Failure &F : R.Failures)
    annotation("error", F.Where.At.Line ? F.Where : Place{F.File, {}, ""}, "tether",
               F.File + " cannot be analysed: " + F.Message, OS);
}

void writeGitlab(const Report &R, llvm::raw_ostream &OS) {
  OStream J(OS, /*IndentSize=*/2);
  J.array([&] {
    for (const Finding &F : R.Findings)
      J.object([&] {
        J.attribute("description", jsonText(F.Message));
        J.attribute("check_name", F.Check);
        J.attribute("fingerprint", F.Fingerprint);
        J.attribute("severity", F.IsError ? "critical" : "major");
        J.attributeObject("location", [&] {
          J.attribute("path", jsonText(F.Where.File));
          J.attributeObject("lines", [&] { J.attribute("begin", F.Where.At.Line); });
        });
        J.attributeObject("content", [&] { J.attribute("body", jsonText(story(F))); });
      });
  });
  OS << '\n';
}

void writeJunit(const Report &R, llvm::raw_ostream &OS) {
  // A suite without a case counts as broken in some readers.
  const bool IsClean = R.Findings.empty() && R.Failures.empty();
  OS << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"tether\" "
     << "tests=\"" << R.Findings.size() + R.Failures.size() + IsClean << "\" failures=\""
     << R.Findings.size() << "\" errors=\"" << R.Failures.size() << "\">\n";
  if (IsClean)
    OS << "    <testcase classname=\"tether\" name=\"no findings\"/>\n";
  for (const Finding &F : R.Findings)
    OS << "    <testcase classname=\"" << xml(F.Where.File) << "\" name=\""
       << xml(F.Check + " at line " + llvm::utostr(F.Where.At.Line)) << "\" file=\""
       << xml(F.Where.File) << "\" line=\"" << F.Where.At.Line << "\">\n      <failure type=\""
       << xml(F.Check) << "\" message=\"" << xml(F.Message) << "\">" << xml(story(F))
       << "</failure>\n    </testcase>\n";
  for (const Failure &F : R.Failures)
    OS << "    <testcase classname=\"" << xml(F.File) << "\" name=\"analysis\" file=\""
       << xml(F.File) << "\">\n      <error message=\"" << xml(F.Message) << "\"/>\n"
       << "    </testcase>\n";
  OS << "  </testsuite>\n</testsuites>\n";
}

} // namespace tether::tool
