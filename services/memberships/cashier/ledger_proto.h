// What the books say, to the wire.
#pragma once

#include "masthead/memberships/v1/ledger.pb.h"
#include "services/memberships/books/ledger.h"

namespace masthead::memberships {

v1::LedgerTransaction ToProto(const LedgerTransaction& transaction);

}  // namespace masthead::memberships
