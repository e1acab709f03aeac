// Suppressions on the wire.
#pragma once

#include "common/base/errors.h"
#include "masthead/notifications/v1/suppression.pb.h"
#include "services/notifications/suppressions/suppression.h"

namespace masthead::notifications {

v1::Suppression ToProto(const Suppression& suppression);

// Reason, scope and end, checked.
Suppression ParseSuppression(const v1::Suppression& proto, FieldViolations& violations);

}  // namespace masthead::notifications
