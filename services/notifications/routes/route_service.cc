#include "services/notifications/routes/route_service.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/routes/route_errors.h"
#include "services/notifications/routes/route_password.h"
#include "services/notifications/routes/route_proto.h"
#include "services/notifications/routes/route_store.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr char kPattern[] = "routes/*";
constexpr absl::string_view kMutableFields[] = {"host",
                                                "port",
                                                "tls",
                                                "user",
                                                "password",
                                                "dkim_domain",
                                                "dkim_selectors",
                                                "max_connections",
                                                "rate_per_minute",
                                                "warm_up",
                                                "domain_rate_per_minute"};

}  // namespace

RouteService::RouteService(db::Database& database, const crypto::MacKey& key, const crypto::SealingKey& passwords_key,
                           dkim::KeyRing& keys, Route route)
    : database_(database),
      page_tokens_(key),
      passwords_key_(passwords_key),
      keys_(keys),
      default_route_(std::move(route)),
      service_(*v1::CreateRouteRequest::descriptor()->file()->FindServiceByName("RouteService")) {
  service_.Unary("CreateRoute", this, &RouteService::Create);
  service_.Unary("GetRoute", this, &RouteService::Get);
  service_.Unary("ListRoutes", this, &RouteService::List);
  service_.Unary("UpdateRoute", this, &RouteService::Update);
  service_.Unary("DeleteRoute", this, &RouteService::Delete);
}

absl::Status RouteService::CheckKeys(const Route& route) {
  for (const std::string& selector : route.dkim_selectors) {
    if (keys_.Find(route.dkim_domain, selector) == nullptr) {
      return RouteDkimMissing(RouteName(route.id), route.dkim_domain, selector);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Route> RouteService::Create(const Call& call, const v1::CreateRouteRequest& request) {
  FieldViolations violations;
  if (!ids::IsResourceId(request.route_id())) {
    violations.Add("route_id", "must match [a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  }
  Route wanted;
  ParseRoute(request.route(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  wanted.id = request.route_id();
  if (wanted.id == kDefaultRoute) return RouteExists(RouteName(wanted.id));
  RETURN_IF_ERROR(CheckKeys(wanted));
  wanted.sealed_password = SealPassword(passwords_key_, wanted.id, wanted.smtp.password);

  return idempotency::Mutate<v1::Route>(database_, call, request,
                                        [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Route> {
                                          Route route = wanted;
                                          if (!request.route().warm_up().has_start_time())
                                            route.warm_up_start = db::Now(tx);
                                          if (!InsertRoute(tx, route)) return RouteExists(RouteName(route.id));
                                          change = {.resource = RouteName(route.id), .revision_after = route.revision};
                                          return ToProto(*LoadRoute(tx, route.id, default_route_));
                                        });
}

absl::StatusOr<v1::Route> RouteService::Get(const Call& call, const v1::GetRouteRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  if (ids[0] == kDefaultRoute) return ToProto(default_route_);
  ASSIGN_OR_RETURN(const std::optional<Route> route, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadRoute(tx, ids[0], default_route_);
  }));
  if (!route) return RouteNotFound(request.name());
  return ToProto(*route);
}

absl::StatusOr<v1::ListRoutesResponse> RouteService::List(const Call& call, const v1::ListRoutesRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  const std::string after = keyset.empty() ? "" : keyset[0];
  ASSIGN_OR_RETURN(std::vector<Route> routes, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadRoutes(tx, after, page_size + 1, default_route_);
  }));
  if (keyset.empty()) routes.insert(routes.begin(), default_route_);
  v1::ListRoutesResponse response;
  for (const Route& route : routes) {
    if (response.routes_size() == page_size) {
      const Route& last = routes[static_cast<size_t>(page_size) - 1];
      // What is before all IDs, where the default route alone filled the page.
      const std::string key_of_last = last.id == kDefaultRoute ? "" : last.id;
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {key_of_last}));
      break;
    }
    *response.add_routes() = ToProto(route);
  }
  return response;
}

absl::StatusOr<v1::Route> RouteService::Update(const Call& call, const v1::UpdateRouteRequest& request) {
  const v1::Route& wanted = request.route();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("route.name", wanted.name(), kPattern));
  if (ids[0] == kDefaultRoute) return RouteBuiltIn(wanted.name());
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), wanted, kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Route>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Route> {
        std::optional<Route> route = LockRoute(tx, ids[0], default_route_);
        if (!route) return RouteNotFound(wanted.name());
        RETURN_IF_ERROR(resource::CheckEtag(wanted.etag(), route->revision, wanted.name()));
        change = {.resource = wanted.name(), .revision_before = route->revision};
        FieldViolations together;
        ParseRoute(wanted, fields, *route, together);
        RETURN_IF_ERROR(together.ToStatus());
        RETURN_IF_ERROR(CheckKeys(*route));
        if (!route->smtp.password.empty()) {
          route->sealed_password = SealPassword(passwords_key_, route->id, route->smtp.password);
        }
        if (route->smtp.user.empty()) route->sealed_password.clear();
        if (fields.contains("warm_up") && !wanted.warm_up().has_start_time()) route->warm_up_start = db::Now(tx);
        SaveRoute(tx, *route);
        change.revision_after = route->revision;
        return ToProto(*LoadRoute(tx, route->id, default_route_));
      });
}

absl::StatusOr<google::protobuf::Empty> RouteService::Delete(const Call& call, const v1::DeleteRouteRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  if (ids[0] == kDefaultRoute) return RouteBuiltIn(request.name());
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        const std::optional<Route> route = LockRoute(tx, ids[0], default_route_);
        if (!route) return RouteNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), route->revision, request.name()));
        change = {.resource = request.name(), .revision_before = route->revision};
        RemoveRoute(tx, route->id);
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::notifications
