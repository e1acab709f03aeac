#include "services/memberships/gifts/gift_codes.h"

#include "absl/strings/str_cat.h"

namespace masthead::memberships {

std::string GiftCodes::CodeOf(const Gift& gift, int32_t delivery) const {
  return crypto::Base64Url(key_.Sign(absl::StrCat(gift.id, "/", delivery)));
}

}  // namespace masthead::memberships
