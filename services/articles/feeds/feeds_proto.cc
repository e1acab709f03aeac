#include "services/articles/feeds/feeds_proto.h"

#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/resource/timestamp.h"

namespace masthead::articles {

v1::RenderedDocument ToProto(Rendered rendered, const std::string& if_none_match) {
  constexpr size_t kEtagBytes = 12;
  const std::string digest = crypto::Sha256(rendered.text).substr(0, kEtagBytes);
  v1::RenderedDocument proto;
  v1::CachePolicy& cache = *proto.mutable_cache();
  cache.set_scope(v1::CachePolicy::PUBLIC);
  cache.mutable_max_age()->set_seconds(absl::ToInt64Seconds(rendered.max_age));
  cache.set_etag(absl::StrCat("\"", absl::BytesToHexString(digest), "\""));
  std::set<std::string> told;
  for (std::string& key : rendered.surrogate_keys) {
    if (told.insert(key).second) cache.add_surrogate_keys(std::move(key));
  }
  if (rendered.last_modified) *proto.mutable_last_modified() = resource::ToTimestamp(*rendered.last_modified);
  if (if_none_match == cache.etag()) {
    proto.mutable_not_modified();
  } else {
    proto.mutable_document()->set_content_type(std::move(rendered.content_type));
    proto.mutable_document()->set_text(std::move(rendered.text));
  }
  return proto;
}

}  // namespace masthead::articles
