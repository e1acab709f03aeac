// The face of routes.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/crypto/seal.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "google/protobuf/empty.pb.h"
#include "masthead/notifications/v1/route_service.pb.h"
#include "services/notifications/dkim/key_ring.h"
#include "services/notifications/routes/route.h"

namespace masthead::notifications {

class RouteService {
 public:
  // `database`, `passwords_key` (of kRoutePasswords) and `keys` outlive this. `route` is the default one.
  RouteService(db::Database& database, const crypto::MacKey& key, const crypto::SealingKey& passwords_key,
               dkim::KeyRing& keys, Route route);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Route> Create(const Call&, const v1::CreateRouteRequest&);
  absl::StatusOr<v1::Route> Get(const Call&, const v1::GetRouteRequest&);
  absl::StatusOr<v1::ListRoutesResponse> List(const Call&, const v1::ListRoutesRequest&);
  absl::StatusOr<v1::Route> Update(const Call&, const v1::UpdateRouteRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteRouteRequest&);

  // ROUTE_DKIM_MISSING unless there is a key for each of its signatures.
  absl::Status CheckKeys(const Route& route);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  const crypto::SealingKey& passwords_key_;
  dkim::KeyRing& keys_;
  const Route default_route_;
  rpc::Service service_;
};

}  // namespace masthead::notifications
