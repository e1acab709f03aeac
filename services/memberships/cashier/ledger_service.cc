#include "services/memberships/cashier/ledger_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/filter/filter.h"
#include "services/memberships/books/ledger_store.h"
#include "services/memberships/cashier/ledger_proto.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

std::optional<int64_t> NumberIn(const std::vector<std::string>& keyset) {
  int64_t number = 0;
  if (keyset.size() != 1 || !absl::SimpleAtoi(keyset[0], &number)) return std::nullopt;
  return number;
}

}  // namespace

LedgerService::LedgerService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.ledger.page")) {}

void LedgerService::Register(rpc::Service& service) {
  service.Unary("ListLedgerTransactions", this, &LedgerService::List);
  service.Unary("GetMemberCredit", this, &LedgerService::GetCredit);
}

absl::StatusOr<v1::ListLedgerTransactionsResponse> LedgerService::List(
    const Call& call, const v1::ListLedgerTransactionsRequest& request) {
  ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), LedgerFields()));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<LedgerTransaction> transactions,
                   database_.Read(call.scope, [&](db::Transaction& tx) {
                     return LoadLedger(tx, filter, NumberIn(after), page_size + 1);
                   }));
  v1::ListLedgerTransactionsResponse response;
  for (const LedgerTransaction& transaction : transactions) {
    if (response.ledger_transactions_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(transactions[page_size - 1].number)}));
      break;
    }
    *response.add_ledger_transactions() = ToProto(transaction);
  }
  return response;
}

absl::StatusOr<v1::MemberCredit> LedgerService::GetCredit(const Call& call, const v1::GetMemberCreditRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("name", request.name(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) {
    v1::MemberCredit credit;
    credit.set_member(MemberName(member_id));
    for (const Money& money : MemberCredits(tx, member_id)) {
      v1::Money& balance = *credit.add_balances();
      balance.set_currency_code(money.currency);
      balance.set_minor_units(money.amount);
    }
    return credit;
  });
}

}  // namespace masthead::memberships
