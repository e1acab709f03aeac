#include "common/db/failure.h"

#include <atomic>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/crypto/mac.h"
#include "common/db/types.h"
#include "common/telemetry/log.h"
#include "pqxx/pqxx"

namespace masthead::db {
namespace {

absl::Status Common(absl::StatusCode code, absl::string_view message, const std::string& reason) {
  return MakeError(code, message, {.domain = kCommonErrorDomain, .reason = reason});
}

absl::Status ConflictStatus() {
  return WithRetry(
      Common(absl::StatusCode::kAborted, "another transaction holds or changed the same data; try again", "CONFLICT"),
      absl::Milliseconds(100));
}

// The first line, and not even that of an error about data (class 22), which quotes it.
std::string Loggable(const std::string& message, absl::string_view sqlstate) {
  if (absl::StartsWith(sqlstate, "22")) return "";
  return std::string(absl::StripAsciiWhitespace(*absl::StrSplit(message, '\n').begin()));
}

std::string OneLine(const char* sql) {
  std::string line = sql != nullptr ? sql : "";
  absl::RemoveExtraAsciiWhitespace(&line);
  return line.substr(0, 300);
}

absl::Status InternalStatus(const std::string& message, const std::string& sqlstate, const FailureContext& context) {
  const std::string incident = absl::BytesToHexString(crypto::RandomBytes(8));
  telemetry::Error("database error", {{"incident", incident},
                                      {"sqlstate", sqlstate},
                                      {"postgres", Loggable(message, sqlstate)},
                                      {"sql", OneLine(context.sql)}});
  return MakeError(absl::StatusCode::kInternal, absl::StrCat("internal error; incident ", incident),
                   {.domain = kCommonErrorDomain, .reason = "INTERNAL_ERROR", .metadata = {{"incident", incident}}});
}

absl::Status BadTextStatus(absl::string_view what, const FailureContext& context) {
  telemetry::Warning("a text that cannot be stored passed validation",
                     {{"what", std::string(what)}, {"sql", OneLine(context.sql)}});
  return Common(absl::StatusCode::kInvalidArgument, absl::StrCat("a text of the request ", what), "INVALID_FIELD");
}

Failure Broken(absl::string_view why, const FailureContext& context) {
  if (context.cut) return {.status = context.cancelled ? CancelledStatus() : DeadlineStatus()};
  return {.status = UnavailableStatus(why), .repeat = true, .broken = true};
}

bool IsGoingAway(absl::string_view sqlstate) {
  return absl::StartsWith(sqlstate, "08") ||  // Connection exceptions.
         sqlstate == "57P01" ||               // admin_shutdown
         sqlstate == "57P02" ||               // crash_shutdown
         sqlstate == "57P03" ||               // cannot_connect_now
         sqlstate == "57P05" ||               // idle_session_timeout
         sqlstate == "25P03" ||               // idle_in_transaction_session_timeout
         sqlstate == "53300";                 // too_many_connections
}

Failure ExplainSql(const pqxx::sql_error& e, const FailureContext& context) {
  const std::string& sqlstate = e.sqlstate();
  if (sqlstate == "40001" || sqlstate == "40P01") return {.status = ConflictStatus(), .repeat = true};
  if (sqlstate == "55P03") return {.status = ConflictStatus()};
  if (sqlstate == "57014") return {.status = DeadlineStatus()};
  if (IsGoingAway(sqlstate)) return Broken(Loggable(e.what(), sqlstate), context);
  // The primary became a standby under us. In a transaction that we made read-only it is a bug of the body.
  if (sqlstate == "25006" && !context.read_only) return Broken("the database is read-only", context);
  // Disk full, out of memory: nothing is to be gained at once.
  if (absl::StartsWith(sqlstate, "53")) return {.status = UnavailableStatus(Loggable(e.what(), sqlstate))};
  // A migration changed what a statement returns; a new session prepares it anew.
  if (sqlstate == "0A000" && absl::StrContains(e.what(), "cached plan")) {
    return Broken("a statement's result changed", context);
  }
  if (sqlstate == "22021" || sqlstate == "22P05") return {.status = BadTextStatus("is not valid UTF-8", context)};
  return {.status = InternalStatus(e.what(), sqlstate, context)};
}

}  // namespace

// The order matters: statement_completion_unknown is a transaction_rollback; a serialization_failure is no sql_error.
Failure ExplainCurrentException(const FailureContext& context) try { throw; } catch (const pqxx::in_doubt_error&) {
  return Broken("the answer to a commit was lost", context);
} catch (const pqxx::statement_completion_unknown&) {
  return Broken("the outcome of a statement is unknown", context);
} catch (const pqxx::transaction_rollback&) {
  return {.status = ConflictStatus(), .repeat = true};
} catch (const pqxx::broken_connection& e) {
  return Broken(Loggable(e.what(), ""), context);
} catch (const pqxx::sql_error& e) {
  return ExplainSql(e, context);
} catch (const TextWithNul&) {
  return {.status = BadTextStatus("holds U+0000", context)};
} catch (const pqxx::conversion_error&) {
  return {.status = InternalStatus("a value cannot be converted", "", context)};  // what() quotes it.
} catch (const pqxx::pqxx_exception& e) {
  // Misuse of libpqxx: ours.
  return {.status = InternalStatus(e.base().what(), "", context)};
}

absl::Status CancelledStatus() { return absl::CancelledError("the call was cancelled"); }

absl::Status DeadlineStatus() {
  return Common(absl::StatusCode::kDeadlineExceeded, "the call's deadline passed", "DEADLINE_PASSED");
}

absl::Status BusyStatus() {
  return WithRetry(Common(absl::StatusCode::kUnavailable, "the server is busy; try again", "SERVER_BUSY"),
                   absl::Milliseconds(250));
}

absl::Status UnavailableStatus(absl::string_view why) {
  static std::atomic<int64_t> last_logged_second = 0;
  const int64_t second = absl::ToUnixSeconds(absl::Now());
  if (last_logged_second.exchange(second, std::memory_order_relaxed) != second) {
    telemetry::Warning("database unavailable", {{"why", std::string(why)}});
  }
  return WithRetry(
      Common(absl::StatusCode::kUnavailable, "the database cannot be reached; try again", "DATABASE_UNAVAILABLE"),
      absl::Seconds(1));
}

}  // namespace masthead::db
