// Invoices, to the wire.
#pragma once

#include <optional>

#include "common/base/errors.h"
#include "masthead/memberships/v1/invoice.pb.h"
#include "services/memberships/books/invoice.h"

namespace masthead::memberships {

v1::Invoice ToProto(const Invoice& invoice);

// Unset for none.
std::optional<Invoice::State> ParseState(v1::Invoice::State state, FieldViolations& violations);

}  // namespace masthead::memberships
