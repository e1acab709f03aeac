// What requests about links have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "common/resource/timestamp.h"
#include "services/articles/links/link.h"
#include "services/articles/links/link_store.h"

namespace masthead::articles {

inline constexpr int kDefaultLinksPage = 20;
inline constexpr int kMaxLinksPage = 100;

// What somebody who makes a link wants of it.
struct LinkWish {
  std::string article_id;
  std::string expire_field;
  std::optional<absl::Time> expire_time;

  // INVALID_FIELD.
  absl::StatusOr<absl::Time> ExpireTimeAt(absl::Time now, absl::Duration fallback, absl::Duration max) const;
};

// `parent`, and the expire_time of the link in the request's `field`.
std::string ReadParent(absl::string_view parent, FieldViolations& violations);

template <typename LinkProto>
LinkWish ReadLinkWish(absl::string_view parent, absl::string_view field, bool is_set, const LinkProto& link,
                      FieldViolations& violations) {
  LinkWish wish = {ReadParent(parent, violations), absl::StrCat(field, ".expire_time"), std::nullopt};
  if (!is_set) violations.Add(field, "is required");
  if (link.has_expire_time()) {
    wish.expire_time = resource::ParseTimestamp(wish.expire_field, link.expire_time(), violations);
  }
  return wish;
}

struct LinkId {
  std::string article_id;
  std::string link_id;
};

// INVALID_FIELD unless `name` is of that pattern.
absl::StatusOr<LinkId> ParseLinkId(absl::string_view name, absl::string_view pattern);

// Page tokens.
std::vector<std::string> LinkKeys(const Link& link);
std::optional<LinkPosition> ReadLinkPosition(const std::vector<std::string>& keys);

}  // namespace masthead::articles
