// tether list: the checks, one line each.
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/output/Output.h"
#include "llvm/Support/FormatVariadic.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus list(Invocation &);
Verb ListVerb("list", "show the checks, with one line each", list);

enum class Format { Text, Json };
cl::opt<Format>
    OutputFormat("format", cl::desc("Format:"), cl::init(Format::Text),
                 cl::values(clEnumValN(Format::Text, "text", "for people (default)"),
                            clEnumValN(Format::Json, "json", "for scripts, options included")),
                 cl::sub(ListVerb), cl::cat(ourOptions()));

void listText() {
  size_t Width = 0;
  for (const CheckEntry &C : allChecks())
    Width = std::max(Width, C.Name.size());
  for (const CheckEntry &C : allChecks())
    llvm::outs() << llvm::left_justify(C.Name, Width) << "  " << C.Summary
                 << (C.Fix == "none"     ? ""
                     : C.Fix == "always" ? " (fix)"
                                         : " (fix: sometimes)")
                 << '\n';
}

void listJson() {
  llvm::json::OStream J(llvm::outs(), /*IndentSize=*/2);
  J.array([&] {
    for (const CheckEntry &C : allChecks())
      J.object([&] {
        J.attribute("id", C.Name);
        J.attribute("summary", C.Summary);
        J.attribute("fix", C.Fix);
        J.attributeArray("options", [&] {
          for (const OptionEntry &O : C.Options)
            J.object([&] {
              J.attribute("name", O.Name);
              J.attribute("key", C.Name + "." + O.Name);
              J.attribute("default", O.Default);
              J.attribute("doc", O.Doc);
            });
        });
      });
  });
  llvm::outs() << '\n';
}

ExitStatus list(Invocation &) {
  OutputFormat == Format::Json ? listJson() : listText();
  return Clean;
}

} // namespace
} // namespace tether::tool
