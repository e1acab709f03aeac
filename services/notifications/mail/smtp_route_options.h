// How one smarthost is reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace masthead::notifications::mail {

enum class SmtpTls {
  kNone,           // For loopback and closed networks.
  kOpportunistic,  // Encrypts if it is offered, whoever answers: against listeners, not against impostors.
  kRequired,       // STARTTLS, a certificate that verifies for `tls_name`, TLS 1.2 or later; otherwise nothing is sent.
};

// RFC 5321 section 4.5.3.2 in shape, shorter where waiting only costs. Each counts from the last progress.
struct SmtpTimeouts {
  absl::Duration connect = absl::Seconds(20);
  absl::Duration banner = absl::Seconds(30);
  absl::Duration command = absl::Seconds(60);
  absl::Duration data_block = absl::Seconds(60);  // While the server takes no bytes of a message.
  // Cutting this short makes uncertain what the server would have accepted.
  absl::Duration final_dot = absl::Seconds(60);
};

struct SmtpRouteOptions {
  std::string host;  // A name or an address.
  uint16_t port = 25;
  std::string ehlo_name = "localhost";  // A host name or an address literal in brackets.
  SmtpTls tls = SmtpTls::kRequired;
  std::string tls_name;     // What the certificate must be for; empty: `host`.
  std::string tls_ca_file;  // PEM; empty: the system's authorities.
  std::string user;         // Empty: the server knows us otherwise. Said over TLS only.
  std::string password;
  size_t max_connections = 8;
  size_t max_messages_per_connection = 1000;
  bool pipelining = true;  // Where it is offered; off for a server that offers it and cannot do it.
  absl::Duration idle_timeout = absl::Seconds(30);  // A connection unused for so long is closed, not used again.
  SmtpTimeouts timeouts;
};

}  // namespace masthead::notifications::mail
