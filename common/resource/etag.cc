#include "common/resource/etag.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::resource {

std::string Etag(int64_t revision) { return absl::StrCat("\"", absl::Hex(revision), "\""); }

absl::Status CheckEtag(absl::string_view etag, int64_t revision, absl::string_view resource_name) {
  if (etag == "*") return absl::OkStatus();
  if (etag.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "send the etag of the resource as you read it, or \"*\"",
                     {kCommonErrorDomain, "ETAG_REQUIRED"});
  }
  const std::string current = Etag(revision);
  if (etag == current) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted,
                   absl::StrCat(resource_name, " was changed since its etag was read: read it again"),
                   {kCommonErrorDomain, "ETAG_MISMATCH", {{"name", std::string(resource_name)}, {"etag", current}}});
}

}  // namespace masthead::resource
