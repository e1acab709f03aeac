#include "services/memberships/books/invoice_draft.h"

#include <algorithm>
#include <numeric>

#include "services/memberships/billing/amounts.h"

namespace masthead::memberships {
namespace {

// Credits get none of a discount.
void ShareDiscount(int64_t discount, std::vector<InvoiceLine>& lines) {
  std::vector<int64_t> weights;
  for (const InvoiceLine& line : lines) weights.push_back(std::max<int64_t>(line.amount, 0));
  const int64_t most = std::accumulate(weights.begin(), weights.end(), int64_t{0});
  const std::vector<int64_t> shares = Allocate(AmountOff(most, discount), weights);
  for (size_t i = 0; i < lines.size(); ++i) lines[i].discount = shares[i];
}

// Where charges and credits meet there are no shares of a whole: each line then takes what the tax on the lines so far
// rises by, which sums up to the tax on all of them just as well.
void ShareTax(int64_t basis_points, std::vector<InvoiceLine>& lines) {
  std::vector<int64_t> nets;
  for (const InvoiceLine& line : lines) nets.push_back(line.amount - line.discount);
  std::vector<int64_t> shares;
  if (std::all_of(nets.begin(), nets.end(), [](int64_t net) { return net >= 0; })) {
    shares = TaxOn(nets, basis_points).lines;
  } else {
    int64_t net_so_far = 0;
    int64_t tax_so_far = 0;
    for (int64_t net : nets) {
      net_so_far += net;
      shares.push_back(Scale(net_so_far, basis_points, kBasisPoints) - tax_so_far);
      tax_so_far += shares.back();
    }
  }
  for (size_t i = 0; i < lines.size(); ++i) lines[i].tax = shares[i];
}

// What the lines are for: a recurring donation is billed by the cycle, and is a donation all the same.
Account RevenueOf(const std::vector<InvoiceLine>& lines) {
  if (lines.empty()) return Account::kRevenueSubscription;
  switch (lines.front().kind) {
    case InvoiceLine::Kind::kGift:
      return Account::kRevenueGift;
    case InvoiceLine::Kind::kDonation:
      return Account::kRevenueDonation;
    case InvoiceLine::Kind::kPeriod:
    case InvoiceLine::Kind::kProrationCredit:
    case InvoiceLine::Kind::kProrationCharge:
      return Account::kRevenueSubscription;
  }
  return Account::kRevenueSubscription;
}

}  // namespace

PricedDraft PriceDraft(const InvoiceDraft& draft) {
  PricedDraft priced;
  Invoice& invoice = priced.invoice;
  invoice.member_id = draft.member_id;
  invoice.subscription_id = draft.subscription_id;
  invoice.checkout_id = draft.checkout_id;
  invoice.kind = draft.kind;
  invoice.period_index = draft.period_index;
  invoice.currency = draft.currency;
  invoice.revenue_account = RevenueOf(draft.lines);
  invoice.lines = draft.lines;
  ShareDiscount(draft.discount, invoice.lines);
  ShareTax(draft.tax_basis_points, invoice.lines);
  for (const InvoiceLine& line : invoice.lines) {
    invoice.subtotal += line.amount;
    invoice.discount += line.discount;
    invoice.tax += line.tax;
  }
  const int64_t sum = invoice.subtotal - invoice.discount + invoice.tax;
  invoice.total = std::max<int64_t>(sum, 0);
  priced.overhang = invoice.overhang();
  invoice.period_start_time = draft.period_start_time;
  invoice.period_end_time = draft.period_end_time;
  invoice.due_time = draft.due_time;
  return priced;
}

}  // namespace masthead::memberships
