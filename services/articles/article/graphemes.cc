#include "services/articles/article/graphemes.h"

#include <memory>

#include "unicode/brkiter.h"
#include "unicode/locid.h"
#include "unicode/unistr.h"

namespace masthead::articles {

std::vector<bool> GraphemeEdges(absl::string_view utf8) {
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> graphemes(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), error));
  if (U_FAILURE(error))
    return std::vector<bool>(text.countChar32() + 1, true);  // ICU without its data: nothing to go by.
  graphemes->setText(text);
  std::vector<bool> edges;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) edges.push_back(graphemes->isBoundary(i) != 0);
  edges.push_back(true);
  return edges;
}

}  // namespace masthead::articles
