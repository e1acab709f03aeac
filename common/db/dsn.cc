#include "common/db/dsn.h"

#include <libpq-fe.h>

#include <map>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"

namespace masthead::db {
namespace {

using Options = std::map<std::string, std::string>;

absl::StatusOr<Options> Parse(absl::string_view dsn) {
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
      PQconninfoParse(std::string(dsn).c_str(), &error), PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> error_owner(error, PQfreemem);
  // libpq's message may quote the string, and with it a password.
  if (parsed == nullptr) return absl::InvalidArgumentError("the database connection string cannot be parsed");
  Options options;
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) options[option->keyword] = option->val;
  }
  return options;
}

std::string Compose(const Options& options) {
  std::string dsn;
  for (const auto& [keyword, value] : options) {
    absl::StrAppend(&dsn, dsn.empty() ? "" : " ", keyword, "='");
    for (const char c : value) {
      if (c == '\'' || c == '\\') dsn += '\\';
      dsn += c;
    }
    dsn += '\'';
  }
  return dsn;
}

std::vector<std::string> List(const Options& options, const std::string& keyword) {
  const auto found = options.find(keyword);
  if (found == options.end()) return {};
  return absl::StrSplit(found->second, ',');
}

bool IsThisHost(absl::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" || host == "::1" ||
         absl::StartsWith(host, "127.");
}

bool StaysOnThisHost(const Options& options) {
  // Where both are given libpq connects to hostaddr.
  const std::vector<std::string> addresses = List(options, options.contains("hostaddr") ? "hostaddr" : "host");
  return absl::c_all_of(addresses, IsThisHost);
}

absl::Status Weaker(absl::string_view keyword, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("the database connection string's ", keyword, " ", why));
}

// Sets `keyword` if it is missing; else checks that it is a number from 1 to `max`.
absl::Status Bound(Options& options, const std::string& keyword, int value, int max) {
  const auto [entry, added] = options.try_emplace(keyword, absl::StrCat(value));
  int asked = 0;
  if (added || (absl::SimpleAtoi(entry->second, &asked) && asked >= 1 && asked <= max)) return absl::OkStatus();
  return Weaker(keyword, absl::StrCat("must be from 1 to ", max));
}

absl::Status HardenTransport(Options& options) {
  if (StaysOnThisHost(options)) return absl::OkStatus();
  const std::string& mode = options.try_emplace("sslmode", "verify-full").first->second;
  if (mode == "verify-full" || mode == "verify-ca" || mode == "require") return absl::OkStatus();
  return Weaker("sslmode", "must be verify-full (or verify-ca, require) for another host");
}

}  // namespace

absl::StatusOr<std::string> HardenDsn(absl::string_view dsn, absl::string_view application_name) {
  ASSIGN_OR_RETURN(Options options, Parse(dsn));
  RETURN_IF_ERROR(Bound(options, "connect_timeout", 3, 10));         // Seconds.
  RETURN_IF_ERROR(Bound(options, "tcp_user_timeout", 3000, 10000));  // Milliseconds.
  RETURN_IF_ERROR(Bound(options, "keepalives", 1, 1));
  RETURN_IF_ERROR(Bound(options, "keepalives_idle", 2, 10));
  RETURN_IF_ERROR(Bound(options, "keepalives_interval", 1, 10));
  RETURN_IF_ERROR(Bound(options, "keepalives_count", 2, 10));
  const std::string& session = options.try_emplace("target_session_attrs", "read-write").first->second;
  if (session != "read-write" && session != "primary")
    return Weaker("target_session_attrs", "must be read-write or primary");
  RETURN_IF_ERROR(HardenTransport(options));
  options.try_emplace("application_name", application_name);
  return Compose(options);
}

std::vector<std::string> SplitHosts(absl::string_view dsn) {
  const absl::StatusOr<Options> options = Parse(dsn);
  if (!options.ok()) return {std::string(dsn)};
  const std::vector<std::string> hosts = List(*options, "host");
  const std::vector<std::string> addresses = List(*options, "hostaddr");
  const std::vector<std::string> ports = List(*options, "port");
  const size_t count = std::max(hosts.size(), addresses.size());
  if (count <= 1) return {std::string(dsn)};

  std::vector<std::string> dsns;
  for (size_t i = 0; i < count; ++i) {
    Options one = *options;
    if (i < hosts.size()) one["host"] = hosts[i];
    if (i < addresses.size()) one["hostaddr"] = addresses[i];
    if (!ports.empty()) one["port"] = ports[ports.size() == 1 ? 0 : i % ports.size()];
    dsns.push_back(Compose(one));
  }
  return dsns;
}

}  // namespace masthead::db
