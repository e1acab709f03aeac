// What the pages for readers have in common: they are looked at by people, and by programs that mean no good.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/http/listener.h"
#include "common/rpc/call.h"

namespace masthead::notifications {

inline constexpr absl::Duration kPagePatience = absl::Seconds(10);

std::string EscapeHtml(absl::string_view text);

// A page with a title, a paragraph and a form or nothing, all of them HTML. It is not cached, framed, indexed or given
// any script.
http::Response HtmlPage(absl::string_view language, absl::string_view title, absl::string_view text,
                        absl::string_view form);

// 404 for what Masthead did not make, 503 for what may work in a moment.
http::Response Refusal(const absl::Status& status);

// The call as if it had come as an RPC from nobody in particular. `method` is its full name, of static storage.
rpc::Call AnonymousCall(const char* method);

}  // namespace masthead::notifications
