# What a `RUN:` line can use. See docs/adding-a-check.md.
import os
import shutil

import lit.formats

config.name = f"tether-{config.llvm_version}"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs", "projects", "unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build, "test")

config.environment["PATH"] = os.pathsep.join([config.llvm_root + "/bin", os.environ["PATH"]])
# No user's configuration, no colours, no cache of an earlier run.
config.environment["HOME"] = os.path.join(config.test_exec_root, "home")
shutil.rmtree(os.path.join(config.environment["HOME"], ".cache"), ignore_errors=True)
config.environment.pop("XDG_CACHE_HOME", None)
config.environment["NO_COLOR"] = "1"
config.environment.pop("XDG_CONFIG_HOME", None)

# Tests run below the build directory: the project's own configuration is not theirs.
os.makedirs(config.test_exec_root, exist_ok=True)
with open(os.path.join(config.test_exec_root, ".clang-tidy"), "w") as own:
    own.write("{}\n")

clang_tidy = f"{config.llvm_root}/bin/clang-tidy"
plugin = f"{config.build}/lib/libtether-tidy.so"
config.available_features.add(f"llvm-{config.llvm_version}")
# Tests against libraries that need not be there.
if os.path.exists("/usr/include/boost/asio.hpp"):
    config.available_features.add("boost-asio")
if os.path.exists("/usr/include/x86_64-linux-gnu/qt6/QtCore"):
    config.available_features.add("qt6")

for program in ("chromium", "emacs", "fish", "mkdocs", "nvim", "pre-commit", "zsh"):
    if shutil.which(program):
        config.available_features.add(program)
# The schema of SARIF, a file, where somebody has it.
if schema := os.environ.get("TETHER_SARIF_SCHEMA"):
    config.available_features.add("sarif-schema")
    config.substitutions.append(("%{sarif_schema}", os.path.abspath(schema)))

config.substitutions += [
    (
        "%check_tether",
        f"{config.python} {config.test_source_root}/check_tether.py --tidy {clang_tidy}"
        f" --plugin {plugin} --clang {config.llvm_root}/bin/clang"
        f" --filecheck {config.llvm_root}/bin/FileCheck --temp %t",
    ),
    # %tidy FILE [args] -- FLAGS: all checks, nothing else.
    ("%tidy", f"{clang_tidy} -load {plugin} -config={{}} -checks='-*,tether-*'"),
    ("%plugin", plugin),
    ("%tether-clangd", f"{config.build}/bin/tether-clangd"),
    ("%tether", f"{config.build}/bin/tether"),
    ("%clang", f"{config.llvm_root}/bin/clang++"),
    ("%{version}", config.llvm_version),
    ("%{other_version}", "19" if config.llvm_version == "22" else "22"),
    ("%{inputs}", f"{config.test_source_root}/Inputs"),
    ("%{root}", os.path.dirname(config.test_source_root)),
    ("%{build}", config.build),
    ("%{llvm}", config.llvm_root),
    ("%{path}", config.environment["PATH"]),
    ("%python", config.python),
]
