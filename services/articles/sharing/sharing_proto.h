// Preview links and gift links on the wire. Digests stay behind.
#pragma once

#include "absl/time/time.h"
#include "masthead/articles/v1/sharing.pb.h"
#include "services/articles/links/link.h"

namespace masthead::articles {

v1::PreviewLink ToProto(const PreviewLink& link, absl::Time now);
v1::GiftLink ToProto(const GiftLink& link, absl::Time now);

}  // namespace masthead::articles
