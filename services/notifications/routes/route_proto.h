// Routes on the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/notifications/v1/route_service.pb.h"
#include "services/notifications/routes/route.h"

namespace masthead::notifications {

// Never with the password.
v1::Route ToProto(const Route& route);

// Takes over these fields, checked one by one and together; a password goes to `smtp.password`, unsealed.
void ParseRoute(const v1::Route& proto, const std::set<std::string>& fields, Route& route, FieldViolations& violations);

}  // namespace masthead::notifications
