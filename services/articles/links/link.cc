#include "services/articles/links/link.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

LinkState StateOf(const Link& link, absl::Time now) {
  if (link.revoke_time.has_value()) return LinkState::kRevoked;
  return now < link.expire_time ? LinkState::kActive : LinkState::kExpired;
}

}  // namespace

LinkState StateAt(const PreviewLink& link, absl::Time now) { return StateOf(link, now); }

LinkState StateAt(const GiftLink& link, absl::Time now) {
  const LinkState state = StateOf(link, now);
  const bool used_up = state == LinkState::kActive && link.redemption_count >= link.max_redemptions;
  return used_up ? LinkState::kUsedUp : state;
}

bool IsOver(const Link& link, absl::Time now) { return StateOf(link, now) != LinkState::kActive; }

std::string PreviewLinkName(const PreviewLink& link) {
  return absl::StrCat("articles/", link.article_id, "/previewLinks/", link.id);
}

std::string GiftLinkName(const GiftLink& link) {
  return absl::StrCat("articles/", link.article_id, "/giftLinks/", link.id);
}

absl::Time ExpireTime(absl::string_view field, const std::optional<absl::Time>& wish, absl::Time now,
                      absl::Duration fallback, absl::Duration max, FieldViolations& violations) {
  const absl::Time time = wish.value_or(now + fallback);
  if (time <= now || time > now + max) {
    violations.Add(field, absl::StrCat("is not in the future and within ", absl::ToInt64Hours(max) / 24, " days"));
  }
  return time;
}

}  // namespace masthead::articles
