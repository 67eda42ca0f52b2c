#include "tool/engine/Catalog.h"
#include "tool/output/Output.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Path.h"

using llvm::json::OStream;

namespace tether::tool {
namespace {

constexpr llvm::StringRef RootId = "ROOT";

/// RFC 3986: everything but what a path may hold is written as %XX.
std::string uriPath(llvm::StringRef Path) {
  std::string Uri;
  for (unsigned char C : Path)
    if (llvm::isAlnum(C) || llvm::StringRef("/-._~+@,=").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  return Uri;
}

void message(OStream &J, llvm::StringRef Text) {
  J.attributeObject("message", [&] { J.attribute("text", jsonText(Text)); });
}

void artifact(OStream &J, llvm::StringRef File) {
  J.attributeObject("artifactLocation", [&] {
    if (llvm::sys::path::is_absolute(File)) {
      J.attribute("uri", "file://" + uriPath(File));
      return;
    }
    J.attribute("uri", uriPath(File));
    J.attribute("uriBaseId", RootId);
  });
}

void physicalLocation(OStream &J, const Place &P, unsigned Length) {
  J.attributeObject("physicalLocation", [&] {
    artifact(J, P.File);
    if (P.At.Line)
      J.attributeObject("region", [&] {
        J.attribute("startLine", P.At.Line);
        J.attribute("startColumn", P.At.Character);
        J.attribute("endColumn", P.At.Character + Length); // a word is ASCII
        if (!P.LineText.empty())
          J.attributeObject("snippet", [&] { J.attribute("text", jsonText(P.LineText)); });
      });
  });
}

void location(OStream &J, const Place &P, unsigned Length, llvm::StringRef Text,
              std::optional<unsigned> Id = {}) {
  J.object([&] {
    if (Id)
      J.attribute("id", *Id);
    physicalLocation(J, P, Length);
    if (!Text.empty())
      message(J, Text);
  });
}

/// The first paragraph of a page that is no heading.
llvm::StringRef firstParagraph(llvm::StringRef Page) {
  while (!Page.empty()) {
    size_t End = Page.find("\n\n");
    llvm::StringRef Paragraph = Page.substr(0, End).trim();
    if (!Paragraph.empty() && !Paragraph.starts_with("#"))
      return Paragraph;
    Page = End == llvm::StringRef::npos ? "" : Page.substr(End + 2);
  }
  return "";
}

void rule(OStream &J, const CheckEntry &C) {
  J.object([&] {
    J.attribute("id", C.Name);
    J.attributeObject("shortDescription", [&] { J.attribute("text", C.Summary); });
    if (llvm::StringRef Text = firstParagraph(C.Page); !Text.empty())
      J.attributeObject("fullDescription", [&] { J.attribute("text", jsonText(Text)); });
    if (!C.Page.empty())
      J.attributeObject("help", [&] {
        J.attribute("text", jsonText(C.Page));
        J.attribute("markdown", jsonText(C.Page));
      });
#ifdef TETHER_DOCS_URL
    J.attribute("helpUri", TETHER_DOCS_URL "/" + C.Name.substr(sizeof("tether-") - 1) + ".html");
#endif
    J.attributeObject("defaultConfiguration", [&] { J.attribute("level", "warning"); });
  });
}

void fix(OStream &J, const std::vector<Edit> &Edits) {
  // Edits come sorted by file.
  J.attributeArray("artifactChanges", [&] {
    for (auto It = Edits.begin(); It != Edits.end();) {
      auto End = std::find_if(It, Edits.end(), [&](const Edit &E) { return E.File != It->File; });
      J.object([&] {
        artifact(J, It->File);
        J.attributeArray("replacements", [&] {
          for (; It != End; ++It)
            J.object([&] {
              J.attributeObject("deletedRegion", [&] {
                J.attribute("startLine", It->Begin.Line);
                J.attribute("startColumn", It->Begin.Character);
                J.attribute("endLine", It->End.Line);
                J.attribute("endColumn", It->End.Character);
              });
              J.attributeObject("insertedContent",
                                [&] { J.attribute("text", jsonText(It->Text)); });
            });
        });
      });
    }
  });
}

void fixes(OStream &J, const Finding &F) {
  auto HasEdits = [](const Note &N) { return !N.Edits.empty(); };
  if (F.Edits.empty() && llvm::none_of(F.Notes, HasEdits))
    return;
  J.attributeArray("fixes", [&] {
    if (!F.Edits.empty())
      J.object([&] { fix(J, F.Edits); });
    for (const Note &N : llvm::make_filter_range(F.Notes, HasEdits))
      J.object([&] {
        J.attributeObject("description", [&] { J.attribute("text", jsonText(N.Message)); });
        fix(J, N.Edits);
      });
  });
}

/// Which side of a change or baseline a result is on.
llvm::StringRef baselineState(const Finding &F) {
  if (!F.Suppressed)
    return "new";
  return F.Suppressed->By == Suppression::Baseline || F.Suppressed->By == Suppression::Before
             ? "unchanged"
             : "";
}

void suppressions(OStream &J, const Suppression &S) {
  if (S.By == Suppression::Before)
    return; // nobody has decided about it
  J.attributeArray("suppressions", [&] {
    J.object([&] {
      J.attribute("kind", S.By == Suppression::Baseline ? "external" : "inSource");
      if (!S.Reason.empty())
        J.attribute("justification", jsonText(S.Reason));
    });
  });
}

void result(OStream &J, const Finding &F, bool HasGate) {
  J.object([&] {
    J.attribute("ruleId", F.Check);
    auto Rule = llvm::find_if(allChecks(), [&](const CheckEntry &C) { return C.Name == F.Check; });
    if (Rule != allChecks().end())
      J.attribute("ruleIndex", Rule - allChecks().begin());
    J.attribute("level", F.IsError ? "error" : "warning");
    std::string Text = F.Message;
    if (!F.Advice.empty())
      Text += "; " + F.Advice;
    if (F.Introduced)
      Text += " (" + F.Introduced->Message + ": " + F.Introduced->Where.File + ":" +
              llvm::utostr(F.Introduced->Where.At.Line) + ")";
    message(J, Text);
    J.attributeArray("locations", [&] { location(J, F.Where, F.Length, ""); });
    J.attributeObject("partialFingerprints", [&] { J.attribute("tether/v1", F.Fingerprint); });
    if (!F.Notes.empty()) {
      J.attributeArray("relatedLocations", [&] {
        for (const auto &[I, N] : llvm::enumerate(F.Notes))
          location(J, N.Where, 1, N.Message, I + 1);
      });
      J.attributeArray("codeFlows", [&] {
        J.object([&] {
          J.attributeArray("threadFlows", [&] {
            J.object([&] {
              J.attributeArray("locations", [&] {
                auto Step = [&](const Place &P, unsigned Length, llvm::StringRef Text) {
                  J.object([&] {
                    J.attributeBegin("location");
                    location(J, P, Length, Text);
                    J.attributeEnd();
                  });
                };
                Step(F.Where, F.Length, F.Message);
                for (const Note &N : F.Notes)
                  Step(N.Where, 1, N.Message);
              });
            });
          });
        });
      });
    }
    fixes(J, F);
    if (HasGate && !baselineState(F).empty())
      J.attribute("baselineState", baselineState(F));
    if (F.Suppressed)
      suppressions(J, *F.Suppressed);
    if (F.Fixed)
      J.attributeObject("properties", [&] { J.attribute("fixed", true); });
  });
}

void notification(OStream &J, llvm::StringRef Level, llvm::StringRef Text, const Place &P) {
  J.object([&] {
    J.attribute("level", Level);
    message(J, Text);
    if (!P.File.empty())
      J.attributeArray("locations", [&] { location(J, P, 1, ""); });
  });
}

void invocation(OStream &J, const Report &R) {
  J.object([&] {
    J.attribute("executionSuccessful", R.Failures.empty());
    if (R.Failures.empty() && R.Remarks.empty())
      return;
    J.attributeArray("toolExecutionNotifications", [&] {
      for (const Failure &F : R.Failures)
        notification(J, "error", F.File + ": cannot be analysed: " + F.Message,
                     F.Where.At.Line ? F.Where : Place{F.File, {}, ""});
      for (const Remark &M : R.Remarks)
        notification(J, "warning", M.Message, M.Where);
    });
  });
}

} // namespace

void writeSarif(const Report &R, llvm::raw_ostream &OS) {
  OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    J.attribute("version", "2.1.0");
    J.attributeArray("runs", [&] {
      J.object([&] {
        J.attributeObject("tool", [&] {
          J.attributeObject("driver", [&] {
            J.attribute("name", "tether");
            J.attribute("version", TETHER_VERSION);
            J.attribute("semanticVersion", TETHER_VERSION);
            J.attributeArray("rules", [&] {
              for (const CheckEntry &C : allChecks())
                rule(J, C);
            });
          });
        });
        J.attribute("columnKind", "unicodeCodePoints");
        J.attributeObject("originalUriBaseIds", [&] {
          J.attributeObject(RootId, [&] {
            J.attribute("uri", "file://" + uriPath(R.Root) + (R.Root == "/" ? "" : "/"));
          });
        });
        J.attributeArray("invocations", [&] { invocation(J, R); });
        J.attributeArray("results", [&] {
          for (const Finding &F : R.Findings)
            result(J, F, R.Gate.has_value());
          for (const Finding &F : R.Silenced)
            result(J, F, R.Gate.has_value());
        });
      });
    });
  });
  OS << '\n';
}

} // namespace tether::tool
