#include "common/service/service_main.h"

#include <csignal>
#include <optional>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/authenticator.h"
#include "common/base/status_macros.h"
#include "common/config/config.h"
#include "common/http/listener.h"
#include "common/idempotency/mutation.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/service/maintenance.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"

ABSL_FLAG(std::string, grpc_listen, "0.0.0.0:8443", "Address to serve gRPC on, with TLS.");
ABSL_FLAG(std::string, health_listen, "0.0.0.0:8081",
          "Address of the plain-text health service, for kubelet's probes.");
ABSL_FLAG(std::string, http_listen, "0.0.0.0:9464", "Address to serve /metrics on.");
ABSL_FLAG(bool, insecure_loopback, false,
          "Serve and call without TLS. Only on loopback addresses, only for development.");
ABSL_FLAG(std::string, tls_certificate_file, "", "PEM file: this service's certificate, then intermediates.");
ABSL_FLAG(std::string, tls_key_file, "", "PEM file: the certificate's private key.");
ABSL_FLAG(std::string, tls_ca_file, "", "PEM file: the authorities that both ends trust.");
ABSL_FLAG(std::string, database_dsn_file, "", "File with the libpq connection string of this service's schema.");
ABSL_FLAG(int, database_connections, 6, "Connections to the database at most.");
ABSL_FLAG(absl::Duration, audit_retention, absl::Hours(400 * 24),
          "How long it is kept who changed what; 720h at least.");
ABSL_FLAG(std::string, mac_key_file, "", "File with 32 or more random bytes: signs page tokens, cursors and links.");
ABSL_FLAG(int, executor_threads, 6, "Threads that run handlers.");
ABSL_FLAG(int, max_queued_calls, 256, "Calls that may wait for a thread; more are refused.");
ABSL_FLAG(std::string, log_calls, "faults", "Calls that leave a line in the log: none, faults (of ours) or all.");
ABSL_FLAG(bool, reflection, true, "Serve gRPC reflection.");
ABSL_FLAG(std::string, articles_target, "", "gRPC target of the articles service.");
ABSL_FLAG(std::string, memberships_target, "", "gRPC target of the memberships service.");
ABSL_FLAG(std::string, notifications_target, "", "gRPC target of the notifications service.");
ABSL_FLAG(absl::Duration, lame_duck_quiet, absl::Seconds(2), "Time without a new call after which a drain goes on.");
ABSL_FLAG(absl::Duration, drain_timeout, absl::Seconds(25), "Time for calls in flight to finish in a drain.");

namespace masthead::service {
namespace {

constexpr absl::Duration kPingPatience = absl::Seconds(1);

bool IsLoopback(absl::string_view address) {
  return absl::StartsWith(address, "127.0.0.1:") || absl::StartsWith(address, "[::1]:") ||
         absl::StartsWith(address, "localhost:");
}

absl::StatusOr<std::string> TargetOf(const std::string& service) {
  std::string target;
  if (service == "articles") target = absl::GetFlag(FLAGS_articles_target);
  if (service == "memberships") target = absl::GetFlag(FLAGS_memberships_target);
  if (service == "notifications") target = absl::GetFlag(FLAGS_notifications_target);
  if (target.empty()) return absl::InvalidArgumentError(absl::StrCat("--", service, "_target is missing"));
  return target;
}

absl::StatusOr<crypto::MacKey> ReadMacKey() {
  ASSIGN_OR_RETURN(const std::string secret, config::ReadSecretFile(absl::GetFlag(FLAGS_mac_key_file)));
  return crypto::MacKey::FromBytes(secret);
}

class Process final : public Platform {
 public:
  Process(db::Database& database, crypto::MacKey mac_key) : database_(database), mac_key_(std::move(mac_key)) {}

  db::Database& database() override { return database_; }
  const Clock& clock() override { return Clock::System(); }
  const crypto::MacKey& mac_key() override { return mac_key_; }

  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& service) override {
    const absl::StatusOr<std::string> target = TargetOf(service);
    if (!target.ok()) {
      telemetry::Error(target.status().message());
      std::exit(1);
    }
    const auto credentials =
        absl::GetFlag(FLAGS_insecure_loopback) ? grpc::InsecureChannelCredentials() : auth::TlsClient(Files());
    return rpc::Connect(*target, credentials);
  }

  static auth::TlsFiles Files() {
    return {.certificate_file = absl::GetFlag(FLAGS_tls_certificate_file),
            .key_file = absl::GetFlag(FLAGS_tls_key_file),
            .ca_file = absl::GetFlag(FLAGS_tls_ca_file)};
  }

 private:
  db::Database& database_;
  const crypto::MacKey mac_key_;
};

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials() {
  if (!absl::GetFlag(FLAGS_insecure_loopback)) {
    const auth::TlsFiles files = Process::Files();
    if (files.certificate_file.empty() || files.key_file.empty() || files.ca_file.empty()) {
      return absl::InvalidArgumentError("--tls_certificate_file, --tls_key_file and --tls_ca_file are needed");
    }
    RETURN_IF_ERROR(auth::CheckTlsFiles(files));
    return auth::TlsServer(files);
  }
  if (!IsLoopback(absl::GetFlag(FLAGS_grpc_listen))) {
    return absl::InvalidArgumentError("--insecure_loopback needs a loopback address in --grpc_listen");
  }
  return grpc::InsecureServerCredentials();
}

// Read at every scrape, since the files change under us. One that cannot be read counts as long expired.
void NoteCertificateExpiry() {
  if (absl::GetFlag(FLAGS_insecure_loopback)) return;
  const auto note = [](const std::string& label, const std::string& file) {
    telemetry::Gauge("masthead_tls_certificate_expiry_timestamp_seconds", "When the certificate in a file ends.",
                     {{"file", label}})
        .Set(absl::ToDoubleSeconds(auth::CertificateExpiry(file).value_or(absl::UnixEpoch()) - absl::UnixEpoch()));
  };
  note("certificate", absl::GetFlag(FLAGS_tls_certificate_file));
  note("authority", absl::GetFlag(FLAGS_tls_ca_file));
}

absl::StatusOr<std::unique_ptr<http::Listener>> ServeMetrics() {
  return http::Listener::Start(absl::GetFlag(FLAGS_http_listen), {{"/metrics", [](const http::Request&) {
                                                                     NoteCertificateExpiry();
                                                                     return http::Response{
                                                                         .content_type = "text/plain; version=0.0.4",
                                                                         .body = telemetry::RenderMetrics()};
                                                                   }}});
}

absl::StatusOr<rpc::CallLog> LoggedCalls() {
  const std::string wanted = absl::GetFlag(FLAGS_log_calls);
  if (wanted == "none") return rpc::CallLog::kNone;
  if (wanted == "faults") return rpc::CallLog::kFaults;
  if (wanted == "all") return rpc::CallLog::kAll;
  return absl::InvalidArgumentError("--log_calls must be none, faults or all");
}

// The schema is checked until it is there once: it never goes back.
class Readiness {
 public:
  Readiness(db::Database& database, absl::Span<const db::Migration> schema, Parts& parts)
      : database_(database), schema_(schema), parts_(parts) {}

  absl::Status operator()() {
    RETURN_IF_ERROR(database_.Ping(kPingPatience));
    if (!schema_seen_) {
      RETURN_IF_ERROR(db::CheckSchema(database_, schema_));
      schema_seen_ = true;
    }
    return parts_.Ready();
  }

 private:
  db::Database& database_;
  const absl::Span<const db::Migration> schema_;
  Parts& parts_;
  bool schema_seen_ = false;
};

absl::Status Serve(db::Database& database, const Definition& definition) {
  if (absl::GetFlag(FLAGS_audit_retention) < idempotency::kLeastAuditRetention) {
    return absl::InvalidArgumentError("--audit_retention must be 720h or more");
  }
  ASSIGN_OR_RETURN(crypto::MacKey mac_key, ReadMacKey());
  Process process(database, std::move(mac_key));
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials, ServerCredentials());
  ASSIGN_OR_RETURN(const std::unique_ptr<auth::KeySet> keys, definition.keys(process));
  const auth::Authenticator authenticator(*keys, process.clock());
  ASSIGN_OR_RETURN(const std::unique_ptr<Parts> parts, definition.build(process));
  ASSIGN_OR_RETURN(const std::unique_ptr<http::Listener> metrics, ServeMetrics());
  ASSIGN_OR_RETURN(const rpc::CallLog log_calls, LoggedCalls());

  rpc::Server server({.listen = absl::GetFlag(FLAGS_grpc_listen),
                      .health_listen = absl::GetFlag(FLAGS_health_listen),
                      .reflection = absl::GetFlag(FLAGS_reflection),
                      .executor_threads = absl::GetFlag(FLAGS_executor_threads),
                      .max_queued_calls = static_cast<size_t>(absl::GetFlag(FLAGS_max_queued_calls)),
                      .log_calls = log_calls,
                      .lame_duck_quiet = absl::GetFlag(FLAGS_lame_duck_quiet),
                      .drain_timeout = absl::GetFlag(FLAGS_drain_timeout)},
                     authenticator, credentials, Readiness(process.database(), definition.schema, *parts));
  for (const rpc::Service* service : parts->services()) server.Add(*service);
  RETURN_IF_ERROR(server.Start());
  const absl::Duration audit_kept = absl::GetFlag(FLAGS_audit_retention);
  Maintenance maintenance(process.database(), audit_kept,
                          [&](const Scope& scope) { return parts->ClearAway(scope, audit_kept); });
  maintenance.Start();
  parts->StartWorkers();
  rpc::WaitForStopSignal();
  parts->StopWorkers();
  maintenance.Stop();
  server.Drain();
  return absl::OkStatus();
}

int Run(const Definition& definition, const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "serve" : arguments.front();
  const bool known = command == "serve" || command == "migrate" || definition.commands.contains(command);
  if (!known) {
    telemetry::Error("no such command", {{"command", command}});
    return 2;
  }
  const absl::StatusOr<std::string> dsn = config::ReadSecretFile(absl::GetFlag(FLAGS_database_dsn_file));
  if (!dsn.ok()) {
    telemetry::Error("cannot start", {{"why", std::string(dsn.status().message())}});
    return 1;
  }
  db::Database database({.dsn = *dsn,
                         .max_connections = absl::GetFlag(FLAGS_database_connections),
                         .application_name = absl::StrCat("masthead-", definition.name)});
  if (const auto own = definition.commands.find(command); own != definition.commands.end()) {
    return own->second(database, {arguments.begin() + 1, arguments.end()});
  }
  const absl::Status status = command == "migrate" ? db::Migrate(*dsn, definition.schema) : Serve(database, definition);
  if (status.ok()) return 0;
  telemetry::Error(absl::StrCat(command, " failed"), {{"why", std::string(status.message())}});
  return 1;
}

}  // namespace

int Main(int argc, char** argv, const Definition& definition) {
  // Debian's Abseil is built with deadlock detection, a global lock that costs each mutex of gRPC three times its
  // price.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::signal(SIGPIPE, SIG_IGN);
  rpc::BlockStopSignals();
  return Run(definition, config::Parse(argc, argv));
}

}  // namespace masthead::service
