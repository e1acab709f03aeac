#include "services/notifications/sending/short_texts.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/message_values.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr size_t kMaxFilled = 128;

// Whether another attempt would meet the same.
bool IsForGood(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status);
}

}  // namespace

absl::StatusOr<ShortText> ShortTexts::TextFor(const Message& message, const Due& due) {
  const Key key(message.number, due.variant, due.locale);
  const auto found = filled_.find(key);
  if (found != filled_.end()) return found->second;
  absl::StatusOr<ShortText> filled = Fill(message, due);
  if (!filled.ok() && !IsForGood(filled.status())) return filled;
  if (filled_.size() == kMaxFilled) filled_.erase(filled_.begin());  // The oldest message's.
  return filled_.emplace(key, std::move(filled)).first->second;
}

absl::StatusOr<ShortText> ShortTexts::Fill(const Message& message, const Due& due) {
  struct Parts {
    Values values;
    std::optional<TemplateText> text;
  };
  const Scope patience = {.deadline = absl::Now() + kPatience};
  ASSIGN_OR_RETURN(const Parts parts, database_.Read(patience, [&](db::Transaction& tx) {
    Variant said = {.template_id = message.template_id, .template_revision = message.template_revision, .values = {}};
    for (Variant& variant : LoadVariants(tx, message.number)) {
      if (variant.number == due.variant) said = std::move(variant);
    }
    return Parts{std::move(said.values), LoadTemplateText(tx, said.template_id, said.template_revision, due.locale)};
  }));
  if (!parts.text) return absl::InternalError(absl::StrCat("no text of template ", message.template_id));
  Values values = ValuesOf(message, parts.values);
  values.insert_or_assign(kUnsubscribeUrlName, "");  // It has no room here: telephones and applications have settings.
  ASSIGN_OR_RETURN(ShortText filled, FillShortText(*parts.text, values));
  if (filled.push_body.empty()) filled.push_body = message.alert.dek;
  if (filled.push_url.empty()) filled.push_url = message.alert.url;
  return filled;
}

}  // namespace masthead::notifications
