#include "common/idempotency/mutation.h"

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/auth/caller.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/telemetry/trace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace masthead::idempotency {
namespace {

// Returns a row if the claim is ours: nobody made it, or so long ago that it is forgotten. Waits for a twin that is
// still running.
constexpr char kClaim[] = R"sql(
  INSERT INTO idempotency (principal, method, request_id, request_hash)
  VALUES ($1, $2, $3::uuid, $4)
  ON CONFLICT (principal, method, request_id) DO UPDATE
  SET request_hash = EXCLUDED.request_hash, response = NULL, create_time = db_now()
  WHERE idempotency.create_time < db_now() - interval '24 hours'
  RETURNING true
)sql";

constexpr char kLoadAnswer[] = R"sql(
  SELECT request_hash, response
  FROM idempotency
  WHERE principal = $1 AND method = $2 AND request_id = $3::uuid AND response IS NOT NULL
)sql";

constexpr char kFinish[] = R"sql(
  WITH answer AS (
    UPDATE idempotency
    SET response = $4
    WHERE principal = $1 AND method = $2 AND request_id = $3::uuid
  )
  INSERT INTO audit_event (principal, method, request_id, kind, resource, peer, revision_before, revision_after, traceparent)
  VALUES ($1, $2, $3::uuid, $5, $6, $7, $8, $9, $10)
)sql";

constexpr char kAuditMore[] = R"sql(
  INSERT INTO audit_event (principal, method, request_id, kind, resource, peer, revision_before, revision_after, traceparent)
  SELECT $1, $2, $3::uuid, $4, resource, $5, revision_before, revision_after, $6
  FROM unnest($7::text[], $8::bigint[], $9::bigint[]) AS changed (resource, revision_before, revision_after)
)sql";

constexpr char kRemoveExpired[] = R"sql(
  DELETE FROM idempotency
  WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM idempotency
    WHERE create_time < db_now() - interval '24 hours'
    LIMIT 10000
    FOR UPDATE SKIP LOCKED
  ))
)sql";

// Rows come in the order of their numbers, give or take a transaction: if the first are young, so are the others, and
// no index on time is needed.
constexpr char kRemoveAudit[] = R"sql(
  WITH oldest AS (
    SELECT seq, at FROM audit_event ORDER BY seq LIMIT 10000 FOR UPDATE SKIP LOCKED
  )
  DELETE FROM audit_event USING oldest
  WHERE audit_event.seq = oldest.seq AND oldest.at < db_now() - $1::interval
)sql";

// How long a caller should leave a twin that is still running alone.
constexpr absl::Duration kTwinDelay = absl::Milliseconds(500);

struct Claim {
  std::string principal;
  std::string method;
  std::string request_id;
  std::string request_hash;
};

std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream output(&stream);
  output.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&output);
  output.Trim();
  return bytes;
}

std::string HashWithoutRequestId(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  const google::protobuf::FieldDescriptor* field = copy->GetDescriptor()->FindFieldByName("request_id");
  if (field != nullptr) copy->GetReflection()->ClearField(copy.get(), field);
  return crypto::Sha256(Serialize(*copy));
}

bool IsValidateOnly(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("validate_only");
  return field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL &&
         !field->is_repeated() && request.GetReflection()->GetBool(request, field);
}

const char* KindName(auth::Caller::Kind kind) {
  switch (kind) {
    case auth::Caller::Kind::kAnonymous:
      return "ANONYMOUS";
    case auth::Caller::Kind::kMember:
      return "MEMBER";
    case auth::Caller::Kind::kStaff:
      return "STAFF";
    case auth::Caller::Kind::kBackend:
      return "BACKEND";
    case auth::Caller::Kind::kService:
      return "SERVICE";
  }
  return "ANONYMOUS";
}

std::optional<std::string> Traceparent() {
  const telemetry::TraceContext& trace = telemetry::CurrentTrace();
  if (trace.trace_id.empty()) return std::nullopt;
  return trace.ToTraceparent();
}

absl::Status InProgress(const std::string& request_id) {
  return WithRetry(
      MakeError(
          absl::StatusCode::kAborted, "a call with this request_id is still running; try again",
          {.domain = kCommonErrorDomain, .reason = "REQUEST_IN_PROGRESS", .metadata = {{"request_id", request_id}}}),
      kTwinDelay);
}

absl::Status GiveStoredAnswer(db::Transaction& tx, const Claim& claim, google::protobuf::Message& response) {
  const pqxx::result rows = tx.Query(kLoadAnswer, claim.principal, claim.method, claim.request_id);
  // It expired and went between the two statements.
  if (rows.empty()) return InProgress(claim.request_id);
  if (db::ReadBytes(rows[0][0]) != claim.request_hash) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "this request_id was used for another request; choose a new one",
        {.domain = kCommonErrorDomain, .reason = "REQUEST_ID_REUSED", .metadata = {{"request_id", claim.request_id}}});
  }
  if (!response.ParseFromString(db::ReadBytes(rows[0][1])))
    return absl::InternalError("a stored answer cannot be parsed");
  return absl::OkStatus();
}

void Finish(db::Transaction& tx, const rpc::Call& call, const Claim& claim, const Change& change,
            const google::protobuf::Message& response) {
  tx.Query(kFinish, claim.principal, claim.method, claim.request_id, db::Bytes{Serialize(response)},
           KindName(call.caller->kind), change.resource, call.peer, change.revision_before, change.revision_after,
           Traceparent());
  if (change.others.empty()) return;
  std::vector<std::string> resources;
  std::vector<int64_t> before;
  std::vector<int64_t> after;
  for (const Change& other : change.others) {
    resources.push_back(other.resource);
    before.push_back(other.revision_before);
    after.push_back(other.revision_after);
  }
  tx.Query(kAuditMore, claim.principal, claim.method, claim.request_id, KindName(call.caller->kind), call.peer,
           Traceparent(), db::TextArray(resources), db::Int64Array(before), db::Int64Array(after));
}

absl::StatusOr<std::string> CheckedRequestId(const std::string& request_id) {
  if (request_id.empty()) return ids::NewUuid();
  std::string lower = absl::AsciiStrToLower(request_id);
  if (ids::IsUuid(lower)) return lower;
  FieldViolations violations;
  violations.Add("request_id", "must be a UUID");
  return violations.ToStatus();
}

using AnyBody = absl::FunctionRef<absl::Status(db::Transaction&, Change&)>;

absl::Status Validate(db::Database& database, const rpc::Call& call, AnyBody body) {
  bool valid = false;
  absl::Status status = database.Write(call.scope, [&](db::Transaction& tx) {
    Change change;
    RETURN_IF_ERROR(body(tx, change));
    valid = true;
    return absl::CancelledError("validate_only");  // Rolls back; nobody sees it.
  });
  return valid ? absl::OkStatus() : status;
}

}  // namespace

absl::Status MutateAny(db::Database& database, const rpc::Call& call, const google::protobuf::Message& request,
                       const std::string& request_id, google::protobuf::Message& response, AnyBody body) {
  ASSIGN_OR_RETURN(std::string checked_id, CheckedRequestId(request_id));
  if (IsValidateOnly(request)) return Validate(database, call, body);

  const Claim claim = {.principal = call.caller->principal(),
                       .method = std::string(call.method),
                       .request_id = std::move(checked_id),
                       .request_hash = HashWithoutRequestId(request)};
  bool claiming = false;
  absl::Status status = database.Write(call.scope, [&](db::Transaction& tx) {
    claiming = true;
    const bool ours =
        !tx.Query(kClaim, claim.principal, claim.method, claim.request_id, db::Bytes{claim.request_hash}).empty();
    claiming = false;
    if (!ours) return GiveStoredAnswer(tx, claim, response);
    failpoint::Hit("idempotency.claimed");

    Change change;
    RETURN_IF_ERROR(body(tx, change));
    Finish(tx, call, claim, change, response);
    failpoint::Hit("idempotency.before_commit");
    return absl::OkStatus();
  });
  // The lock that was not given is the one on the twin's claim.
  if (claiming && absl::IsAborted(status)) return InProgress(claim.request_id);
  return status;
}

int64_t RemoveExpired(db::Transaction& tx) { return static_cast<int64_t>(tx.Query(kRemoveExpired).affected_rows()); }

int64_t RemoveAudit(db::Transaction& tx, absl::Duration age) {
  return static_cast<int64_t>(tx.Query(kRemoveAudit, age).affected_rows());
}

}  // namespace masthead::idempotency
