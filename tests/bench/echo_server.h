// The least that a gRPC server can do, to hold calls against.
#pragma once

namespace masthead::bench {

inline constexpr char kEchoMethod[] = "/masthead.bench.Echo/Read";

// Bytes in, the same `response_bytes` out each time, through a bare raw callback; until the parent lets go. Plain text
// on loopback. For a ServerProcess.
int ServeEcho(int response_bytes);

}  // namespace masthead::bench
