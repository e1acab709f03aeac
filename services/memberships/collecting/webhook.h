// Providers' events as they come over HTTP: `POST /v1/paymentProviders/{provider}/events`, raw and signed.
//
// 200 for whatever needs no repetition, duplicates and events about what is not here yet among it. 400 and 404 for what
// is not ours to take, 413 above 256 KiB, 503 for what should be sent again.
#pragma once

#include "common/http/listener.h"
#include "services/memberships/collecting/inbox.h"

namespace masthead::memberships {

inline constexpr char kWebhookPath[] = "/v1/paymentProviders/";
inline constexpr size_t kMaxEventBytes = 256 << 10;

// `inbox` outlives the handler.
http::Handler WebhookHandler(Inbox& inbox);

}  // namespace masthead::memberships
