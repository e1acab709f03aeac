#include "services/memberships/books/checkout_draft.h"

namespace masthead::memberships {
namespace {

Invoice::Kind InvoiceKindOf(Checkout::Kind kind) {
  switch (kind) {
    case Checkout::Kind::kGift:
      return Invoice::Kind::kGift;
    case Checkout::Kind::kDonation:
      return Invoice::Kind::kDonation;
    case Checkout::Kind::kSubscription:
    case Checkout::Kind::kPaymentMethod:
      return Invoice::Kind::kManual;
  }
  return Invoice::Kind::kManual;
}

InvoiceLine::Kind LineKindOf(Checkout::Kind kind) {
  switch (kind) {
    case Checkout::Kind::kGift:
      return InvoiceLine::Kind::kGift;
    case Checkout::Kind::kDonation:
      return InvoiceLine::Kind::kDonation;
    case Checkout::Kind::kSubscription:
    case Checkout::Kind::kPaymentMethod:
      return InvoiceLine::Kind::kPeriod;
  }
  return InvoiceLine::Kind::kPeriod;
}

}  // namespace

InvoiceDraft DraftOf(const Checkout& checkout, const Price& price, const Offer* offer, absl::Time now) {
  const int32_t quantity = checkout.seats * checkout.quantity;
  const int64_t amount = checkout.unit_amount * quantity;
  InvoiceDraft draft;
  draft.member_id = checkout.member_id;
  draft.subscription_id = checkout.subscription_id;
  draft.checkout_id = checkout.id;
  draft.kind = InvoiceKindOf(checkout.kind);
  draft.currency = price.money.currency;
  draft.lines.push_back({.kind = LineKindOf(checkout.kind),
                         .description = price.display_name,
                         .quantity = quantity,
                         .amount = amount,
                         .start_time = std::nullopt,
                         .end_time = std::nullopt});
  draft.discount = offer == nullptr ? 0 : DiscountOf(*offer, amount);
  draft.tax_basis_points = price.tax_basis_points;
  draft.due_time = now;
  return draft;
}

}  // namespace masthead::memberships
