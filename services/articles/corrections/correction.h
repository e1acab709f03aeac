// What readers are told about a published article beside it. Plain values, no database.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/articles/article/article.h"
#include "services/articles/article/block.h"
#include "services/articles/article/spelling.h"

namespace masthead::articles {

// What it says; changes make a version, which is kept.
struct CorrectionText {
  enum class Kind { kCorrection, kClarification, kUpdate, kEditorsNote };
  enum class Placement { kTop, kBottom };

  Kind kind = Kind::kCorrection;
  RichText text;
  Placement placement = Placement::kBottom;

  bool operator==(const CorrectionText&) const = default;
};

struct Correction {
  std::string article_id;
  std::string id;
  int64_t version = 1;
  CorrectionText said;
  int64_t article_revision = 0;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> withdraw_time;
  std::string withdrawal_reason;
};

// What it said from a time on.
struct CorrectionVersion {
  CorrectionText said;
  absl::Time create_time;
};

template <>
inline constexpr std::array<absl::string_view, 4> kSpelling<CorrectionText::Kind> = {"CORRECTION", "CLARIFICATION",
                                                                                     "UPDATE", "EDITORS_NOTE"};
template <>
inline constexpr std::array<absl::string_view, 2> kSpelling<CorrectionText::Placement> = {"TOP", "BOTTOM"};

// `articles/{article}/corrections/{correction}`
std::string CorrectionName(absl::string_view article_id, absl::string_view id);

// Normalises and checks what a request says in its field `correction`.
void CheckCorrectionText(CorrectionText& said, FieldViolations& violations);

// Tells the readers of an article one thing more. BAD_STATE unless they have it.
absl::Status Correct(Article& article, absl::Time now);

// Says something else instead. CORRECTION_WITHDRAWN.
absl::Status Reword(Correction& correction, CorrectionText said, absl::Time now);

// CORRECTION_WITHDRAWN if it was already.
absl::Status Withdraw(Correction& correction, Article& article, const std::string& reason, absl::Time now);

// What readers know of the article changes with one of its corrections. Whether they have it.
bool NoteChangedCorrection(Article& article, absl::Time now);

}  // namespace masthead::articles
