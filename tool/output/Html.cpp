// One page with everything in it: no file beside it, nothing from the network.
#include "tool/engine/Project.h"
#include "tool/output/Output.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>

namespace tether::tool {
namespace {

constexpr llvm::StringRef Style = R"css(
:root{--line:#d0d7de;--soft:#f6f8fa;--text:#1f2328;--dim:#59636e;--mark:#9a6700;--step:#0969da;--hit:#fff8c5;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--line:#3d444d;--soft:#151b23;--text:#f0f6fc;--dim:#9198a1;--mark:#d29922;--step:#4493f8;--hit:#2d2507}body{background:#0d1117}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;margin:.5rem 0}
.dim{color:var(--dim)}
form{display:flex;gap:.5rem;flex-wrap:wrap;position:sticky;top:0;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.5rem;z-index:2;align-items:center}
input,select{font:inherit;padding:.2rem .4rem}
input[type=search]{flex:1;min-width:12rem}
details{border:1px solid var(--line);border-radius:6px;margin:.6rem 0}
summary{padding:.5rem .8rem;cursor:pointer;overflow-wrap:anywhere}
summary b{color:var(--mark)}
.file{border-top:1px solid var(--line);background:var(--soft);padding:.2rem .8rem;font-family:monospace;font-size:13px}
.code{overflow-x:auto;font:13px/1.45 ui-monospace,monospace;padding:.3rem 0}
.row{display:flex;white-space:pre;min-width:max-content;padding-right:1rem}
.row>i{font-style:normal;color:var(--dim);width:4.5em;text-align:right;padding-right:1em;flex:none;user-select:none}
.row.hit{background:var(--hit)}
.gap{color:var(--dim);padding-left:5.5em}
.step{display:flex;gap:.6em;margin:.1rem 1rem .3rem 4.2em;color:var(--step);font-family:system-ui,sans-serif}
.step.end{color:var(--mark);font-weight:600}
.step>span:first-child{border:1px solid currentColor;border-radius:1em;min-width:1.5em;text-align:center;flex:none;height:1.45em}
.step a{color:inherit}
.row:target{outline:2px solid var(--step)}
.story{border-collapse:collapse;margin:.4rem .8rem;font-size:14px}
.story th,.story td{border:1px solid var(--line);padding:.1rem .6rem;text-align:left}
.advice{border-top:1px solid var(--line);padding:.4rem .8rem}
)css";

constexpr llvm::StringRef Script = R"js(
const all=[...document.querySelectorAll('details')],q=id=>document.getElementById(id);
function show(){
  const text=q('text').value.toLowerCase(),check=q('check').value,file=q('file').value;let n=0;
  for(const d of all){
    const on=(!check||d.dataset.check===check)&&(!file||d.dataset.file===file)&&(!text||d.textContent.toLowerCase().includes(text));
    d.hidden=!on;n+=on;
  }
  q('count').textContent=n+' of '+all.length;
}
for(const id of ['text','check','file'])q(id).addEventListener('input',show);
q('open').addEventListener('click',()=>{const o=all.some(d=>!d.open);for(const d of all)d.open=o});
document.querySelector('form').addEventListener('submit',e=>e.preventDefault());
show();
)js";

std::string html(llvm::StringRef Text) {
  std::string Valid = llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
  std::string Result;
  llvm::raw_string_ostream OS(Result);
  llvm::printHTMLEscaped(Valid, OS);
  return Result;
}

/// Something to be said below a line: a step, numbered in path order, or the finding itself.
struct Remarked {
  unsigned Number; ///< from 1; 0 for the finding
  std::string Text;
};

class Page {
public:
  Page(const Report &R, llvm::raw_ostream &OS) : R(R), OS(OS) {}

  void print() {
    OS << "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width\"><title>Tether: "
       << html(summaryLine(R)) << "</title>\n<style>" << Style << "</style>\n<h1>Tether</h1>\n<p>"
       << html(summaryLine(R)) << "</p>\n";
    for (const Failure &F : R.Failures)
      OS << "<p class=\"dim\">" << html(F.File) << " cannot be analysed: " << html(F.Message)
         << "</p>\n";
    filters();
    for (size_t I = 0; I != R.Findings.size(); ++I)
      finding(R.Findings[I], I);
    OS << "<script>" << Script << "</script>\n</html>\n";
  }

private:
  void choice(llvm::StringRef Id, llvm::StringRef All, const std::set<std::string> &Values) {
    OS << "<select id=\"" << Id << "\" aria-label=\"" << Id << "\"><option value=\"\">" << All
       << "</option>";
    for (const std::string &V : Values)
      OS << "<option>" << html(V) << "</option>";
    OS << "</select>";
  }

  void filters() {
    std::set<std::string> Checks, Files;
    for (const Finding &F : R.Findings) {
      Checks.insert(F.Check);
      Files.insert(F.Where.File);
    }
    OS << "<form><input type=\"search\" id=\"text\" placeholder=\"find\" aria-label=\"find\">";
    choice("check", "all checks", Checks);
    choice("file", "all files", Files);
    OS << "<button type=\"button\" id=\"open\">open or close all</button>"
          "<span id=\"count\" class=\"dim\"></span></form>\n";
  }

  void finding(const Finding &F, size_t Index) {
    OS << "<details data-check=\"" << html(F.Check) << "\" data-file=\"" << html(F.Where.File)
       << "\"" << (R.Findings.size() == 1 ? " open" : "") << "><summary><b>" << html(F.Message)
       << "</b><br><span class=\"dim\">" << html(F.Where.File) << ':' << F.Where.At.Line
       << " &middot; " << html(F.Check) << (F.Fixed ? " &middot; fixed" : "")
       << "</span></summary>\n";
    // Files in the order in which the way goes through them, the finding's own first.
    std::vector<std::string> Order = {F.Where.File};
    std::map<std::string, std::map<unsigned, std::vector<Remarked>>> Said;
    Said[F.Where.File][F.Where.At.Line].push_back({0, F.Message});
    unsigned Number = 0;
    auto Step = [&](const Note &N) {
      if (!llvm::is_contained(Order, N.Where.File))
        Order.push_back(N.Where.File);
      Said[N.Where.File][N.Where.At.Line].push_back({++Number, N.Message});
    };
    for (const Note &N : F.Notes)
      Step(N);
    if (F.Introduced)
      Step(*F.Introduced);
    for (const std::string &File : Order)
      source(File, Said[File], Index);
    if (auto Told = storyOf(F))
      columns(*Told);
    if (!F.Advice.empty())
      OS << "<div class=\"advice\">" << html(F.Advice) << "</div>";
    OS << "</details>\n";
  }

  void columns(const Story &Told) {
    OS << "<table class=\"story\"><tr><th>line</th>";
    for (llvm::StringRef Thread : Told.Threads)
      OS << "<th>" << html(Thread) << "</th>";
    OS << "</tr>\n";
    for (const Story::Turn &T : Told.Turns) {
      OS << "<tr><td>" << T.Where->At.Line << "</td>";
      for (unsigned Column = 0; Column != Told.Threads.size(); ++Column)
        OS << "<td>" << (Column == T.Thread ? html(T.Does) : "") << "</td>";
      OS << "</tr>\n";
    }
    OS << "</table>\n";
  }

  const std::vector<std::string> &linesOf(const std::string &File) {
    auto [It, New] = Sources.try_emplace(File);
    if (New)
      if (auto Text = llvm::MemoryBuffer::getFile(absolutePath(File, R.Root)))
        for (llvm::StringRef Line : llvm::split((*Text)->getBuffer(), '\n'))
          It->second.push_back(Line.rtrim('\r').str());
    return It->second;
  }

  void source(const std::string &File, const std::map<unsigned, std::vector<Remarked>> &Said,
              size_t Index) {
    constexpr unsigned Context = 3;
    const std::vector<std::string> &Lines = linesOf(File);
    OS << "<div class=\"file\">" << html(File) << "</div><div class=\"code\">";
    unsigned Shown = 0; // the last line that is on the page
    for (const auto &[At, Remarks] : Said) {
      const unsigned First = std::max<unsigned>(Shown + 1, At > Context ? At - Context : 1);
      if (Shown && First > Shown + 1)
        OS << "<div class=\"gap\">&#8942;</div>";
      auto Next = Said.upper_bound(At);
      const unsigned Last = std::min<unsigned>(
          Lines.size(),
          Next == Said.end() ? At + Context : std::min(At + Context, Next->first - 1));
      for (unsigned Line = First; Line <= std::max(Last, At); ++Line) {
        const bool IsHit = Line == At;
        OS << "<div class=\"row" << (IsHit ? " hit" : "") << "\"><i>" << Line << "</i>"
           << (Line <= Lines.size() ? html(Lines[Line - 1]) : "") << "</div>";
        if (IsHit)
          for (const Remarked &M : Remarks)
            OS << "<div class=\"step" << (M.Number ? "" : " end") << "\"><span>"
               << (M.Number ? llvm::utostr(M.Number) : "!") << "</span><span>" << html(M.Text)
               << "</span></div>";
        Shown = Line;
      }
    }
    OS << "</div>\n";
  }

  const Report &R;
  llvm::raw_ostream &OS;
  std::map<std::string, std::vector<std::string>> Sources;
};

} // namespace

void writeHtml(const Report &R, llvm::raw_ostream &OS) { Page(R, OS).print(); }

} // namespace tether::tool
