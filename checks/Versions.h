// The differences between the LLVM versions we build with (19 and 22), in one place.
#ifndef TETHER_VERSIONS_H
#define TETHER_VERSIONS_H

#include "llvm/Config/llvm-config.h"

#if LLVM_VERSION_MAJOR >= 22
#include "clang-tidy/ClangTidyModule.h"
#else
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif

#endif
