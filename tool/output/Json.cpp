#include "tool/output/Output.h"
#include "llvm/Config/llvm-config.h"

using llvm::json::OStream;

namespace tether::tool {
namespace {

/// Bump when a member changes its meaning or goes; new members may come at any time.
constexpr int FormatVersion = 1;

void place(OStream &J, const Place &P) {
  J.attribute("file", jsonText(P.File));
  J.attribute("line", P.At.Line);
  J.attribute("column", P.At.Column);
}

void edits(OStream &J, llvm::StringRef Key, const std::vector<Edit> &Edits) {
  J.attributeArray(Key, [&] {
    for (const Edit &E : Edits)
      J.object([&] {
        J.attribute("file", jsonText(E.File));
        J.attribute("offset", E.Begin.Offset);
        J.attribute("length", E.End.Offset - E.Begin.Offset);
        J.attribute("line", E.Begin.Line);
        J.attribute("column", E.Begin.Column);
        J.attribute("endLine", E.End.Line);
        J.attribute("endColumn", E.End.Column);
        J.attribute("replacement", jsonText(E.Text));
      });
  });
}

void finding(OStream &J, const Finding &F) {
  J.object([&] {
    J.attribute("check", F.Check);
    J.attribute("severity", F.IsError ? "error" : "warning");
    J.attribute("message", jsonText(F.Message));
    place(J, F.Where);
    J.attribute("offset", F.Where.At.Offset);
    J.attribute("length", F.Length);
    J.attribute("fingerprint", F.Fingerprint);
    J.attributeArray("notes", [&] {
      for (const Note &N : F.Notes)
        J.object([&] {
          J.attribute("message", jsonText(N.Message));
          place(J, N.Where);
          if (!N.Edits.empty())
            edits(J, "edits", N.Edits);
        });
    });
    if (!F.Advice.empty())
      J.attribute("advice", jsonText(F.Advice));
    edits(J, "fix", F.Edits);
    J.attribute("fixed", F.Fixed);
    if (!F.Refused.empty())
      J.attribute("refused", jsonText(F.Refused));
    if (F.Introduced)
      J.attributeObject("introduced", [&] {
        J.attribute("message", jsonText(F.Introduced->Message));
        place(J, F.Introduced->Where);
      });
    if (F.Suppressed)
      J.attributeObject("suppression", [&] {
        J.attribute("by", spelling(F.Suppressed->By));
        J.attribute("reason", jsonText(F.Suppressed->Reason));
      });
  });
}

} // namespace

void writeJson(const Report &R, llvm::raw_ostream &OS) {
  OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attribute("version", FormatVersion);
    J.attributeObject("tool", [&] {
      J.attribute("name", "tether");
      J.attribute("version", TETHER_VERSION);
      J.attribute("llvm", LLVM_VERSION_STRING);
    });
    J.attribute("root", jsonText(R.Root));
    J.attributeArray("findings", [&] {
      for (const Finding &F : R.Findings)
        finding(J, F);
    });
    J.attributeArray("suppressed", [&] {
      for (const Finding &F : R.Silenced)
        finding(J, F);
    });
    J.attributeArray("failures", [&] {
      for (const Failure &F : R.Failures)
        J.object([&] {
          J.attribute("file", jsonText(F.File));
          J.attribute("message", jsonText(F.Message));
          if (F.Where.At.Line)
            J.attributeObject("error", [&] { place(J, F.Where); });
        });
    });
    J.attributeArray("remarks", [&] {
      for (const Remark &M : R.Remarks)
        J.object([&] {
          J.attribute("message", jsonText(M.Message));
          place(J, M.Where);
        });
    });
    J.attributeObject("summary", [&] {
      J.attribute("findings", R.Findings.size());
      J.attribute("analysed", R.Analysed);
      J.attribute("failed", R.Failures.size());
      J.attribute("suppressed", R.Silenced.size());
      if (R.Gate) {
        J.attribute("introduced", R.Gate->Introduced);
        J.attribute("fixed", R.Gate->Fixed.size());
        J.attribute("alreadyThere", R.Gate->AlreadyThere);
      }
    });
  });
  OS << '\n';
}

} // namespace tether::tool
