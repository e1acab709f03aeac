// BillingService: invoices, and what is paid for them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/billing_service.pb.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class InvoicesService {
 public:
  // All arguments outlive this.
  InvoicesService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                  const Providers& providers);

  // Binds the RPCs of BillingService that are about invoices.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Invoice> Get(const Call& call, const v1::GetInvoiceRequest& request);
  absl::StatusOr<v1::ListInvoicesResponse> List(const Call& call, const v1::ListInvoicesRequest& request);
  absl::StatusOr<v1::Payment> Collect(const Call& call, const v1::CollectInvoiceRequest& request);
  absl::StatusOr<v1::Invoice> Void(const Call& call, const v1::VoidInvoiceRequest& request);
  absl::StatusOr<v1::Payment> RecordManual(const Call& call, const v1::RecordManualPaymentRequest& request);

  // Takes a payment to the provider that nobody took there yet, and tells what became of it.
  absl::StatusOr<v1::Payment> Charged(const Call& call, const std::string& payment_id);

  db::Database& database_;
  events::Feed& feed_;
  const Providers& providers_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships
