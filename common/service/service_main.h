// What the three binaries have in common: flags, database, identity, server, metrics, migration, drain. A service's
// main.cc says what is its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/auth/key_set.h"
#include "common/auth/transport.h"
#include "common/base/scope.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/db/migrations.h"
#include "common/rpc/service.h"
#include "grpcpp/channel.h"

namespace masthead::service {

// What the process offers to a service while it serves.
class Platform {
 public:
  virtual ~Platform() = default;

  virtual db::Database& database() = 0;
  virtual const Clock& clock() = 0;
  // The service's secret for page tokens, cursors and links; derive one key per purpose.
  virtual const crypto::MacKey& mac_key() = 0;
  // A channel to another service of the suite, with our own certificate: `memberships` takes --memberships_target.
  virtual std::shared_ptr<grpc::Channel> ChannelTo(const std::string& service) = 0;
};

// The parts of a running service. Made before the server starts, destroyed after it has drained.
class Parts {
 public:
  virtual ~Parts() = default;

  virtual std::vector<const rpc::Service*> services() = 0;
  virtual void StartWorkers() = 0;
  // Before the server drains: no new work is begun, what is leased is finished or left to its lease.
  virtual void StopWorkers() = 0;
  // Clears away one batch of what is the service's own and old, as maintenance does now and then; whether more may be
  // left. What belongs to audit rows goes when they do.
  virtual absl::StatusOr<bool> ClearAway(const Scope&, absl::Duration /*audit_kept*/) { return false; }
  // Beyond the database and the schema, which are always watched.
  virtual absl::Status Ready() { return absl::OkStatus(); }
};

// A subcommand besides `serve` and `migrate`, for operators: gets the service's database and the arguments after its
// name, returns the exit status.
using Command = std::function<int(db::Database& database, const std::vector<std::string>& arguments)>;

struct Definition {
  std::string name;  // `articles`
  absl::Span<const db::Migration> schema;
  // Where the keys come from that callers' tokens are verified with.
  std::function<absl::StatusOr<std::unique_ptr<auth::KeySet>>(Platform&)> keys;
  std::function<absl::StatusOr<std::unique_ptr<Parts>>(Platform&)> build;
  std::map<std::string, Command> commands = {};
};

// The whole of main(): `masthead-<name> [serve|migrate|<command>] [--flags]`. Returns the exit status. `serve` alone
// reads keys and certificates: the others need the database and no secret but its.
int Main(int argc, char** argv, const Definition& definition);

}  // namespace masthead::service
