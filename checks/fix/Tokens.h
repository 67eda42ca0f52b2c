// Fixes of tokens that do not come where they are needed.
#ifndef TETHER_FIX_TOKENS_H
#define TETHER_FIX_TOKENS_H

#include "fix/Editor.h"
#include "protocol/Forwarding.h"

namespace tether {

/// Brings the token of \p U, found in \p F, to where it is lost; nothing unless the call certainly
/// compiles then.
Fix forwardToken(const Program &P, const Function &F, const Unforwarded &U, Names &Given);

/// Lets the lambda around \p Wait capture \p Token, a parameter of the function around that, and
/// wait with it.
Fix captureFor(const Program &P, const Site &Wait, const Symbol &Token);

/// A wait of the tasks of its class listens to \p Source, to which nobody does.
Fix listenTo(const Program &P, const Symbol *Source);

/// The lambda \p Body captures \p Outside as \p Name, or refers to it.
void capture(Editor &E, const Program &P, const Function &Body, llvm::StringRef Name,
             llvm::StringRef Outside, bool ByReference = false);
/// Writes the token \p Name into a call at \p At in \p F that could take it.
void writeToken(Editor &E, const Function &F, const Event &Call, llvm::StringRef Name);
/// A token of that type, from the member \p Source, in words of its class; empty if it gives none.
std::string tokenOfSource(const Program &P, const Symbol &Source, const void *TypeId);

} // namespace tether

#endif
