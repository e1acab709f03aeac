#include "services/memberships/stats/exports_service.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"
#include "services/memberships/stats/export_store.h"

namespace masthead::memberships {
namespace {

std::vector<std::string> Keyset(const ExportPosition& position) {
  return {absl::StrCat(absl::ToUnixMicros(position.time)), absl::StrCat(position.sequence)};
}

ExportPosition PositionOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  int64_t sequence = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros) || !absl::SimpleAtoi(keyset[1], &sequence)) return {};
  return {absl::FromUnixMicros(micros), sequence};
}

std::string ChildName(absl::string_view member_id, absl::string_view collection, absl::string_view id) {
  return id.empty() ? "" : absl::StrCat(MemberName(member_id), "/", collection, "/", id);
}

v1::ExportedSubscriptionChange ToProto(const SubscriptionChangeRow& row) {
  v1::ExportedSubscriptionChange proto;
  proto.set_sequence(row.sequence);
  proto.set_subscription(ChildName(row.member_id, "subscriptions", row.subscription_id));
  proto.set_event(row.event);
  proto.set_state_before(row.state_before);
  proto.set_state_after(row.state_after);
  proto.set_currency_code(row.currency);
  proto.set_annual_before(row.annual_before);
  proto.set_annual_after(row.annual_after);
  proto.set_reason(row.reason);
  *proto.mutable_change_time() = resource::ToTimestamp(row.change_time);
  return proto;
}

v1::ExportedLedgerTransaction ToProto(const LedgerTransactionRow& row) {
  v1::ExportedLedgerTransaction proto;
  proto.set_sequence(row.sequence);
  proto.set_kind(row.kind);
  proto.set_member(MemberName(row.member_id));
  proto.set_invoice(ChildName(row.member_id, "invoices", row.invoice_id));
  proto.set_payment(ChildName(row.member_id, "payments", row.payment_id));
  *proto.mutable_record_time() = resource::ToTimestamp(row.record_time);
  for (const LedgerEntryRow& entry : row.entries) {
    v1::ExportedLedgerEntry& line = *proto.add_entries();
    line.set_account(entry.account);
    if (!entry.provider.empty()) line.set_provider(absl::StrCat("paymentProviders/", entry.provider));
    line.mutable_amount()->set_currency_code(entry.currency);
    line.mutable_amount()->set_minor_units(entry.amount);
  }
  return proto;
}

ExportPosition PositionAt(const SubscriptionChangeRow& row) { return {row.change_time, row.sequence}; }
ExportPosition PositionAt(const LedgerTransactionRow& row) { return {row.record_time, row.sequence}; }

void Add(const SubscriptionChangeRow& row, v1::ExportSubscriptionChangesResponse& response) {
  *response.add_changes() = ToProto(row);
}
void Add(const LedgerTransactionRow& row, v1::ExportLedgerResponse& response) {
  *response.add_transactions() = ToProto(row);
}

// One export. Each page is a transaction of its own, so that no snapshot is held while a client reads slowly; rows
// never change, so that nothing is lost by it.
template <typename Response, typename Row>
class ExportStream final : public rpc::Stream<Response> {
 public:
  using Next = rpc::Next<Response>;
  using Load = std::vector<Row> (*)(db::Transaction& tx, const ExportPosition& after, int limit);
  using TokenFor = std::function<std::string(const ExportPosition& position)>;

  ExportStream(db::Database& database, Load load, TokenFor token_for, ExportPosition after, int page_size)
      : database_(database), load_(load), token_for_(std::move(token_for)), after_(after), page_size_(page_size) {}

  absl::StatusOr<Next> Ask(const Scope& scope) override {
    if (ended_) return Next::End();
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     database_.Read(scope, [&](db::Transaction& tx) { return load_(tx, after_, page_size_); }));
    if (rows.empty()) return Next::End();
    ended_ = rows.size() < static_cast<size_t>(page_size_);
    after_ = PositionAt(rows.back());
    Response response;
    for (const Row& row : rows) Add(row, response);
    response.set_next_page_token(token_for_(after_));
    return Next::Message(std::move(response));
  }

 private:
  db::Database& database_;
  const Load load_;
  const TokenFor token_for_;
  ExportPosition after_;
  const int page_size_;
  bool ended_ = false;
};

template <typename Response, typename Row, typename Request>
absl::StatusOr<std::unique_ptr<rpc::Stream<Response>>> Open(
    db::Database& database, const paging::PageTokens& page_tokens, const rpc::Call& call, const Request& request,
    std::vector<Row> (*load)(db::Transaction& tx, const ExportPosition& after, int limit)) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 500, 1000));
  const std::string principal = call.caller->principal();
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens.Read(principal, request));
  return std::make_unique<ExportStream<Response, Row>>(
      database, load,
      [&page_tokens, principal, request](const ExportPosition& position) {
        return page_tokens.Make(principal, request, Keyset(position));
      },
      PositionOf(after), page_size);
}

}  // namespace

ExportsService::ExportsService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.exports.page")) {}

void ExportsService::Register(rpc::Service& stats_service) {
  stats_service.ServerStream("ExportSubscriptionChanges", this, &ExportsService::ExportChanges);
  stats_service.ServerStream("ExportLedger", this, &ExportsService::ExportLedger);
}

ExportsService::Stream<v1::ExportSubscriptionChangesResponse> ExportsService::ExportChanges(
    const rpc::Call& call, const v1::ExportSubscriptionChangesRequest& request) {
  return Open<v1::ExportSubscriptionChangesResponse>(database_, page_tokens_, call, request, &LoadSubscriptionChanges);
}

ExportsService::Stream<v1::ExportLedgerResponse> ExportsService::ExportLedger(const rpc::Call& call,
                                                                              const v1::ExportLedgerRequest& request) {
  return Open<v1::ExportLedgerResponse>(database_, page_tokens_, call, request, &LoadLedger);
}

}  // namespace masthead::memberships
