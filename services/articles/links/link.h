// Links that open one article to whoever holds their secret: the domain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"

namespace masthead::articles {

enum class LinkState { kActive, kExpired, kRevoked, kUsedUp };

// What both kinds of links have.
struct Link {
  std::string id;
  std::string article_id;
  std::string digest;   // Of the secret.
  std::string creator;  // The subject of who made it.
  absl::Time create_time;
  absl::Time expire_time;
  std::optional<absl::Time> revoke_time;
};

// Shows an article that readers may not have yet.
struct PreviewLink : Link {
  int64_t revision = 0;  // 0: the working copy.
};

// Lets others read a published article as its giver may.
struct GiftLink : Link {
  int32_t max_redemptions = 0;
  int32_t redemption_count = 0;  // Distinct readers who came by it.
};

inline constexpr absl::Duration kMaxPreviewLife = absl::Hours(90 * 24);
inline constexpr absl::Duration kDefaultPreviewLife = absl::Hours(7 * 24);
inline constexpr absl::Duration kMaxGiftLife = absl::Hours(30 * 24);
inline constexpr absl::Duration kDefaultGiftLife = absl::Hours(5 * 24);
inline constexpr int32_t kMaxRedemptions = 1000;
inline constexpr int32_t kDefaultRedemptions = 10;

// A member gives so much and no more.
inline constexpr int kMaxGiftsOfMember = 10;
inline constexpr absl::Duration kGiftPeriod = absl::Hours(30 * 24);

// Active links of one article.
inline constexpr int kMaxPreviewLinks = 100;

LinkState StateAt(const PreviewLink& link, absl::Time now);
LinkState StateAt(const GiftLink& link, absl::Time now);

// Whether a reader who came before may come again.
bool IsOver(const Link& link, absl::Time now);

std::string PreviewLinkName(const PreviewLink& link);
std::string GiftLinkName(const GiftLink& link);

// When a link ends that is made now: as wished, else after `fallback`. A violation of `field` unless that is in the
// future and within `max`.
absl::Time ExpireTime(absl::string_view field, const std::optional<absl::Time>& wish, absl::Time now,
                      absl::Duration fallback, absl::Duration max, FieldViolations& violations);

}  // namespace masthead::articles
