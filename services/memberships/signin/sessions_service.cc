#include "services/memberships/signin/sessions_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/signin/session_store.h"
#include "services/memberships/signin/sign_in_errors.h"
#include "services/memberships/signin/sign_in_proto.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxRefreshToken = 200;

// A member looks after the member's own sessions, support after members'; those of staff are for who hands out tokens,
// and for administrators.
absl::Status CheckMayManage(const auth::Caller& caller, const SessionOwner& owner) {
  if (!owner.member_id.empty()) return CheckOwn(caller, owner.member_id);
  const bool is_admin = caller.kind == auth::Caller::Kind::kStaff && caller.HasRole("admin");
  return is_admin || caller.kind == auth::Caller::Kind::kBackend ? absl::OkStatus() : NotOwnResource();
}

bool SameOwner(const SessionOwner& a, const SessionOwner& b) {
  return a.member_id == b.member_id && a.staff_id == b.staff_id;
}

void ReportReuse() {
  static prometheus::Counter& reuses = telemetry::Counter(
      "masthead_refresh_token_reuses_total", "Sessions ended because a used refresh token was shown again.");
  reuses.Increment();
  telemetry::Warning("a used refresh token was shown again; its session is ended");
}

}  // namespace

void SessionsService::Register(rpc::Service& service) {
  service.Unary("RefreshSession", this, &SessionsService::Refresh);
  service.Unary("CheckSession", this, &SessionsService::Check);
  service.Unary("ListSessions", this, &SessionsService::List);
  service.Unary("RevokeSession", this, &SessionsService::Revoke);
  service.Unary("RevokeAllSessions", this, &SessionsService::RevokeAll);
}

absl::StatusOr<v1::RefreshSessionResponse> SessionsService::Refresh(const Call& call,
                                                                    const v1::RefreshSessionRequest& request) {
  FieldViolations violations;
  if (!request.request_id().empty() && !ids::IsUuid(request.request_id())) {
    violations.Add("request_id", "must be a UUID");
  }
  if (request.refresh_token().size() > kMaxRefreshToken) violations.Add("refresh_token", "must have at most 200 bytes");
  RETURN_IF_ERROR(violations.ToStatus());
  const std::optional<ShownRefreshToken> shown = ParseRefreshToken(request.refresh_token());
  if (!shown) return SessionOver();
  // One of its own recognises a commit whose answer was lost.
  const std::string refresh_id = request.request_id().empty() ? ids::NewUuid() : request.request_id();

  bool reused = false;
  absl::StatusOr<v1::RefreshSessionResponse> refreshed =
      database_.Write(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::RefreshSessionResponse> {
        std::optional<Session> session = LockSession(tx, shown->session_id);
        const absl::Time now = db::Now(tx);
        v1::RefreshSessionResponse response;
        reused = false;
        if (!session || !secrets_.IsOwn(*session, *shown) || !IsLive(*session, now)) return SessionOver();
        const bool repeated = shown->generation == session->generation - 1 && session->last_refresh_id == refresh_id;
        if (shown->generation != session->generation && !repeated) {
          // To be committed: the answer follows from an empty response.
          EndSession(tx, session->id, "TOKEN_REUSED");
          reused = true;
          return response;
        }
        if (!repeated) {
          ++session->generation;
          session->last_refresh_id = refresh_id;
          session->refresh_time = now;
          session->expire_time = now + kSessionLifetime;
          SaveRefresh(tx, *session);
        }
        absl::StatusOr<v1::AccessToken> token = session->owner.member_id.empty()
                                                    ? tokens_.ForStaff(tx, session->owner.staff_id)
                                                    : tokens_.ForMember(tx, session->owner.member_id);
        if (!token.ok()) return SessionOver();
        *response.mutable_access_token() = *std::move(token);
        *response.mutable_session() = ToProto(*session);
        response.set_refresh_token(secrets_.RefreshToken(*session));
        return response;
      });
  if (!refreshed.ok() || !reused) return refreshed;
  ReportReuse();
  return SessionOver();
}

absl::StatusOr<v1::Session> SessionsService::Check(const Call& call, const v1::CheckSessionRequest& request) {
  FieldViolations violations;
  const SessionId name = ParseSessionName("name", request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckMayManage(*call.caller, name.owner));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Session> {
    const std::optional<Session> session = LoadSession(tx, name.id);
    if (!session || !SameOwner(session->owner, name.owner) || !IsLive(*session, db::Now(tx))) return SessionOver();
    return ToProto(*session);
  });
}

absl::StatusOr<v1::ListSessionsResponse> SessionsService::List(const Call& call,
                                                               const v1::ListSessionsRequest& request) {
  FieldViolations violations;
  const SessionOwner owner = ParseSessionOwner("parent", request.parent(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckMayManage(*call.caller, owner));
  ASSIGN_OR_RETURN(const std::vector<Session> sessions,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadSessions(tx, owner); }));
  v1::ListSessionsResponse response;
  for (const Session& session : sessions) *response.add_sessions() = ToProto(session);
  return response;
}

absl::StatusOr<v1::Session> SessionsService::Revoke(const Call& call, const v1::RevokeSessionRequest& request) {
  FieldViolations violations;
  const SessionId name = ParseSessionName("name", request.name(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckMayManage(*call.caller, name.owner));
  return idempotency::Mutate<v1::Session>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Session> {
        const std::optional<Session> session = LockSession(tx, name.id);
        if (!session || !SameOwner(session->owner, name.owner)) return SessionNotFound(request.name());
        EndSession(tx, name.id, "REVOKED");
        change.resource = request.name();
        return ToProto(*LoadSession(tx, name.id));
      });
}

absl::StatusOr<v1::RevokeAllSessionsResponse> SessionsService::RevokeAll(const Call& call,
                                                                         const v1::RevokeAllSessionsRequest& request) {
  FieldViolations violations;
  const SessionOwner owner = ParseSessionOwner("parent", request.parent(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckMayManage(*call.caller, owner));
  return idempotency::Mutate<v1::RevokeAllSessionsResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::RevokeAllSessionsResponse> {
        v1::RevokeAllSessionsResponse response;
        response.set_revoked(EndSessions(tx, owner));
        change.resource = request.parent();
        return response;
      });
}

}  // namespace masthead::memberships
