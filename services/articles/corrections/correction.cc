#include "services/articles/corrections/correction.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/state_machine.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxText = 2000;

absl::Status CheckStands(const Correction& correction) {
  return correction.withdraw_time.has_value()
             ? CorrectionWithdrawn(CorrectionName(correction.article_id, correction.id))
             : absl::OkStatus();
}

}  // namespace

std::string CorrectionName(absl::string_view article_id, absl::string_view id) {
  return absl::StrCat(ArticleName(article_id), "/corrections/", id);
}

void CheckCorrectionText(CorrectionText& said, FieldViolations& violations) {
  CheckRichText("correction.text", said.text, kMaxText, /*required=*/true, violations);
}

absl::Status Correct(Article& article, absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kCorrect));
  ++article.correction_count;
  NoteChangedCorrection(article, now);
  return absl::OkStatus();
}

absl::Status Reword(Correction& correction, CorrectionText said, absl::Time now) {
  RETURN_IF_ERROR(CheckStands(correction));
  ++correction.version;
  correction.said = std::move(said);
  correction.update_time = now;
  return absl::OkStatus();
}

absl::Status Withdraw(Correction& correction, Article& article, const std::string& reason, absl::Time now) {
  RETURN_IF_ERROR(CheckStands(correction));
  ++correction.version;
  correction.withdraw_time = now;
  correction.withdrawal_reason = reason;
  correction.update_time = now;
  --article.correction_count;
  return absl::OkStatus();
}

bool NoteChangedCorrection(Article& article, absl::Time now) {
  article.update_time = now;
  if (article.state != Article::State::kPublished) return false;
  article.content_update_time = now;
  return true;
}

}  // namespace masthead::articles
