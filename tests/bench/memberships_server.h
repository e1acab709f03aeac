// The memberships service in a process of its own, for what is measured of it.
#pragma once

#include <string>

#include "services/memberships/memberships.h"

namespace masthead::memberships {

// The RPCs without the workers, plain text on loopback, until the parent lets go; letters go nowhere. Tells, after the
// port, the token of a backend that reads and writes members. For a ServerProcess.
int ServeMemberships(const std::string& dsn, int connections, const Settings& settings = {});

}  // namespace masthead::memberships
