#include "services/notifications/webpush/push_errors.h"

#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications::webpush {

absl::Status PushNotSetUp() {
  return MakeError(absl::StatusCode::kFailedPrecondition, "the newspaper has no key for web push",
                   {kErrorDomain, "PUSH_NOT_SET_UP", {}});
}

}  // namespace masthead::notifications::webpush
