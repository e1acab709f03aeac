// Ledgerpay's page, where a buyer pays: plain HTML, for every browser and screen reader, without scripts.
//
// GET shows it and changes nothing. POST pays, with the token that the page was shown with: who only guesses or lures
// has neither the page's address nor that.
#pragma once

#include "common/http/listener.h"
#include "services/memberships/payments/ledgerpay/ledgerpay.h"

namespace masthead::memberships::ledgerpay {

// For the paths below kPagePath. `ledgerpay` outlives the handler.
http::Handler HostedPageHandler(Ledgerpay& ledgerpay);

}  // namespace masthead::memberships::ledgerpay
