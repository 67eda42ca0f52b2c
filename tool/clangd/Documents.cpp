#include "Documents.h"
#include "Clangd.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <utility>

namespace tether {

// After this long without a change nobody is in the middle of typing: 300 ms are between the keys
// of somebody who types 40 words in a minute.
static constexpr std::chrono::milliseconds Settles(300);
// But what clangd itself has to say of the last change comes first, so that it never waits for our
// checks. It need not say anything, as when the text is the same as before; then a pause is longer.
static constexpr std::chrono::seconds Silence(10);

Documents &documents() {
  static Documents Those;
  return Those;
}

/// Empty for what is no file.
static std::string path(llvm::StringRef Uri) {
  auto Path = clang::clangd::URI::resolve(Uri, "");
  if (!Path)
    llvm::consumeError(Path.takeError());
  return Path ? *Path : "";
}

Documents::Document *Documents::find(llvm::StringRef Uri) {
  auto Found = Open.find(path(Uri));
  return Found == Open.end() ? nullptr : &Found->second;
}

void Documents::opened(llvm::StringRef Uri, std::optional<int64_t> Version) {
  std::lock_guard Held(Lock);
  if (std::string File = path(Uri); !File.empty())
    Open[File] = {Uri.str(), Version.value_or(0), ++LastGeneration, Clock::now()};
}

void Documents::changed(llvm::StringRef Uri, std::optional<int64_t> Version,
                        const llvm::json::Array &Changes) {
  std::lock_guard Held(Lock);
  Document *D = find(Uri);
  if (!D)
    return;
  D->Version = Version.value_or(D->Version + 1); // as clangd counts, too
  D->Changed = Clock::now();
  D->Due = D->Changed + Silence;
  // Where the whole text is replaced, findings stay where they are until the pause.
  for (const llvm::json::Value &Json : Changes)
    if (auto What = readChange(Json))
      D->Since.push_back({D->Version, *What});
  DueChanged.notify_all();
}

void Documents::saved(llvm::StringRef Uri) {
  std::lock_guard Held(Lock);
  Document *D = find(Uri);
  if (!D || !D->isTyping())
    return;
  D->Due = Clock::now();
  DueChanged.notify_all();
}

void Documents::closed(llvm::StringRef Uri) {
  std::lock_guard Held(Lock);
  Open.erase(path(Uri));
}

Documents::Clock::time_point Documents::firstDue() const {
  auto First = Clock::time_point::max();
  for (const auto &Entry : Open)
    First = std::min(First, Entry.second.Due);
  return First;
}

void Documents::waitForPause(std::stop_token Stop) {
  std::unique_lock Held(Lock);
  while (!Stop.stop_requested()) {
    auto Due = firstDue();
    if (Due <= Clock::now())
      return;
    DueChanged.wait_until(Held, Stop, Due, [&] { return firstDue() != Due; });
  }
}

std::vector<Documents::Pause> Documents::settle() {
  std::lock_guard Held(Lock);
  std::vector<Pause> Pauses;
  auto Now = Clock::now();
  for (auto &Entry : Open) {
    Document &D = Entry.second;
    if (D.Due > Now)
      continue;
    D.Due = Clock::time_point::max();
    D.Generation = ++LastGeneration;
    Pauses.push_back({D.Uri, D.Version});
  }
  return Pauses;
}

bool Documents::startBuild(llvm::StringRef File, bool Wanted) {
  std::lock_guard Held(Lock);
  auto Found = Open.find(File);
  if (Found == Open.end())
    return Wanted;
  Document &D = Found->second;
  if (!Wanted) {
    D.Due = Clock::time_point::max(); // a pause would bring nothing new
    D.Shown.clear();
  }
  D.LeftOut = D.isTyping();
  return Wanted && !D.LeftOut;
}

std::string Documents::generation(llvm::StringRef File) const {
  std::lock_guard Held(Lock);
  auto Found = Open.find(File);
  return Found == Open.end() ? "" : std::to_string(Found->second.Generation);
}

/// Moves a diagnostic and the places in the same file that it refers to; false if it is gone.
static bool move(llvm::json::Object &Diagnostic, const Change &By, llvm::StringRef Uri) {
  // Answers false for what the change has touched, or what is no place at all.
  auto MoveRange = [&](llvm::json::Object &Place) {
    llvm::json::Path::Root Root;
    llvm::json::Value *Json = Place.get("range");
    Range R;
    if (!Json || !fromJSON(*Json, R, Root))
      return false;
    auto To = moved(R, By);
    if (To)
      *Json = *To;
    return To.has_value();
  };
  auto MoveNote = [&](llvm::json::Value &Json) {
    llvm::json::Object *Note = Json.getAsObject();
    llvm::json::Object *Place = Note ? Note->getObject("location") : nullptr;
    return !Place || Place->getString("uri") != Uri || MoveRange(*Place);
  };
  if (llvm::json::Array *Notes = Diagnostic.getArray("relatedInformation")) {
    llvm::json::Array Left;
    for (llvm::json::Value &Note : *Notes)
      if (MoveNote(Note))
        Left.push_back(std::move(Note));
    *Notes = std::move(Left);
  }
  return MoveRange(Diagnostic);
}

static bool isOurs(const llvm::json::Object &Diagnostic) {
  return Diagnostic.getString("code").value_or("").starts_with("tether-");
}

/// Our checks do not run on what does not compile. A warning that is made an error has its flag
/// here.
static bool isCompilerError(const llvm::json::Object &Diagnostic) {
  return Diagnostic.getInteger("severity") == 1 && Diagnostic.getString("source") == "clang" &&
         !Diagnostic.getString("code").value_or("").starts_with("-W");
}

void Documents::publish(llvm::StringRef Uri, std::optional<int64_t> Version,
                        llvm::json::Array &Diagnostics) {
  std::lock_guard Held(Lock);
  Document *D = find(Uri);
  if (!D)
    return;
  int64_t Of = Version.value_or(D->Version);
  auto IsNewer = [&](const Edit &E) { return E.Version > Of; };
  auto Newer = llvm::find_if(D->Since, IsNewer);
  std::vector<llvm::json::Object> Found;
  bool Compiles = true;
  for (const llvm::json::Value &Json : Diagnostics)
    if (const llvm::json::Object *Diagnostic = Json.getAsObject()) {
      if (isOurs(*Diagnostic))
        Found.push_back(*Diagnostic);
      Compiles &= !isCompilerError(*Diagnostic);
    }
  if (std::exchange(D->LeftOut, false) || (!Compiles && Found.empty())) {
    for (const Edit &E : llvm::make_range(D->Since.begin(), Newer))
      llvm::erase_if(D->Shown, [&](auto &Diagnostic) { return !move(Diagnostic, E.What, Uri); });
    for (const llvm::json::Object &Diagnostic : D->Shown)
      Diagnostics.push_back(llvm::json::Object(Diagnostic));
  } else {
    D->Shown = std::move(Found);
    for (llvm::json::Object &Diagnostic : D->Shown)
      Diagnostic.erase("codeActions"); // their edits would not move along
  }
  D->Since.erase(D->Since.begin(), Newer);
  if (D->isTyping() && Of == D->Version) {
    D->Due = std::min(D->Due, std::max(Clock::now(), D->Changed + Settles));
    DueChanged.notify_all();
  }
}

} // namespace tether
