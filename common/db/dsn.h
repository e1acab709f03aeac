// Connection strings that keep the promises of the fault model: no wait without an end, no write to a demoted primary,
// no password or row in clear text over a network.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::db {

// Takes a libpq connection string or URI and returns a connection string that also says, unless `dsn` does:
//
//   connect_timeout=3 tcp_user_timeout=3000 keepalives=1 keepalives_idle=2 keepalives_interval=1 keepalives_count=2
//   target_session_attrs=read-write application_name=<application_name>, and for hosts other than this one
//   sslmode=verify-full
//
// With libpq's own defaults a network that swallows packets blocks a session for more than ten minutes, and one that
// loses only replies for half of one. Several hosts stay several hosts.
//
// INVALID_ARGUMENT if `dsn` cannot be parsed or asks for less: no or longer time-outs (over 10 s), no keepalives, a
// session that need not be writable, or, for another host, an sslmode that lets anybody in the middle listen (disable,
// allow, prefer). `require` and `verify-ca`, said in so many words, are let pass: the network between may vouch for the
// host.
absl::StatusOr<std::string> HardenDsn(absl::string_view dsn, absl::string_view application_name);

// One connection string for each host that `dsn` names, in that order; `dsn` has been hardened.
std::vector<std::string> SplitHosts(absl::string_view dsn);

}  // namespace masthead::db
