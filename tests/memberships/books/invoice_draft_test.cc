#include "services/memberships/books/invoice_draft.h"

#include <numeric>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/billing/amounts.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;

InvoiceDraft DraftOf(std::vector<int64_t> amounts) {
  InvoiceDraft draft;
  draft.currency = "EUR";
  for (int64_t amount : amounts) {
    draft.lines.push_back({.kind = amount < 0 ? InvoiceLine::Kind::kProrationCredit : InvoiceLine::Kind::kPeriod,
                           .description = "",
                           .amount = amount,
                           .start_time = std::nullopt,
                           .end_time = std::nullopt});
  }
  return draft;
}

std::vector<int64_t> Taxes(const Invoice& invoice) {
  std::vector<int64_t> taxes;
  for (const InvoiceLine& line : invoice.lines) taxes.push_back(line.tax);
  return taxes;
}

std::vector<int64_t> Discounts(const Invoice& invoice) {
  std::vector<int64_t> discounts;
  for (const InvoiceLine& line : invoice.lines) discounts.push_back(line.discount);
  return discounts;
}

TEST(InvoiceDraft, TaxIsRoundedOnceForTheWholeAndThenSharedOut) {
  InvoiceDraft draft = DraftOf({6833, 6833, 5750, 8500});
  draft.tax_basis_points = 2000;

  const Invoice invoice = PriceDraft(draft).invoice;

  EXPECT_EQ(invoice.total, 33499);
  EXPECT_EQ(invoice.tax, 5583);
  EXPECT_THAT(Taxes(invoice), ElementsAre(1367, 1366, 1150, 1700));
}

TEST(InvoiceDraft, ADiscountIsSharedOutByWhatTheLinesCost) {
  InvoiceDraft draft = DraftOf({333, 333, 334});
  draft.discount = 500;

  const Invoice invoice = PriceDraft(draft).invoice;

  EXPECT_THAT(Discounts(invoice), ElementsAre(167, 166, 167));
  EXPECT_EQ(invoice.total, 500);
}

TEST(InvoiceDraft, ADiscountTakesNoMoreThanThereIs) {
  InvoiceDraft draft = DraftOf({300});
  draft.discount = 1000;
  draft.tax_basis_points = 2000;

  const PricedDraft priced = PriceDraft(draft);

  EXPECT_EQ(priced.invoice.discount, 300);
  EXPECT_EQ(priced.invoice.total, 0);
  EXPECT_EQ(priced.overhang, 0);
}

TEST(InvoiceDraft, WhatCreditsExceedChargesByIsTheMembersToKeep) {
  InvoiceDraft draft = DraftOf({-667, 333});
  draft.tax_basis_points = 2000;

  const PricedDraft priced = PriceDraft(draft);

  EXPECT_EQ(priced.invoice.total, 0);
  EXPECT_EQ(priced.overhang, 334 + 67) << "with the tax that was paid on it";
  EXPECT_EQ(priced.invoice.tax, -67);
}

TEST(InvoiceDraft, ACreditGetsNoneOfADiscount) {
  InvoiceDraft draft = DraftOf({-250, 500});
  draft.discount = 100;

  const Invoice invoice = PriceDraft(draft).invoice;

  EXPECT_THAT(Discounts(invoice), ElementsAre(0, 100));
  EXPECT_EQ(invoice.total, 150);
}

TEST(InvoiceDraft, AgreesWithThePublishedDiscounts) {
  const auto vectors = PublishedVectors("discounts");
  SKIP_WITHOUT_VECTORS(vectors);
  for (const auto& row : *vectors) {
    InvoiceDraft draft = DraftOf({row.at("amount").get<int64_t>()});
    draft.discount = PercentOff(row.at("amount").get<int64_t>(), row.at("percent").get<int64_t>() * 100);
    const Invoice invoice = PriceDraft(draft).invoice;
    EXPECT_EQ(invoice.discount, row.at("discount").get<int64_t>()) << row;
    EXPECT_EQ(invoice.total, row.at("due").get<int64_t>()) << row;
  }
}

// The law: lines sum up to the invoice, whatever is on them.
TEST(InvoiceDraft, LinesSumUpToTheWhole) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1000; ++round) {
    std::vector<int64_t> amounts(1 + random() % 5);
    for (int64_t& amount : amounts) amount = static_cast<int64_t>(random() % 20'000) - (random() % 3 == 0 ? 15'000 : 0);
    InvoiceDraft draft = DraftOf(amounts);
    draft.discount = static_cast<int64_t>(random() % 5'000);
    draft.tax_basis_points = static_cast<int64_t>(random() % 3'000);

    const PricedDraft priced = PriceDraft(draft);

    const std::vector<int64_t> taxes = Taxes(priced.invoice);
    const std::vector<int64_t> discounts = Discounts(priced.invoice);
    EXPECT_EQ(std::accumulate(taxes.begin(), taxes.end(), int64_t{0}), priced.invoice.tax);
    EXPECT_EQ(std::accumulate(discounts.begin(), discounts.end(), int64_t{0}), priced.invoice.discount);
    const int64_t net = priced.invoice.subtotal - priced.invoice.discount;
    EXPECT_EQ(priced.invoice.tax, Scale(net, draft.tax_basis_points, kBasisPoints));
    EXPECT_EQ(priced.invoice.total - priced.overhang, net + priced.invoice.tax);
    EXPECT_TRUE(priced.invoice.total == 0 || priced.overhang == 0);
  }
}

}  // namespace
}  // namespace masthead::memberships
