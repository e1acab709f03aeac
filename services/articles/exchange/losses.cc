#include "services/articles/exchange/losses.h"

#include "common/text/characters.h"
#include "common/text/text.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxExampleCodePoints = 100;

}  // namespace

void Losses::Add(const std::string& kind, absl::string_view example) {
  Loss& loss = by_kind_[kind];
  if (++loss.count > 1) return;
  const std::string clean = text::Normalize(example);
  for (absl::string_view rest = text::FirstCodePoints(clean, kMaxExampleCodePoints); !rest.empty();) {
    const char32_t c = text::TakeCodePoint(rest);
    text::AppendCodePoint(text::IsInvisible(c) || text::IsWhiteSpace(c) ? U' ' : c, loss.example);
  }
}

}  // namespace masthead::articles
