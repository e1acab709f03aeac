// The one way to change something on behalf of a caller: an effect, its audit row and the answer to give again commit
// together.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

namespace masthead::idempotency {

// What the audit row says about a change; the body fills it in.
struct Change {
  std::string resource;  // `articles/0191...`
  int64_t revision_before = 0;
  int64_t revision_after = 0;
  // What else the same call changes: an audit row each.
  std::vector<Change> others = {};
};

// The part of Mutate that does not depend on types. `body` leaves its answer in `response`. For one change of a stream,
// whose requests bear no request_id, that is empty.
absl::Status MutateAny(db::Database& database, const rpc::Call& call, const google::protobuf::Message& request,
                       const std::string& request_id, google::protobuf::Message& response,
                       absl::FunctionRef<absl::Status(db::Transaction&, Change&)> body);

// Runs a change once per (principal, method, request_id), for ever as far as the caller can tell (24 hours are kept).
//
// In one transaction: claims the request_id, runs `body(tx, change)`, stores the answer and an audit row. A repetition
// with the same request gets the stored answer; with another request INVALID_ARGUMENT, REQUEST_ID_REUSED; while the
// first still runs it waits up to a second, then ABORTED, REQUEST_IN_PROGRESS. Only OK is stored: a refused call may be
// mended and repeated. A request without request_id gets one of its own, so that a commit whose answer was lost is
// recognised within the call. With `validate_only` in the request (where it has that field) everything is rolled back,
// and nothing is claimed or stored. INVALID_FIELD if request_id is no UUID.
//
// `body` may run more than once (db::Database::Write); only its last run has an effect. `Request` has a string field
// request_id (AIP-155).
//
// Costs four round trips beside those of `body`: BEGIN, the claim, the answer with the audit row, COMMIT.
template <typename Response, typename Request, typename Body>
absl::StatusOr<Response> Mutate(db::Database& database, const rpc::Call& call, const Request& request, Body&& body) {
  Response response;
  absl::Status status =
      MutateAny(database, call, request, request.request_id(), response, [&](db::Transaction& tx, Change& change) {
        absl::StatusOr<Response> result = body(tx, change);
        if (!result.ok()) return result.status();
        response = *std::move(result);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return response;
}

// Forgets answers older than 24 hours, up to 10,000 of them, and returns how many. For a worker: until it returns 0.
int64_t RemoveExpired(db::Transaction& tx);

// The least time that audit rows are kept; the database itself refuses to lose younger ones.
inline constexpr absl::Duration kLeastAuditRetention = absl::Hours(30 * 24);

// Removes audit rows older than `age`, up to 10,000 of them, and returns how many. For a worker: until it returns 0.
int64_t RemoveAudit(db::Transaction& tx, absl::Duration age);

}  // namespace masthead::idempotency
