// Text files compiled into the program: the API tables, the pages of the checks. embed.cmake writes
// the definitions.
#ifndef TETHER_EMBEDDED_H
#define TETHER_EMBEDDED_H

namespace tether {

struct EmbeddedFile {
  const char *Name; ///< without directory: "std.yaml"
  const char *Text;
};

extern const EmbeddedFile EmbeddedTables[];
extern const unsigned NumEmbeddedTables;
extern const EmbeddedFile EmbeddedPages[];
extern const unsigned NumEmbeddedPages;

extern const EmbeddedFile EmbeddedPages[]; // docs/checks/*.md
extern const unsigned NumEmbeddedPages;

} // namespace tether

#endif
